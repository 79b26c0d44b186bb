import { nodePlace } from '../../../model/rule.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import { imageRule } from '../rule.ts'

/** Folders where the loader looks by itself (ld.so(8)); what is elsewhere is loaded by whoever put it there. */
const libraryFolder = /^(?:usr\/)?(?:lib|lib64|local\/lib)\/(?:[a-z0-9_]+-linux-[a-z]+\/)?[^/]+$/

/** Loaded by names that stand in settings or in the C library: name services, conversions, the loader itself. */
const loadedByName =
  /^(?:lib(?:nss|nsl|pam|gcc_s|thread_db|memusage|pcprofile|SegFault|BrokenLocale)[._-]|ld[-.]|libc\.|libc_)/

export const unusedLibrary = imageRule({
  id: 'unused-library',
  title: 'Every library is needed by a program or another library',
  why: 'A library that nothing loads is only there to be attacked, scanned and explained.',
  fix: 'leave out the package that brings it, or copy only the libraries that programs need',
  level: 'note',
  aspect: 'contents',
  tier: 'secure',
  *check({ root, nodes }) {
    const needed = new Set<string>()
    for (const { elf } of nodes) for (const name of elf?.needed ?? []) needed.add(basename(name))
    const used = new Set<TreeNode>()
    for (const node of nodes) {
      if (node.type !== 'symlink' || !needed.has(basename(node.path))) continue
      const real = root.resolve(node.path)
      if (real !== undefined) used.add(real)
    }
    for (const node of nodes) {
      const name = basename(node.path)
      const { elf } = node
      if (elf?.kind !== 'shared' || elf.soname === undefined || !libraryFolder.test(node.path)) continue
      if (used.has(node) || needed.has(name) || needed.has(elf.soname) || loadedByName.test(name)) continue
      yield { place: nodePlace(node), found: `no program or library needs ${elf.soname}` }
    }
  },
})

function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
