import type { SystemPackage } from '../../model/package/installed.ts'
import type { FileTree } from '../../model/tree/file-tree.ts'
import { canonicalPath } from '../../model/tree/look-up.ts'
import { parentOf } from '../../model/tree/path.ts'

/** The packages that brought each file, by real path in the tree, since packages may write through links. */
export interface Owners {
  /** The package of a path; undefined when no package claims it. */
  of(path: string): SystemPackage | undefined
  /** How many packages have the path; for folders there may be many. */
  count(path: string): number
  paths(installed: SystemPackage): readonly string[]
}

export function ownersIn(root: FileTree, packages: readonly SystemPackage[]): Owners {
  const folders = new Map<string, string>()
  const real = (path: string): string => {
    const above = parentOf(path)
    let folder = folders.get(above)
    if (folder === undefined) {
      // A last part that need not exist shows where its folder really is.
      folder = above === '' ? '' : parentOf(canonicalPath(root, `${above}/x`))
      folders.set(above, folder)
    }
    const name = path.slice(path.lastIndexOf('/') + 1)
    return folder === '' ? name : `${folder}/${name}`
  }
  const byPath = new Map<string, SystemPackage>()
  const counts = new Map<string, number>()
  const byPackage = new Map<SystemPackage, readonly string[]>()
  for (const installed of packages) {
    const paths = installed.files.map(real)
    byPackage.set(installed, paths)
    for (const path of paths) {
      counts.set(path, (counts.get(path) ?? 0) + 1)
      byPath.set(path, installed)
    }
  }
  return {
    of: (path) => byPath.get(path),
    count: (path) => counts.get(path) ?? 0,
    paths: (installed) => byPackage.get(installed) ?? [],
  }
}
