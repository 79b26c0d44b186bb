import { canonicalName, parseEcosystem } from '../../ecosystem.ts'
import { keyText, separator, textOfKey } from './row.ts'

/** Feeds of an index are told apart by one character at the end of each key: their position in its list. */
const firstFeed = 0x21

/** Most feeds in one index: their characters stay within one byte of a key. */
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

/** What keys of all entries of a package begin with; names are compared as their ecosystem compares them. */
export function packagePrefix(ecosystem: string, name: string): string {
  const { family, release } = parseEcosystem(ecosystem)
  const place = release === '' ? family : `${family}:${release}`
  return `${keyText(place)}${separator}${keyText(canonicalName(family, name))}${separator}`
}

/** What keys of all rows of an id begin with. */
export function idPrefix(id: string): string {
  return keyText(id) + separator
}

/** The parts of a key without the mark of its feed. */
export function partsOfKey(key: string): readonly string[] {
  return key.slice(0, -1).split(separator).map(textOfKey)
}
