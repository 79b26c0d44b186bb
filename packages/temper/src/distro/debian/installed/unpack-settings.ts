import { glob } from '../../../base/glob.ts'
import type { UnpackSettings } from '../../../model/package/installed.ts'
import type { FileTree } from '../../../model/tree/file-tree.ts'
import { dpkgFolder, textAt } from './record.ts'

/** Most lines that are read of a file of settings. */
const lineLimit = 10_000

/** path-exclude of dpkg.cfg(5), dpkg-divert(1) and dpkg-statoverride(1), as the tree has them. */
export function unpackSettings(root: FileTree): UnpackSettings {
  const filters = filtersOf(root)
  const diversions = diversionsOf(root)
  const overrides = overridesOf(root)
  return {
    place: (path, owner) => {
      if (filters.reduce((kept, { fits, keeps }) => (fits(path) ? keeps : kept), true) === false)
        return undefined
      const diverted = diversions.get(path)
      return diverted === undefined || diverted.by === owner ? path : diverted.to
    },
    attributes: (path) => overrides.get(path),
  }
}

interface Filter {
  readonly keeps: boolean
  fits(path: string): boolean
}

function filtersOf(root: FileTree): readonly Filter[] {
  const folder = 'etc/dpkg/dpkg.cfg.d'
  return root
    .list(folder)
    .flatMap((name) => linesOf(root, `${folder}/${name}`))
    .flatMap((line) => {
      const [, verb, pattern] = /^\s*path-(include|exclude)\s*=?\s*(\S+)\s*$/.exec(line) ?? []
      if (verb === undefined || pattern === undefined) return []
      // `*` goes over slashes there.
      const fits = glob(pattern.replace(/^\/+/, '').replace(/\*+/g, '**'))
      return [{ keeps: verb === 'include', fits }]
    })
}

/** Three lines each: path, other path, package; ":" for a local one. */
function diversionsOf(root: FileTree): ReadonlyMap<string, { readonly to: string; readonly by: string }> {
  const lines = linesOf(root, `${dpkgFolder}/diversions`)
  const diversions = new Map<string, { to: string; by: string }>()
  for (let at = 0; at + 2 < lines.length; at += 3) {
    const [from = '', to = '', by = ''] = lines.slice(at, at + 3)
    if (from.startsWith('/') && to.startsWith('/') && !to.split('/').includes('..'))
      diversions.set(from.slice(1), { to: to.slice(1), by })
  }
  return diversions
}

function overridesOf(
  root: FileTree,
): ReadonlyMap<string, NonNullable<ReturnType<UnpackSettings['attributes']>>> {
  return new Map(
    linesOf(root, `${dpkgFolder}/statoverride`).flatMap((line) => {
      const [, user, group, mode, path] = /^(\S+) (\S+) ([0-7]{3,5}) \/(\S+)$/.exec(line) ?? []
      if (user === undefined || group === undefined || path === undefined) return []
      return [[path, { user, group, mode: Number.parseInt(mode ?? '', 8) }] as const]
    }),
  )
}

function linesOf(root: FileTree, path: string): readonly string[] {
  return (textAt(root, path) ?? '').split('\n').slice(0, lineLimit)
}
