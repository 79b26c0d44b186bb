import { nodePlace } from '../../../model/rule.ts'
import { type HardeningRule, hardeningRule } from '../../hardening/subject.ts'

export const device: HardeningRule = hardeningRule({
  id: 'device',
  title: 'No device nodes, pipes or sockets',
  why: 'The container runtime provides the devices that a container may use. A device in the image bypasses that.',
  fix: 'leave it out: the runtime gives a container its devices',
  level: 'error',
  aspect: 'user-and-permissions',
  tier: 'hardened',
  *check({ nodes }) {
    for (const node of nodes) {
      const { type } = node
      if (type === 'character' || type === 'block')
        yield { place: nodePlace(node), found: `a ${type} device` }
      if (type === 'fifo') yield { place: nodePlace(node), found: 'a named pipe' }
    }
  },
})
