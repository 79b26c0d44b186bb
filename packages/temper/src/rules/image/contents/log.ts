import { forbidBallast } from '../../hardening/ballast-rule.ts'
import { type HardeningRule, hardeningRule } from '../../hardening/subject.ts'

export const log: HardeningRule = hardeningRule({
  id: 'log',
  title: 'No logs',
  why: 'Logs of the build are useless where the image runs, and may hold secrets.',
  fix: 'leave it out of the image, and write logs to standard output',
  level: 'warning',
  aspect: 'contents',
  tier: 'minimal',
  check: forbidBallast({ rule: 'log' }),
})
