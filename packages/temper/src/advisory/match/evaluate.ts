import { rangeOrderOf } from '../../formats/version/compare.ts'
import { EvaluatedRange, type RangeExtent, type RangeHit } from '../../formats/version/range.ts'
import type { AdvisoryEntry, VersionRange } from '../../model/advisory/advisory.ts'
import type { MatchTarget } from './targets/target.ts'

/** An entry that affects the version of a component. */
export interface Hit {
  readonly entry: AdvisoryEntry
  readonly target: MatchTarget
  /** Where the affected interval ends; empty when it does not. */
  readonly range: RangeHit
  /** Set when the entry also says that this package was never affected. */
  readonly contradicted: boolean
}

/** Ranges of many events are worth keeping; others are read in the time that finding them would take. */
const large = 32
const evaluated = new WeakMap<VersionRange, EvaluatedRange>()

export function evaluatedRange(range: VersionRange): EvaluatedRange {
  if (range.events.length <= large) return new EvaluatedRange(range)
  const known = evaluated.get(range) ?? new EvaluatedRange(range)
  evaluated.set(range, known)
  return known
}

/**
 * Whether an entry affects a version: by one of its ranges or its list (OSV schema, "Evaluation"). Lists beside
 * ranges are compared as text, since they only enumerate the ranges; others in the scheme's order, so that "1.0"
 * equals "1.0.0" for PyPI. Undefined when it does not.
 */
export function rangeHit(entry: AdvisoryEntry, { version, scheme }: MatchTarget): RangeHit | undefined {
  const { ranges, versions } = entry.affected
  const order = rangeOrderOf(scheme)
  const parsed = order.parse(version)
  const isVersion = order.isVersion(parsed)
  let open: RangeHit | undefined
  for (const range of isVersion ? ranges : []) {
    if (range.scheme !== scheme) continue
    const hit = evaluatedRange(range).hit(parsed)
    if (hit?.end !== undefined) return hit
    open ??= hit
  }
  if (open !== undefined) return open
  if (versions.includes(version)) return {}
  if (!isVersion || ranges.length > 0) return undefined
  return versions.some((each) => order.compare(order.parse(each), parsed) === 0) ? {} : undefined
}

/** How many of several possible versions an entry affects. */
export function extentOf(
  { affected: { ranges, versions } }: AdvisoryEntry,
  { scheme, among = {} }: Pick<MatchTarget, 'scheme' | 'among'>,
): RangeExtent {
  const order = rangeOrderOf(scheme)
  const [from, below] = [among.from, among.below].map((text) =>
    text === undefined ? undefined : order.parse(text),
  )
  const extents = ranges
    .filter((range) => range.scheme === scheme)
    .map((range) => evaluatedRange(range).extent(from, below))
  if (extents.includes('all')) return 'all'
  // Lists beside ranges spell these out.
  const isListed = (ranges.length > 0 ? [] : versions).some((text) => {
    const version = order.parse(text)
    const isBelow = from !== undefined && order.compare(version, from) < 0
    return !isBelow && (below === undefined || order.compare(version, below) < 0)
  })
  return isListed || extents.includes('some') ? 'some' : 'none'
}
