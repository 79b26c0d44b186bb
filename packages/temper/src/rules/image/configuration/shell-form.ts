import { imageRule } from '../rule.ts'

const shell = /(?:^|\/)(?:sh|ash|dash|bash|zsh|ksh)$/

export const shellForm = imageRule({
  id: 'shell-form',
  title: 'The program is started by itself, not by a shell',
  why: 'A shell in between receives the signals that should end the program, interprets variables as code, and has to be in the image.',
  fix: 'write it as a list: ENTRYPOINT ["/usr/bin/app", "--option"]',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  setting: 'entrypoint',
  needs: ['image'],
  *check({ image }) {
    const { Entrypoint, Cmd } = image.settings
    for (const [name, words] of [['ENTRYPOINT', Entrypoint] as const, ['CMD', Cmd] as const]) {
      const [program = '', option = ''] = words ?? []
      if (!shell.test(program) || !/^-[a-z]*c$/.test(option)) continue
      yield { place: { kind: 'whole' }, subject: name, found: `${name} is run by ${program} ${option}` }
    }
  },
})
