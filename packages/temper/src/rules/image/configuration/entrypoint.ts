import { nodePlace } from '../../../model/rule.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import { formatMode } from '../../hardening/subject.ts'
import { entryOf } from '../entry.ts'
import { imageRule } from '../rule.ts'
import type { ImageSubject } from '../subject.ts'

export const entrypoint = imageRule({
  id: 'entrypoint',
  title: 'The program that the image starts exists, and the user may run it',
  why: 'Otherwise the container ends before it has started, and the first to notice is whoever deploys it.',
  fix: 'install the program, correct ENTRYPOINT or CMD, or give the file mode 0755',
  level: 'error',
  aspect: 'policy',
  tier: 'minimal',
  setting: 'entrypoint',
  needs: ['image'],
  *check(subject) {
    const { image, user } = subject
    const { command, node } = entryOf(subject, image)
    const [name = ''] = command
    if (name === '' || !image.platform.startsWith('linux/')) return
    if (node === undefined) {
      yield {
        place: { kind: 'whole' },
        subject: name.slice(0, 200),
        found: 'the program that the image starts does not exist',
      }
    } else if (node.type === 'file' && !mayRun(node, subject)) {
      const found = `uid ${user?.uid ?? 0} may not run the program that the image starts (mode ${formatMode(node.mode)})`
      yield { place: nodePlace(node), found, level: 'warning' }
    }
  },
})

function mayRun(
  { mode, uid, gid }: TreeNode,
  { user, groups }: Pick<ImageSubject, 'user' | 'groups'>,
): boolean {
  if (user === undefined || user.uid === 0) return (mode & 0o111) !== 0
  if (uid === user.uid) return (mode & 0o100) !== 0
  if (gid === user.gid || groups.has(gid)) return (mode & 0o010) !== 0
  return (mode & 0o001) !== 0
}
