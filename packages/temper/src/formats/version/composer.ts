import { compareDigits, compareNumbers, isDigit, isDigits, type Order, type VersionOrder } from './order.ts'

/** The parts of a version as PHP's version_compare splits them: digits, or words. */
export interface ComposerVersion {
  readonly parts: readonly string[]
}

/**
 * PHP's version_compare, in which "#" stands for any number: it equals the end and every number, so that, as in PHP,
 * text with a "#" is not totally ordered; all other text is. A leading "v" is ignored, as in Composer.
 */
export const composerOrder: VersionOrder<ComposerVersion> = {
  parse: (text) => ({ parts: splitComposer(text.replace(/^[vV](?=[0-9])/, '')) }),
  compare: compareComposer,
  isVersion: ({ parts }) => isDigits(parts[0] ?? ''),
}

/**
 * The same for ranges, where Composer treats "2.0" and "2.0.0.0" as the same version: its VersionParser pads to four
 * numbers before comparing, drops "-stable" and build metadata, and places the branch "2.x-dev" after all of its
 * releases.
 */
export const composerRangeOrder: VersionOrder<ComposerVersion> = {
  ...composerOrder,
  parse: (text) => {
    const { parts } = composerOrder.parse(normalise(text))
    const firstWord = parts.findIndex((part) => !isDigits(part))
    const numbers = firstWord < 0 ? parts.length : firstWord
    if (numbers === 0) return { parts }
    const zeros = Array.from({ length: Math.max(0, 4 - numbers) }, () => '0')
    return { parts: [...parts.slice(0, numbers), ...zeros, ...parts.slice(numbers)] }
  },
}

/** No number of a real version is larger: Composer's own stand-in for "x". */
const branchEnd = '9999999'

function normalise(text: string): string {
  const bare = text
    .trim()
    .replace(/\s+as\s.*$/s, '')
    .replace(/@(?:stable|rc|beta|alpha|dev)$/i, '')
    .replace(/^([^,\s+]+)\+\S+$/, '$1')
    .replace(/^(v?\d[\d.]*)[._-]?stable$/i, '$1')
  const [, numbers] = /^v?(\d+(?:\.\d+){0,2})(?:\.[x*])+(?:-dev)?$/i.exec(bare) ?? []
  if (numbers === undefined) return bare
  const parts = numbers.split('.')
  return `${[...parts, ...Array.from({ length: 4 - parts.length }, () => branchEnd)].join('.')}-dev`
}

/** Cuts at separators and between digits and words. */
function splitComposer(text: string): readonly string[] {
  const parts: string[] = []
  let start = 0
  let last = 0
  for (let i = 0; i <= text.length; i++) {
    const kind = i < text.length ? kindOf(text.charCodeAt(i)) : 0
    if (kind === last && kind !== 0) continue
    if (last !== 0) parts.push(text.slice(start, i))
    start = i
    last = kind
  }
  return parts
}

/** 0 separates, 1 digit, 2 word, 3 the sign for any number. */
function kindOf(code: number): number {
  if (isDigit(code)) return 1
  if (code === 0x23) return 3
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) ? 2 : 0
}

const anyNumber = 4

/** What words mean: any other is below all of these. PHP takes a word that only starts so for it. */
const ranks: readonly (readonly [string, number])[] = [
  ['dev', 0],
  ['alpha', 1],
  ['a', 1],
  ['beta', 2],
  ['b', 2],
  ['rc', 3],
  ['pl', 5],
  ['p', 5],
]

function rankOf(part: string): number {
  if (part === '' || part.startsWith('#') || isDigits(part)) return anyNumber
  const word = part.toLowerCase()
  return ranks.find(([prefix]) => word.startsWith(prefix))?.[1] ?? -1
}

function compareComposer({ parts: a }: ComposerVersion, { parts: b }: ComposerVersion): Order {
  const length = Math.max(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const order = compareParts(a[i], b[i])
    if (order !== 0) return order
  }
  return 0
}

function compareParts(a: string | undefined, b: string | undefined): Order {
  const numericA = a !== undefined && isDigits(a)
  const numericB = b !== undefined && isDigits(b)
  if (numericA && numericB) return compareDigits(a, b)
  // A number is more than the end, but counts as "any number" beside a word.
  if (a === undefined && numericB) return -1
  if (b === undefined && numericA) return 1
  return compareNumbers(rankOf(a ?? ''), rankOf(b ?? ''))
}
