import { rangeOrderOf } from '../../formats/version/compare.ts'
import { evaluatedRange, type Hit, rangeHit } from './evaluate.ts'

/** More are of no use to anyone, and cost time in lists made to cost time. */
const fixLimit = 16
/** What is compared with each other, at most; real problems have a handful. */
const compareLimit = 64

/**
 * Versions above the installed one that fix a problem, lowest first, with one for each branch. Where records
 * disagree, a version counts if none of them lists it as affected; records without a fixed version are ignored, and
 * for a branch with its own list only the records of that list count.
 */
export function fixedVersions(hits: readonly Hit[]): readonly string[] {
  const [first] = hits
  if (first === undefined) return []
  const { scheme } = first.target
  const order = rangeOrderOf(scheme)
  const candidates = new Map<string, readonly Hit[]>()
  const bounded = hits.filter(({ range }) => range.end !== undefined).slice(0, compareLimit)
  const only = onlyFix(bounded)
  if (only !== undefined) return [only]
  const ofBranch = bounded.filter(({ target }) => target.list === 'branch')
  for (const { entry, target } of bounded) {
    const version = order.parse(target.version)
    for (const range of entry.affected.ranges)
      if (range.scheme === scheme)
        for (const fix of evaluatedRange(range).fixesAbove(version, { limit: fixLimit }))
          candidates.set(fix, target.list === 'branch' ? ofBranch : (candidates.get(fix) ?? bounded))
  }
  return [...candidates]
    .map(([text, judges]) => ({ text, judges, parsed: order.parse(text) }))
    .sort((a, b) => order.compare(a.parsed, b.parsed) || (a.text < b.text ? -1 : 1))
    .slice(0, compareLimit)
    .filter(({ text: version, judges }) =>
      judges.every(({ entry, target }) => rangeHit(entry, { ...target, version }) === undefined),
    )
    .map(({ text }) => text)
    .slice(0, fixLimit)
}

/** Nearly always every record has one stretch, and all agree where it ends: nothing is left to compare. */
function onlyFix(hits: readonly Hit[]): string | undefined {
  const end = hits[0]?.range.end
  if (end?.kind !== 'fixed') return undefined
  const simple = hits.every(({ entry: { affected }, range }) => {
    const [only, second] = affected.ranges
    return (
      second === undefined &&
      only?.events.length === 2 &&
      affected.versions.length === 0 &&
      range.end?.kind === 'fixed' &&
      range.end.version === end.version
    )
  })
  return simple ? end.version : undefined
}
