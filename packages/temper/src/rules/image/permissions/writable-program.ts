import { nodePlace } from '../../../model/rule.ts'
import { formatMode } from '../../hardening/subject.ts'
import { imageRule } from '../rule.ts'

export const writableProgram = imageRule({
  id: 'writable-program',
  title: 'No program lies where the user may write',
  why: 'Careful operators mount writable folders without the right to execute (noexec). A program there can be changed.',
  fix: 'put it into a folder of root, and keep only data in writable folders',
  level: 'note',
  aspect: 'user-and-permissions',
  tier: 'secure',
  needs: ['user'],
  *check({ nodes, user, isDeclared }) {
    if (user.uid === 0) return
    for (const node of nodes) {
      if (node.type !== 'file' || !isDeclared(node.path)) continue
      const isProgram = node.elf !== undefined || (node.shebang !== undefined && (node.mode & 0o111) !== 0)
      if (!isProgram || node.uid !== user.uid) continue
      yield { place: nodePlace(node), found: `a program of uid ${node.uid} (mode ${formatMode(node.mode)})` }
    }
  },
})
