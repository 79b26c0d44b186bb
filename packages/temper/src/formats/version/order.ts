/** The result of a comparison: the first is lower, equal, or higher. */
export type Order = -1 | 0 | 1

/**
 * How one scheme orders versions, in two steps, so that a version can be parsed once and compared often. `compare` is
 * a total order over what `parse` makes of any text; neither ever throws.
 */
export interface VersionOrder<Parsed> {
  parse(text: string): Parsed
  compare(a: Parsed, b: Parsed): Order
  /**
   * False for text that is not a version of the scheme ("latest", "(devel)"), whose place in the order has no
   * meaning.
   */
  isVersion(parsed: Parsed): boolean
}

/** Text beyond this many characters is not parsed, see `bounded`. */
export const maximalLength = 1024

interface Bounded<Parsed> {
  readonly parsed: Parsed
  readonly rest: string
}

/**
 * Bounds what a scheme has to parse: only the first 1,024 characters of longer text are parsed; where these are
 * equal, the rest is compared by code units. This keeps the order total.
 */
export function bounded<Parsed>(order: VersionOrder<Parsed>): VersionOrder<Bounded<Parsed>> {
  return {
    parse: (text) => ({
      parsed: order.parse(text.length > maximalLength ? text.slice(0, maximalLength) : text),
      rest: text.length > maximalLength ? text.slice(maximalLength) : '',
    }),
    compare: (a, b) => order.compare(a.parsed, b.parsed) || compareText(a.rest, b.rest),
    isVersion: (version) => version.rest === '' && order.isVersion(version.parsed),
  }
}

/** Compares by UTF-16 code units. */
export function compareText(a: string, b: string): Order {
  if (a === b) return 0
  return a < b ? -1 : 1
}

export function compareNumbers(a: number, b: number): Order {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Compares strings of decimal digits of any length as numbers. */
export function compareDigits(a: string, b: string): Order {
  const x = withoutZeros(a)
  const y = withoutZeros(b)
  return compareNumbers(x.length, y.length) || compareText(x, y)
}

function withoutZeros(digits: string): string {
  let start = 0
  while (start < digits.length && digits.charCodeAt(start) === 0x30) start++
  return start === 0 ? digits : digits.slice(start)
}

export function isDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isDigit(text.charCodeAt(i))) return false
  return text !== ''
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** Whether a character is an ASCII letter. */
export function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
}

/** Compares lists of digit strings, a missing one being zero. */
export function compareCores(a: readonly string[], b: readonly string[]): Order {
  const length = Math.max(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const order = compareDigits(a[i] ?? '', b[i] ?? '')
    if (order !== 0) return order
  }
  return 0
}
