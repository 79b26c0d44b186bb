import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'

/** Compilers that check the bounds themselves, and link no such function, are told by the libraries of C alone. */
const ofC = /^lib(?:c|stdc\+\+)\.so\./

export const stackProtector = imageRule({
  id: 'stack-protector',
  title: 'Functions of a program notice that their stack was overwritten',
  why: 'Otherwise a buffer overflow can change where a function returns to.',
  fix: 'compile it with -fstack-protector-strong',
  level: 'note',
  aspect: 'attack-surface',
  tier: 'secure',
  *check({ nodes }) {
    for (const node of nodes) {
      const { elf } = node
      if (elf?.kind !== 'executable' || elf.protections?.stackProtector !== false) continue
      if (elf.needed.some((name) => ofC.test(name)))
        yield { place: nodePlace(node), found: 'no function asks for it (__stack_chk_fail)' }
    }
  },
})
