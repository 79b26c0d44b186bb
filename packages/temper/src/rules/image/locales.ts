import { forbidBallast } from '../hardening/ballast-rule.ts'
import type { HardeningRule } from '../hardening/subject.ts'

export const locales: HardeningRule = {
  id: 'locales',
  title: 'No message catalogues',
  why: 'Translations of messages are a large part of many packages, and a service logs in one language.',
  check: forbidBallast({ rule: 'locales', exceptRecipe: true }),
}
