import { compareDigits, compareText, isDigits, type Order, type VersionOrder } from './order.ts'

/**
 * Segments as Gem::Version compares them: digits or letters, without the zeros at the end of the numbers or of the
 * whole.
 */
export interface GemVersion {
  readonly segments: readonly string[]
  readonly valid: boolean
}

/**
 * RubyGems' order (Gem::Version): a hyphen starts a pre-release, a word is below a number, a missing segment is zero.
 * Characters that cannot be in a version separate segments.
 */
export const gemOrder: VersionOrder<GemVersion> = {
  parse: parseGem,
  compare: compareGems,
  isVersion: ({ valid }) => valid,
}

function parseGem(text: string): GemVersion {
  const all =
    text
      .trim()
      .replaceAll('-', '.pre.')
      .match(/[0-9]+|[a-zA-Z]+/g) ?? []
  const firstWord = all.findIndex((segment) => !isDigits(segment))
  const numbers = firstWord < 0 ? all : all.slice(0, firstWord)
  const words = firstWord < 0 ? [] : all.slice(firstWord)
  return {
    segments: [...withoutLastZeros(numbers), ...withoutLastZeros(words)],
    valid: /^\s*[0-9]+(?:\.[0-9a-zA-Z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?\s*$/.test(text),
  }
}

function withoutLastZeros(segments: readonly string[]): readonly string[] {
  let end = segments.length
  while (end > 0 && /^0+$/.test(segments[end - 1] ?? '')) end--
  return segments.slice(0, end)
}

function compareGems({ segments: a }: GemVersion, { segments: b }: GemVersion): Order {
  const length = Math.max(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a[i] ?? '0'
    const y = b[i] ?? '0'
    const numeric = isDigits(x)
    if (numeric !== isDigits(y)) return numeric ? 1 : -1
    const order = numeric ? compareDigits(x, y) : compareText(x, y)
    if (order !== 0) return order
  }
  return 0
}
