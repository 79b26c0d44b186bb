import { nodePlace } from '../../../model/rule.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import { formatMode } from '../../hardening/subject.ts'
import { searchPath } from '../entry.ts'
import { imageRule } from '../rule.ts'
import type { ImageSubject } from '../subject.ts'

export const searchPathRule = imageRule({
  id: 'search-path',
  title: 'PATH has only absolute paths of folders that the user cannot write to',
  why: 'Programs started by name are looked up there, in order. Whoever can put a file there chooses what runs.',
  fix: 'leave the folder out of PATH, or give it to root',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  setting: 'environment',
  needs: ['image'],
  *check(subject) {
    const { root, image } = subject
    if (!image.platform.startsWith('linux/')) return
    for (const folder of new Set(searchPath(image.settings))) {
      if (!folder.startsWith('/')) {
        const name =
          folder === '' ? 'an empty name, which is the working directory' : `"${folder.slice(0, 200)}"`
        yield { place: { kind: 'whole' }, subject: 'ENV PATH', found: `PATH has ${name}` }
        continue
      }
      const node = root.resolve(folder.replace(/^\/+/, ''))
      if (node?.type === 'directory' && isWritable(node, subject))
        yield {
          place: nodePlace(node),
          found: `in PATH, and writable (${node.uid}:${node.gid}, mode ${formatMode(node.mode)})`,
        }
    }
  },
})

function isWritable(
  { uid, gid, mode }: TreeNode,
  { user, groups }: Pick<ImageSubject, 'user' | 'groups'>,
): boolean {
  if ((mode & 0o002) !== 0) return true
  if (user === undefined || user.uid === 0) return false
  return uid === user.uid || ((mode & 0o020) !== 0 && (gid === user.gid || groups.has(gid)))
}
