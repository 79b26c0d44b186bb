import { forbidBallast } from '../ballast-rule.ts'
import type { HardeningRule } from '../subject.ts'

export const locales: HardeningRule = {
  id: 'locales',
  title: 'No message catalogues',
  why: 'Translations of messages are a large part of many packages, and a service logs in one language.',
  check: forbidBallast({ rule: 'locales', exceptRecipe: true }),
}
