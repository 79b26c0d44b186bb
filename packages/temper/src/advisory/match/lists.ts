import type { AdvisoryEntry } from '../../model/advisory/advisory.ts'
import { problemNames } from './problems.ts'
import type { Verdicts } from './statements.ts'
import type { MatchTarget } from './targets/target.ts'

/** What one list says about a package. */
export interface ListVerdicts {
  readonly target: MatchTarget
  /** All its entries about the package, whether or not they affect the version. */
  readonly entries: readonly AdvisoryEntry[]
  readonly verdicts: Verdicts
}

/**
 * Decides between several lists of one release. A fallback counts only for problems that the others do not list; a
 * problem that a branch lists without affecting the version is fixed there, whatever lists of other branches say.
 */
export function settleLists(lists: readonly ListVerdicts[]): readonly Verdicts[] {
  if (!lists.some(({ target }) => target.list !== undefined)) return lists.map(({ verdicts }) => verdicts)
  const spoken = new Set(
    lists.flatMap((list) => (list.target.list === undefined ? problemsIn(list.entries) : [])),
  )
  const repaired = new Set(lists.flatMap((list) => (list.target.list === 'branch' ? repairedIn(list) : [])))
  return lists.map(({ target, verdicts }) => {
    const silent =
      target.list === 'fallback' ? spoken : target.list === 'branch' ? new Set<string>() : repaired
    return {
      hits: verdicts.hits,
      isOverruled: (hit, problem) => silent.has(problem) || verdicts.isOverruled(hit, problem),
    }
  })
}

function repairedIn({ entries, verdicts }: ListVerdicts): readonly string[] {
  const present = new Set(problemsIn(verdicts.hits.map(({ entry }) => entry)))
  return problemsIn(entries).filter((problem) => !present.has(problem))
}

function problemsIn(entries: readonly AdvisoryEntry[]): readonly string[] {
  return entries.flatMap(problemNames)
}
