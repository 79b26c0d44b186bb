import { forbidBallast } from '../../hardening/ballast-rule.ts'
import { type HardeningRule, hardeningRule } from '../../hardening/subject.ts'

export const documentation: HardeningRule = hardeningRule({
  id: 'documentation',
  title: 'No documentation beyond copyright files',
  why: 'Manuals are not read in a container. Copyright files stay, because they are owed to the authors.',
  fix: 'leave it out of the image',
  level: 'warning',
  aspect: 'contents',
  tier: 'minimal',
  check: forbidBallast({ rule: 'documentation', exceptRecipe: true }),
})
