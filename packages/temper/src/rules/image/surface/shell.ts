import { forbidBallast } from '../../hardening/ballast-rule.ts'
import { type HardeningRule, hardeningRule } from '../../hardening/subject.ts'
import { forbidTools } from '../../hardening/tool-rule.ts'

const programs = forbidTools({
  rule: 'shell',
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

export const shell: HardeningRule = hardeningRule({
  id: 'shell',
  title: 'No shell',
  why: 'A flaw that lets an attacker start a program gives a foothold when that program can be a shell. Services start without one.',
  fix: 'leave it out, and start programs without one (exec form)',
  level: 'error',
  aspect: 'attack-surface',
  tier: 'hardened',
  *check(subject) {
    yield* programs(subject)
    yield* files(subject)
  },
})
