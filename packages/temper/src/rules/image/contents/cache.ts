import { forbidBallast } from '../../hardening/ballast-rule.ts'
import { type HardeningRule, hardeningRule } from '../../hardening/subject.ts'

export const cache: HardeningRule = hardeningRule({
  id: 'cache',
  title: 'No caches',
  why: 'A cache holds what can be made again, and what was fetched while building tells about the builder.',
  fix: 'leave it out of the layer that makes it',
  level: 'warning',
  aspect: 'contents',
  tier: 'minimal',
  check: forbidBallast({ rule: 'cache' }),
})
