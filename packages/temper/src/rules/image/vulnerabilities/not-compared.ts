import type { LedgerEntry } from '../../../model/advisory/ledger.ts'
import type { Fault } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'

export const notCompared = imageRule({
  id: 'not-compared',
  title: 'Every package was compared with advisories',
  why: 'If a package was never compared, it means nothing that no vulnerability is known.',
  fix: 'add a feed that knows these packages',
  level: 'warning',
  aspect: 'vulnerabilities',
  tier: 'hardened',
  needs: ['scan'],
  *check({ scan }) {
    const left = scan.ledger.filter((entry) => !entry.compared || hasRecordsAlone(entry))
    yield* toldOf(left, `${left.length} of ${scan.ledger.length} packages were not compared`)
  },
})

/**
 * Whether there are single records only. They are no complete list: that none of them names a package means nothing.
 */
export function hasRecordsAlone({ feeds }: LedgerEntry): boolean {
  return feeds.every(({ knows }) => knows === 'records')
}

/** One fault for all of the packages, which names the first. */
export function* toldOf([first]: readonly LedgerEntry[], what: string): Generator<Fault> {
  if (first === undefined) return
  const { name, version } = first.component
  const why = first.reason === undefined ? '' : `: ${first.reason}`
  yield {
    place: { kind: 'whole' },
    subject: 'packages',
    found: `${what}, the first ${name} ${version}${why}`,
  }
}
