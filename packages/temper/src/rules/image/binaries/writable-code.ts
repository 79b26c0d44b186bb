import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'

export const writableCode = imageRule({
  id: 'writable-code',
  title: 'No part of a program can be both written and run',
  why: 'Whatever an attacker manages to write there can be executed at once.',
  fix: 'link it with separate segments for code and data (-z separate-code), without -N',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  *check({ nodes }) {
    for (const node of nodes)
      if (node.elf?.protections?.writableCode === true)
        yield { place: nodePlace(node), found: 'a segment can be written and run (PT_LOAD RWE)' }
  },
})
