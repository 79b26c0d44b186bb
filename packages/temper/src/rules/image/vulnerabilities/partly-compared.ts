import { imageRule } from '../rule.ts'
import { hasRecordsAlone, toldOf } from './not-compared.ts'

export const partlyCompared = imageRule({
  id: 'partly-compared',
  title: 'Every package was compared with all that is known of it',
  why: 'A list of repairs says nothing of what is open. That nothing was found then means that nothing is left to update, not that nothing is wrong.',
  fix: 'fetch advisories that also know what is not repaired',
  level: 'warning',
  aspect: 'vulnerabilities',
  tier: 'secure',
  needs: ['scan'],
  *check({ scan }) {
    const left = scan.ledger.filter(
      (entry) => entry.compared && entry.reason !== undefined && !hasRecordsAlone(entry),
    )
    yield* toldOf(left, `${left.length} of ${scan.ledger.length} packages were compared in part`)
  },
})
