import { nodePlace } from '../../../model/rule.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import { imageRule } from '../rule.ts'
import type { ImageSubject } from '../subject.ts'

/** Where builds are made and temporary files lie: whoever gets to make such a folder is loaded from. */
const foreign =
  /^\/(?:tmp|var\/tmp|dev\/shm|home|root|build|builddir|builds|workspace|github|mnt|media)(?:\/|$)/

export const libraryPath = imageRule({
  id: 'library-path',
  title: 'Programs look for libraries only where nobody else can put one',
  why: 'The loader takes the first library of that name. From a folder that others can write to, or that depends on the working directory, it runs their code.',
  fix: 'link it without -rpath, or with $ORIGIN (patchelf --remove-rpath)',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  *check(subject) {
    for (const node of subject.nodes) {
      const { elf } = node
      if (elf === undefined) continue
      const folders = new Set([...elf.rpath, ...elf.runpath])
      for (const folder of folders) {
        const why = faultOf(folder, subject)
        if (why === undefined) continue
        yield { place: nodePlace(node), found: `it looks for libraries in "${folder.slice(0, 200)}", ${why}` }
        break
      }
    }
  },
})

function faultOf(folder: string, { root, user, isDeclared }: ImageSubject): string | undefined {
  if (folder.startsWith('$') || folder === '') return undefined
  if (!folder.startsWith('/')) return 'which depends on the working directory'
  const node = root.resolve(folder.replace(/^\/+/, ''))
  if (node !== undefined) return isOpen(node, user) ? 'which others can write to' : undefined
  if (isDeclared(folder.replace(/^\/+/, ''))) return 'which is written to while it runs'
  return foreign.test(folder) ? 'a folder of the builder' : undefined
}

function isOpen({ mode, uid }: TreeNode, user: ImageSubject['user']): boolean {
  return (mode & 0o002) !== 0 || (user !== undefined && user.uid !== 0 && uid === user.uid)
}
