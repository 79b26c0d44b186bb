import { imageRule } from '../rule.ts'
import { findingFault, overdueBy, standingOf, windows } from './standing.ts'

export const overdueFix = imageRule({
  id: 'overdue-fix',
  title: 'Repairs reach the image in time',
  why: 'Critical ones within 7 days, high within 30, medium and unrated within 90, low within 180. After that attackers have what they need.',
  fix: 'build again with a repaired version',
  level: 'error',
  aspect: 'vulnerabilities',
  tier: 'hardened',
  needs: ['scan'],
  *check({ scan, now }) {
    for (const finding of scan.findings) {
      if (standingOf(finding, now) !== 'overdue') continue
      const { severity } = finding
      const why = `a repair has been available for ${overdueBy(finding, now)} days longer than the ${windows[severity] ?? 0} allowed`
      const level = severity === 'critical' || severity === 'high' ? 'error' : 'warning'
      yield { ...findingFault(finding, why), level }
    }
  },
})
