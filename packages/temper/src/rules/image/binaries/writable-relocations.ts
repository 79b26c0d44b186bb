import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'

export const writableRelocations = imageRule({
  id: 'writable-relocations',
  title: 'Tables of addresses are read-only once a program runs',
  why: 'A flaw that writes where it should not can change them, and with them which function is called.',
  fix: 'link it with -z relro, better with -z now too',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'secure',
  *check({ nodes }) {
    for (const node of nodes) {
      const { elf } = node
      // Without a dynamic loader nothing is relocated at its start.
      if (elf === undefined || (elf.interpreter === undefined && elf.soname === undefined)) continue
      if (elf.protections?.relro === 'none')
        yield { place: nodePlace(node), found: 'its tables of addresses stay writable (no PT_GNU_RELRO)' }
    }
  },
})
