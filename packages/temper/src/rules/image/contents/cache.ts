import { forbidBallast } from '../../hardening/ballast-rule.ts'
import { type HardeningRule, hardeningRule } from '../../hardening/subject.ts'

export const cache: HardeningRule = hardeningRule({
  id: 'cache',
  title: 'No caches',
  why: 'A cache holds files that can be made again, and what was fetched during the build tells about the builder.',
  fix: 'leave it out of the layer that makes it',
  level: 'warning',
  aspect: 'contents',
  tier: 'minimal',
  check: forbidBallast({ rule: 'cache' }),
})
