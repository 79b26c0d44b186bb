import { forbidBallast } from '../../hardening/ballast-rule.ts'
import { type HardeningRule, hardeningRule } from '../../hardening/subject.ts'

export const log: HardeningRule = hardeningRule({
  id: 'log',
  title: 'No logs',
  why: 'What was logged while building means nothing where the image runs, and may hold secrets.',
  fix: 'leave it out of the image, and have logs written to standard output',
  level: 'warning',
  aspect: 'contents',
  tier: 'minimal',
  check: forbidBallast({ rule: 'log' }),
})
