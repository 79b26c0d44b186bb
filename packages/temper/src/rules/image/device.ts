import type { HardeningRule } from '../hardening/subject.ts'

export const device: HardeningRule = {
  id: 'device',
  title: 'No device nodes, pipes or sockets',
  why: 'The container runtime provides the devices that a container may use. One in the image goes around that.',
  *check({ nodes }) {
    for (const { type, path } of nodes) {
      if (type === 'character' || type === 'block') yield { path: `/${path}`, found: `a ${type} device` }
      if (type === 'fifo') yield { path: `/${path}`, found: 'a named pipe' }
    }
  },
}
