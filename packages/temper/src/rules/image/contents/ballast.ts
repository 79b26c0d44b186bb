import { forbidBallast } from '../../hardening/ballast-rule.ts'
import { type HardeningRule, hardeningRule } from '../../hardening/subject.ts'

export const ballast: HardeningRule = hardeningRule({
  id: 'ballast',
  title: 'No files of service managers, schedulers, desktops and package helpers',
  why: 'Nothing in a container reads them, so they need not be shipped, scanned and explained.',
  fix: 'leave it out of the image',
  level: 'warning',
  aspect: 'contents',
  tier: 'hardened',
  check: forbidBallast({ rule: 'ballast', exceptRecipe: true }),
})
