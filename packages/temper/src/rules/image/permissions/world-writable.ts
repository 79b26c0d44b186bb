import type { EntryType } from '../../../model/package/package-content.ts'
import { nodePlace } from '../../../model/rule.ts'
import { isSharedFolder } from '../../hardening/strip.ts'
import { formatMode, type HardeningRule, hardeningRule } from '../../hardening/subject.ts'

/** What keeps what is written to it: /dev/null does not, and a rule of its own tells of devices. */
const held: ReadonlySet<EntryType> = new Set(['file', 'hardlink', 'directory'])

export const worldWritable: HardeningRule = hardeningRule({
  id: 'world-writable',
  title: 'Nothing except the folders for temporary files is writable by everyone',
  why: 'Where every process can write, any process can plant a file for another to use.',
  fix: 'remove the write permission of others',
  level: 'error',
  aspect: 'user-and-permissions',
  tier: 'hardened',
  *check({ nodes, isDeclared }) {
    for (const node of nodes) {
      if (!held.has(node.type) || (node.mode & 0o002) === 0 || isSharedFolder(node)) continue
      const sticky = node.type === 'directory' && (node.mode & 0o1000) !== 0
      if (sticky && isDeclared(node.path)) continue
      yield { place: nodePlace(node), found: `writable by everyone (mode ${formatMode(node.mode)})` }
    }
  },
})
