import { nodePlace } from '../../../model/rule.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import { isSharedFolder } from '../../hardening/strip.ts'
import {
  formatMode,
  type HardeningRule,
  type HardeningSubject,
  hardeningRule,
} from '../../hardening/subject.ts'

/**
 * Folders of other accounts that the runtime user cannot write are left alone: Debian gives some to
 * groups of its own (var/mail, var/local).
 */
export const ownership: HardeningRule = hardeningRule({
  id: 'ownership',
  title: 'Files belong to root, and the runtime user can write only what the recipe declares',
  why: 'A process that can change its own program, libraries or configuration can make a break-in permanent.',
  fix: 'give it to root, or declare that the path is written to',
  level: 'error',
  aspect: 'user-and-permissions',
  tier: 'hardened',
  needs: ['user'],
  *check(subject) {
    const { nodes, user, isDeclared } = subject
    if (user === undefined || user.uid === 0) return
    for (const node of nodes) {
      if (node.type === 'symlink' || isSharedFolder(node) || isDeclared(node.path)) continue
      const place = nodePlace(node)
      if (isWritable(node, subject)) {
        yield {
          place,
          found: `writable by the runtime user (${node.uid}:${node.gid}, mode ${formatMode(node.mode)})`,
        }
      } else if (node.type !== 'directory' && node.uid !== 0) {
        const entry = `{ type: permissions, path: ${JSON.stringify(`/${node.path}`)}, uid: 0, gid: 0 }`
        const found = `owned by uid ${node.uid} instead of root`
        yield { place, found, remedy: `give it to root with ${entry} under paths` }
      }
    }
  },
})

/** An owner may give himself write permission, so owning is as good as writing. World-writable has its own rule. */
function isWritable(node: TreeNode, { user, groups }: HardeningSubject): boolean {
  if (node.uid === user?.uid) return true
  return (node.mode & 0o020) !== 0 && (node.gid === user?.gid || groups.has(node.gid))
}
