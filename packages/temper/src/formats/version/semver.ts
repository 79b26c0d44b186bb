import {
  compareCores,
  compareDigits,
  compareNumbers,
  compareText,
  isDigits,
  type Order,
  type VersionOrder,
} from './order.ts'

/** A version in the style of Semantic Versioning 2.0.0, read leniently. */
export interface SemanticVersion {
  /** The numbers separated by dots, however many. Empty when the text is not a version. */
  readonly core: readonly string[]
  /** Identifiers of the pre-release; empty for a release. */
  readonly prerelease: readonly string[]
  /** The text itself, when it is not a version. */
  readonly text: string
}

/** Semantic Versioning 2.0.0, section 11, for npm, Rust and others. */
export const semverOrder: VersionOrder<SemanticVersion> = {
  parse: (text) => parseSemantic(text),
  compare: compareSemantic,
  isVersion: ({ core }) => core.length > 0,
}

/**
 * Reads `[v|=]1.2.3[-pre.release][+build]`. There may be fewer or more numbers than three, and a pre-release without
 * its hyphen ("1.2.3rc1"). Text that does not start with a number is not a version, and is lower than all versions.
 */
export function parseSemantic(text: string): SemanticVersion {
  const bare = text.trim().replace(/^[v=V\s]{1,8}/, '')
  const plus = bare.indexOf('+')
  const body = plus < 0 ? bare : bare.slice(0, plus)
  const core = /^[0-9]+(?:\.[0-9]+)*/.exec(body)?.[0]
  if (core === undefined) return { core: [], prerelease: [], text }
  const rest = body.slice(core.length).replace(/^[-.]/, '')
  return { core: core.split('.'), prerelease: rest === '' ? [] : rest.split('.'), text }
}

export function compareSemantic(a: SemanticVersion, b: SemanticVersion): Order {
  if (a.core.length === 0 || b.core.length === 0)
    return a.core.length === b.core.length ? compareText(a.text, b.text) : a.core.length === 0 ? -1 : 1
  return compareCores(a.core, b.core) || comparePrereleases(a.prerelease, b.prerelease)
}

/** Section 11.4: numbers numerically and below text, text by code, fewer identifiers below more, none above all. */
export function comparePrereleases(a: readonly string[], b: readonly string[]): Order {
  if (a.length === 0 || b.length === 0) return compareNumbers(b.length, a.length)
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a[i] ?? ''
    const y = b[i] ?? ''
    const numeric = isDigits(x)
    if (numeric !== isDigits(y)) return numeric ? -1 : 1
    const order = numeric ? compareDigits(x, y) : compareText(x, y)
    if (order !== 0) return order
  }
  return compareNumbers(a.length, b.length)
}
