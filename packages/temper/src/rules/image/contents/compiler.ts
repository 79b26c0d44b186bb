import { forbidBallast } from '../../hardening/ballast-rule.ts'
import { type HardeningRule, hardeningRule } from '../../hardening/subject.ts'
import { forbidTools } from '../../hardening/tool-rule.ts'

const programs = forbidTools({
  rule: 'compiler',
  packages: ['binutils', 'gdb', 'strace', 'make'],
})
const files = forbidBallast({ rule: 'compiler' })

export const compiler: HardeningRule = hardeningRule({
  id: 'compiler',
  title: 'No compiler, debugger, or files that only they use',
  why: 'An intruder should find no tools to build, link or trace programs with. Headers and static libraries serve only such tools.',
  fix: 'leave it out: build in another image, and copy what was built',
  level: 'error',
  aspect: 'contents',
  tier: 'minimal',
  *check(subject) {
    yield* programs(subject)
    yield* files(subject)
  },
})
