import { forbidBallast } from '../hardening/ballast-rule.ts'
import type { HardeningRule } from '../hardening/subject.ts'
import { forbidTools } from '../hardening/tool-rule.ts'

const programs = forbidTools({
  kinds: ['shell'],
  packages: [
    'dash',
    'bash',
    'bash-static',
    'busybox',
    'busybox-static',
    'zsh',
    'zsh-static',
    'ksh93u+m',
    'mksh',
    'fish',
    'tcsh',
    'csh',
    'toybox',
    'posh',
    'yash',
    'sash',
  ],
})
const files = forbidBallast({ rule: 'shell', exceptRecipe: true })

export const shell: HardeningRule = {
  id: 'shell',
  title: 'No shell',
  why: 'A flaw that lets an attacker start a program gives a foothold when that program can be a shell. Services start without one.',
  *check(subject) {
    yield* programs(subject)
    yield* files(subject)
  },
}
