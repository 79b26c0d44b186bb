import { forbidBallast } from '../hardening/ballast-rule.ts'
import type { HardeningRule } from '../hardening/subject.ts'

export const ballast: HardeningRule = {
  id: 'ballast',
  title: 'No files of service managers, schedulers, desktops and package helpers',
  why: 'Nothing in a container reads them. What nobody reads need not be shipped, scanned and explained.',
  check: forbidBallast({ rule: 'ballast', exceptRecipe: true }),
}
