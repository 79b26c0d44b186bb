import { formatMode, type HardeningRule } from '../hardening/subject.ts'

export const setuid: HardeningRule = {
  id: 'setuid',
  title: 'No setuid or setgid bits and no file capabilities',
  why: 'Such a file gives whoever starts it the rights of another user. The container has one user and needs none of that.',
  *check({ nodes }) {
    for (const node of nodes) {
      if (node.type === 'symlink') continue
      const path = `/${node.path}`
      if ((node.mode & 0o4000) !== 0) yield { path, found: `setuid (mode ${formatMode(node.mode)})` }
      else if ((node.mode & 0o2000) !== 0) yield { path, found: `setgid (mode ${formatMode(node.mode)})` }
      if (node.xattrs?.['security.capability'] !== undefined) yield { path, found: 'file capabilities' }
    }
  },
}
