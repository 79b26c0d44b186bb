import { createHash } from 'node:crypto'
import type { LockedPackage } from '../../../model/lock.ts'
import type { SystemPackage, UnpackSettings } from '../../../model/package/installed.ts'
import {
  capturedBytes,
  type PackageContent,
  type PackageEntry,
} from '../../../model/package/package-content.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import type { MemoryTree } from '../../../model/tree/memory-tree.ts'
import { parentOf } from '../../../model/tree/path.ts'
import type { LeftOver } from '../request.ts'

/** An update with everything that was read of its package. */
export interface ReadUpdate {
  readonly package: LockedPackage
  readonly content: PackageContent
  readonly installed: SystemPackage
  readonly from?: SystemPackage
}

export interface LayRequest {
  readonly root: MemoryTree<TreeNode>
  readonly updates: readonly ReadUpdate[]
  /** All that will be installed. */
  readonly installed: readonly SystemPackage[]
  readonly settings: UnpackSettings
  /** Bytes of configuration files that are there, by their real path. */
  readonly contents: ReadonlyMap<string, Uint8Array>
  /** Numbers of accounts in the image, by name. */
  readonly ids: { readonly users: ReadonlyMap<string, number>; readonly groups: ReadonlyMap<string, number> }
}

/**
 * Lays the files of new versions over those of the old ones as dpkg does (Debian Policy 6.6 and 10.7.3): files that
 * the new version lacks are removed, except folders in use and configuration; a configuration file that somebody
 * changed stays as it is. Returns what a person has to look at.
 */
export function layUpdates(request: LayRequest): readonly LeftOver[] {
  const { root, updates } = request
  const left: LeftOver[] = []
  const placed = new Set<string>()
  for (const update of updates) {
    const links = new Map<string, PackageEntry>()
    for (const entry of update.content.entries) {
      if (entry.type === 'file') links.set(entry.path, entry)
      const at = request.settings.place(entry.path, update.package.name)
      if (at === undefined) continue
      const path = root.canonical(at)
      placed.add(path)
      const kept = keepsOwn(path, entry, { update, request })
      if (kept !== undefined) {
        if (kept !== '') left.push({ what: `/${path}`, why: kept })
        continue
      }
      put({ path, entry: entry.type === 'hardlink' ? shared(entry, links) : entry }, update, request)
    }
  }
  for (const { from } of updates) if (from !== undefined) removeOld(from, placed, request)
  removeCompiled(root, placed)
  return left
}

/** A hard link has all that is known of what it shares; the layer makes it a link again. */
function shared(entry: PackageEntry, links: Map<string, PackageEntry>): PackageEntry {
  const file = links.get(entry.target ?? '')
  if (file === undefined) return entry
  links.set(entry.path, file)
  return { ...file, path: entry.path }
}

function put(
  { path, entry }: { readonly path: string; readonly entry: PackageEntry },
  { package: { name }, content }: ReadUpdate,
  { root, settings, ids }: LayRequest,
): void {
  const present = root.get(path)
  if (entry.type === 'directory') {
    const end = present?.type === 'symlink' ? root.resolve(path) : present
    if (end?.type === 'directory') return
  }
  // dpkg puts no link in the place of a folder: scripts of packages do that.
  if (present?.type === 'directory' && entry.type === 'symlink') return
  const fixed = settings.attributes(entry.path)
  const { userName, groupName, xattrs: _xattrs, ...own } = entry
  const user = fixed?.user ?? userName
  const group = fixed?.group ?? groupName
  const captured = capturedBytes(content, entry.path)
  const node: TreeNode = {
    ...own,
    path,
    mode: fixed?.mode ?? entry.mode,
    uid: idOf(user, ids.users) ?? entry.uid,
    gid: idOf(group, ids.groups) ?? entry.gid,
    origin: { kind: 'package', package: name, path: entry.path },
    ...(captured === undefined ? {} : { content: captured }),
  }
  root.put(node)
}

function idOf(name: string | undefined, ids: ReadonlyMap<string, number>): number | undefined {
  if (name === undefined) return undefined
  return name.startsWith('#') ? Number(name.slice(1)) : ids.get(name)
}

/** Why a configuration file stays as it is: empty where nobody need look at it; undefined where it does not. */
function keepsOwn(
  path: string,
  entry: PackageEntry,
  {
    update: { installed, from },
    request: { root, contents },
  }: { readonly update: ReadUpdate; readonly request: LayRequest },
): string | undefined {
  const now = installed.conffiles.get(entry.path)
  const before = from?.conffiles.get(entry.path)
  if (now === undefined || entry.type !== 'file') return undefined
  const present = root.resolve(path)
  // Somebody removed it, and it stays so.
  if (present === undefined) return before === undefined ? undefined : ''
  const content = contents.get(present.path)
  const [algorithm = ''] = now.split(':')
  const sum = content && `${algorithm}:${createHash(algorithm).update(content).digest('hex')}`
  if (sum === now || sum === before) return sum === now ? '' : undefined
  return before === now
    ? ''
    : 'it was changed, and the new version of its package changes it too: it stays as it is'
}

/** What only the old version had. */
function removeOld(from: SystemPackage, placed: ReadonlySet<string>, { root, installed }: LayRequest): void {
  const others = new Set(
    installed.flatMap((each) => (each.package.name === from.package.name ? [] : each.files)),
  )
  const folders: string[] = []
  for (const listed of from.files) {
    if (others.has(listed) || from.conffiles.has(listed)) continue
    const path = root.canonical(listed)
    const node = root.get(path)
    if (node === undefined || placed.has(path)) continue
    if (node.type === 'directory') folders.push(path)
    // A link that leads to a folder of others is theirs (usr-merge).
    else if (node.type !== 'symlink' || root.resolve(path)?.type !== 'directory' || !isTop(path))
      root.remove(path)
  }
  for (const path of folders.sort().reverse()) if (root.list(path).length === 0) root.remove(path)
}

/** What Python has compiled of a module that is another one now, or gone: py3clean(1) takes it away. */
function removeCompiled(root: MemoryTree<TreeNode>, placed: ReadonlySet<string>): void {
  const folders = new Set([...placed].flatMap((path) => (path.endsWith('.py') ? [parentOf(path)] : [])))
  for (const folder of folders) {
    const compiled = `${folder}/__pycache__`
    for (const name of root.list(compiled)) {
      const module = /^(.+?)\.[a-z]+-\d+(?:\.opt-\d)?\.pyc$/.exec(name)?.[1]
      const source = `${folder}/${module}.py`
      if (module === undefined || placed.has(`${compiled}/${name}`)) continue
      if (placed.has(source) || root.get(source) === undefined) root.remove(`${compiled}/${name}`)
    }
    if (root.get(compiled) !== undefined && root.list(compiled).length === 0) root.remove(compiled)
  }
}

function isTop(path: string): boolean {
  return parentOf(path) === ''
}
