import { forbidBallast } from '../hardening/ballast-rule.ts'
import type { HardeningRule } from '../hardening/subject.ts'

export const log: HardeningRule = {
  id: 'log',
  title: 'No logs',
  why: 'What was logged while building means nothing where the image runs, and may hold secrets.',
  check: forbidBallast({ rule: 'log' }),
}
