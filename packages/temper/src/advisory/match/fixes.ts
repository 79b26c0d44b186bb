import { rangeOrderOf } from '../../formats/version/compare.ts'
import { evaluatedRange, type Hit, rangeHit } from './evaluate.ts'

/** More are of no use to anyone, and cost time in lists made to cost time. */
const fixLimit = 16

/**
 * Versions that repair a problem, lowest first, above the installed one. With several branches there is one for each.
 * Where records disagree, a version counts that none of them holds; records that know of no end are not asked.
 */
export function fixedVersions(hits: readonly Hit[]): readonly string[] {
  const [first] = hits
  if (first === undefined) return []
  const { scheme } = first.target
  const order = rangeOrderOf(scheme)
  const candidates = new Set<string>()
  const bounded = hits.filter(({ range }) => range.end !== undefined)
  for (const { entry, target } of bounded) {
    const version = order.parse(target.version)
    for (const range of entry.affected.ranges)
      if (range.scheme === scheme)
        for (const fix of evaluatedRange(range).fixesAbove(version, { limit: fixLimit })) candidates.add(fix)
  }
  return [...candidates]
    .map((text) => ({ text, parsed: order.parse(text) }))
    .sort((a, b) => order.compare(a.parsed, b.parsed) || (a.text < b.text ? -1 : 1))
    .map(({ text }) => text)
    .filter((version) =>
      bounded.every(({ entry, target }) => rangeHit(entry, { ...target, version }) === undefined),
    )
    .slice(0, fixLimit)
}
