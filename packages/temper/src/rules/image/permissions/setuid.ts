import { fileCapabilities } from '../../../formats/capabilities.ts'
import { nodePlace } from '../../../model/rule.ts'
import { formatMode, type HardeningRule, hardeningRule } from '../../hardening/subject.ts'

export const setuid: HardeningRule = hardeningRule({
  id: 'setuid',
  title: 'No setuid or setgid bits and no file capabilities',
  why: 'Such a file gives whoever starts it the rights of another user. A container has one user and does not need that.',
  fix: 'remove the bits and the capabilities from the file',
  level: 'error',
  aspect: 'user-and-permissions',
  tier: 'hardened',
  *check({ nodes }) {
    for (const node of nodes) {
      // On a folder setgid gives its group to what is made in it, and rights to nobody.
      if (node.type === 'symlink' || node.type === 'directory') continue
      const place = nodePlace(node)
      if ((node.mode & 0o4000) !== 0) yield { place, found: `setuid (mode ${formatMode(node.mode)})` }
      else if ((node.mode & 0o2000) !== 0) yield { place, found: `setgid (mode ${formatMode(node.mode)})` }
      const capabilities = node.xattrs?.['security.capability']
      if (capabilities !== undefined) yield { place, found: `file capabilities${named(capabilities)}` }
    }
  },
})

/** " (net_raw, setuid)"; nothing where the attribute cannot be read. */
function named(base64: string): string {
  const names = fileCapabilities(Buffer.from(base64, 'base64')) ?? []
  return names.length === 0 ? '' : ` (${names.join(', ')})`
}
