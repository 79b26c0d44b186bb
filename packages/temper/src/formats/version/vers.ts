import type { VersionScheme } from '../../model/version-scheme.ts'
import { compareVersions, isVersion } from './compare.ts'

/** Schemes by the types of version ranges, which are those of package URLs. */
const schemes: ReadonlyMap<string, VersionScheme> = new Map([
  ['alpine', 'apk'],
  ['apk', 'apk'],
  ['cargo', 'semver'],
  ['composer', 'composer'],
  ['deb', 'dpkg'],
  ['gem', 'gem'],
  ['golang', 'golang'],
  ['hex', 'semver'],
  ['maven', 'maven'],
  ['npm', 'semver'],
  ['nuget', 'nuget'],
  ['pub', 'pub'],
  ['pypi', 'pep440'],
  ['rpm', 'rpm'],
  ['semver', 'semver'],
  ['swift', 'semver'],
])

type Comparator = '=' | '!=' | '<' | '<=' | '>' | '>='

interface Constraint {
  readonly comparator: Comparator
  readonly version: string
}

/** Constraints of one range; a published one has as many as versions that were repaired in it. */
const constraintLimit = 1000

/** A range of versions (VERS, "vers:npm/>=1.0|<2.0"). */
export class VersionRangeSpecifier {
  readonly #scheme: VersionScheme
  /** Undefined means all versions. */
  readonly #constraints: readonly Constraint[] | undefined

  private constructor(scheme: VersionScheme, constraints: readonly Constraint[] | undefined) {
    this.#scheme = scheme
    this.#constraints = constraints
  }

  /** Undefined for text that is not a range, or when the order of its versions is not known. */
  static parse(text: string): VersionRangeSpecifier | undefined {
    const [, type, rest] = /^vers:([A-Za-z][\w.+-]*)\/(.+)$/s.exec(text.replace(/\s+/g, '')) ?? []
    const scheme = schemes.get(type?.toLowerCase() ?? '')
    if (scheme === undefined || rest === undefined) return undefined
    if (rest === '*') return new VersionRangeSpecifier(scheme, undefined)
    const parts = rest.split('|', constraintLimit + 1)
    const constraints = parts.flatMap((part) => constraintOf(part, scheme))
    if (constraints.length !== parts.length || parts.length > constraintLimit) return undefined
    // The order is that of versions, whatever it is in the text.
    constraints.sort((a, b) => compareVersions(scheme, a.version, b.version))
    return new VersionRangeSpecifier(scheme, constraints)
  }

  /** By the algorithm of VERS ("Using version range specifiers", checking if a version is contained within a range). */
  contains(version: string): boolean {
    const constraints = this.#constraints
    if (constraints === undefined) return true
    if (!isVersion(this.#scheme, version)) return false
    const order = constraints.map((each) => compareVersions(this.#scheme, version, each.version))
    const equal = constraints.filter((_, index) => order[index] === 0)
    if (equal.some(({ comparator }) => comparator === '!=')) return false
    if (equal.some(({ comparator }) => comparator !== '<' && comparator !== '>')) return true
    const bounds = constraints.flatMap(({ comparator }, index) =>
      comparator === '=' || comparator === '!='
        ? []
        : [{ opens: comparator[0] === '>', order: order[index] ?? 0 }],
    )
    // Nothing but exceptions: everything else is in it.
    if (bounds.length === 0) return constraints.every(({ comparator }) => comparator === '!=')
    const below = bounds.filter((bound) => bound.order > 0)
    const next = bounds[below.length]
    if (next?.order === 0) {
      // At a bound that is no part of the range itself.
      return false
    }
    const last = below.at(-1)
    return last === undefined ? next?.opens === false : last.opens && (next === undefined || !next.opens)
  }
}

function constraintOf(text: string, scheme: VersionScheme): readonly Constraint[] {
  const [, comparator = '=', encoded = ''] = /^(>=|<=|!=|<|>|=)?(.+)$/.exec(text) ?? []
  let version = encoded
  try {
    version = decodeURIComponent(encoded)
  } catch {
    return []
  }
  return isVersion(scheme, version) ? [{ comparator: comparator as Comparator, version }] : []
}
