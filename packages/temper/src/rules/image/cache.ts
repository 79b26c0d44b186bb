import { forbidBallast } from '../hardening/ballast-rule.ts'
import type { HardeningRule } from '../hardening/subject.ts'

export const cache: HardeningRule = {
  id: 'cache',
  title: 'No caches',
  why: 'A cache holds what can be made again, and what was fetched while building tells about the builder.',
  check: forbidBallast({ rule: 'cache' }),
}
