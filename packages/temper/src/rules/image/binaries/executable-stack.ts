import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'

export const executableStack = imageRule({
  id: 'executable-stack',
  title: 'No program or library asks for a stack that can be executed',
  why: 'With it, a flaw that writes to the stack is enough to run code. One such library removes the protection from the whole process.',
  fix: 'link it with -z noexecstack',
  level: 'error',
  aspect: 'attack-surface',
  tier: 'hardened',
  *check({ nodes }) {
    for (const node of nodes)
      if (node.elf?.protections?.executableStack === true)
        yield { place: nodePlace(node), found: 'its stack can be executed (PT_GNU_STACK)' }
  },
})
