import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'

export const fixedAddress = imageRule({
  id: 'fixed-address',
  title: 'Every program can be loaded at any address',
  why: 'If the address is always the same, an attacker knows where to find the code that an attack jumps to.',
  fix: 'compile it as position-independent (-fPIE -pie; go build -buildmode=pie)',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'secure',
  *check({ nodes }) {
    for (const node of nodes)
      if (node.elf?.kind === 'executable' && node.elf.protections?.positionIndependent === false)
        yield { place: nodePlace(node), found: 'it is always loaded at the same address (ET_EXEC)' }
  },
})
