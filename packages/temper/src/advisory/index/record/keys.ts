import { canonicalName, parseEcosystem } from '../../ecosystem.ts'
import { keyText, separator, textOfKey } from './row.ts'

/** Feeds of an index are told apart by one character at the end of each key: their position in its list. */
const firstFeed = 0x21

/** Limit on the feeds in one index, so that each fits into one byte of a key. */
export const feedLimit = 200

export function feedMark(position: number): string {
  return String.fromCharCode(firstFeed + position)
}

export function feedOfKey(key: string): number {
  return key.charCodeAt(key.length - 1) - firstFeed
}

/** The same key for another position in the list of feeds. */
export function withFeed(key: string, position: number): string {
  return key.slice(0, -1) + feedMark(position)
}

/** Prefix of the keys of all entries of a package; names are normalised as in their ecosystem. */
export function packagePrefix(ecosystem: string, name: string): string {
  const { family, release } = parseEcosystem(ecosystem)
  const place = release === '' ? family : `${family}:${release}`
  return `${keyText(place)}${separator}${keyText(canonicalName(family, name))}${separator}`
}

/** Prefix of the keys of all rows of an id. */
export function idPrefix(id: string): string {
  return keyText(id) + separator
}

/** The parts of a key without the mark of its feed. */
export function partsOfKey(key: string): readonly string[] {
  return key.slice(0, -1).split(separator).map(textOfKey)
}
