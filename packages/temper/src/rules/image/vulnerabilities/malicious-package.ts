import { imageRule } from '../rule.ts'
import { findingFault, standingOf } from './standing.ts'

export const maliciousPackage = imageRule({
  id: 'malicious-package',
  title: 'No package that was made to do harm',
  why: 'It is not a flaw that somebody might exploit: it is the attack.',
  fix: 'remove the package, and change every secret that the container could read',
  level: 'error',
  aspect: 'vulnerabilities',
  tier: 'hardened',
  needs: ['scan'],
  *check({ scan, now }) {
    for (const finding of scan.findings)
      if (standingOf(finding, now) === 'malicious') yield findingFault(finding, 'it was made to do harm')
  },
})
