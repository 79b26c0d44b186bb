import { imageRule } from '../rule.ts'

export const oldAdvisories = imageRule({
  id: 'old-advisories',
  title: 'Advisories are from this week',
  why: 'About a hundred vulnerabilities become known every day. With old advisories every image looks good.',
  fix: 'fetch the feeds again',
  level: 'warning',
  aspect: 'vulnerabilities',
  tier: 'secure',
  needs: ['scan'],
  parameters: { days: { about: 'most days of the newest advisories', default: 7 } },
  *check({ scan, now }, { days }) {
    const from = Date.parse(scan.asOf ?? '')
    const age = Math.floor((now.getTime() - from) / 86_400_000)
    if (!Number.isNaN(from) && age > days)
      yield { place: { kind: 'whole' }, subject: 'advisories', found: `they are ${age} days old` }
  },
})
