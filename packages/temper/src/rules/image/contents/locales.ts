import { forbidBallast } from '../../hardening/ballast-rule.ts'
import { type HardeningRule, hardeningRule } from '../../hardening/subject.ts'

export const locales: HardeningRule = hardeningRule({
  id: 'locales',
  title: 'No message catalogues',
  why: 'Translated messages are a large part of many packages, and a service logs in one language.',
  fix: 'leave them out of the image',
  level: 'warning',
  aspect: 'contents',
  tier: 'minimal',
  check: forbidBallast({ rule: 'locales', exceptRecipe: true }),
})
