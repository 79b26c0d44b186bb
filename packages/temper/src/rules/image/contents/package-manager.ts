import { forbidBallast } from '../../hardening/ballast-rule.ts'
import { type HardeningRule, hardeningRule } from '../../hardening/subject.ts'
import { forbidTools } from '../../hardening/tool-rule.ts'

const programs = forbidTools({
  rule: 'package-manager',
  packages: ['dpkg', 'apt', 'debconf', 'aptitude', 'rpm'],
})
const files = forbidBallast({ rule: 'package-manager' })

export const packageManager: HardeningRule = hardeningRule({
  id: 'package-manager',
  title: 'No package manager',
  why: 'An image is changed by building another one. A package manager in it fetches and runs code that nobody reviewed.',
  fix: 'leave it out, and change the image by building another one',
  level: 'error',
  aspect: 'contents',
  tier: 'minimal',
  *check(subject) {
    yield* programs(subject)
    yield* files(subject)
  },
})
