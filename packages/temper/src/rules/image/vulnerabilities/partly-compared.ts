import { imageRule } from '../rule.ts'
import { hasRecordsAlone, toldOf } from './not-compared.ts'

export const partlyCompared = imageRule({
  id: 'partly-compared',
  title: 'Every package was compared with everything known about it',
  why: 'A list of repairs says nothing about open problems. If nothing is found, there is nothing left to update, but there may be something wrong.',
  fix: 'fetch advisories that also list what is not repaired',
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
