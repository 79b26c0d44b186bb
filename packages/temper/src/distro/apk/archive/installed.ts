import { createHash } from 'node:crypto'
import { apkChecksum, apkFields } from '../../../formats/apk/record.ts'
import type { DatabaseEntry, DatabasePackage } from '../../../model/distro.ts'
import type { RootNode, RootView } from '../../../model/root.ts'
import { type ApkRelease, apkArchitectures, componentPath } from '../release.ts'
import { apkData } from './data.ts'

/**
 * The database of installed packages (apk-tools, doc/apk-v2.5 and src/database.c), which apk and scanners read, with
 * the files that they need to read it. It lists what the image has, with the attributes there. Scripts and triggers
 * are not listed, since their effects are done and there is nothing to run them.
 */
export function installedDatabase(
  packages: readonly DatabasePackage[],
  root: RootView,
  release: ApkRelease,
): readonly DatabaseEntry[] {
  const sorted = [...packages].sort((a, b) => (a.package.name < b.package.name ? -1 : 1))
  const world = sorted.filter(({ package: { wantedBy } }) => wantedBy === 'recipe')
  const architectures = Object.values(apkArchitectures)
  const architecture = sorted
    .map(({ package: installed }) => installed.architecture)
    .find((name) => architectures.includes(name))
  const addresses = release.components.map((component) => {
    const path = componentPath(release, component)
    return path === '' ? `${release.address}\n` : `${release.address}/${path}\n`
  })
  const database = `${release.database}/installed`
  const own = sorted.map((installed) => `${paragraph(installed, root)}\n`).join('')
  const worldLines = world.map(({ package: { name } }) => name)
  const before = { database: ofBase(database, root), world: ofBase('etc/apk/world', root) }
  const files = {
    [database]: before.database === '' ? own : `${before.database.trimEnd()}\n\n${own}`,
    'etc/apk/world': [...new Set([...before.world.split('\n'), ...worldLines])]
      .filter((line) => line !== '')
      .map((line) => `${line}\n`)
      .join(''),
    'etc/apk/repositories': ofBase('etc/apk/repositories', root) || addresses.join(''),
    ...(architecture === undefined ? {} : { 'etc/apk/arch': `${architecture}\n` }),
  }
  const encoder = new TextEncoder()
  return Object.entries(files).map(([path, text]) => ({ path, content: encoder.encode(text) }))
}

/** What the image that this one begins with has there. */
function ofBase(path: string, root: RootView): string {
  const node = root.resolve(path)
  return node?.origin.kind === 'base' ? Buffer.from(node.content ?? '').toString('utf8') : ''
}

function paragraph({ package: installed, content, keptPaths }: DatabasePackage, root: RootView): string {
  const fields = apkFields({ ...apkData(content).record, size: installed.size })
  const lines = fields.map(([letter, value]) => `${letter}:${value}\n`)
  const own = nodesOf(installed.name, keptPaths, { root, content })
  for (const [path, nodes] of byFolder(own)) {
    lines.push(`F:${path}\n`)
    const node = root.get(path)
    if (node !== undefined && path !== '') lines.push(...attributes('M', node, 0o755))
    for (const file of nodes) {
      lines.push(`R:${file.path.slice(path === '' ? 0 : path.length + 1)}\n`)
      lines.push(...attributes('a', file, 0o644))
      const sum = checksum(file)
      if (sum !== undefined) lines.push(`Z:${sum}\n`)
    }
  }
  return lines.join('')
}

/** What of the package is in the image, under the names that it has there: names cannot begin lines of their own. */
function nodesOf(
  name: string,
  keptPaths: ReadonlySet<string>,
  { root, content }: { readonly root: RootView } & Pick<DatabasePackage, 'content'>,
): readonly RootNode[] {
  const nodes: RootNode[] = []
  for (const entry of content.entries) {
    const node = root.get(entry.path)
    if (node === undefined || /[\n\r]/.test(node.path)) continue
    const isFolder = entry.type === 'directory' && node.type === 'directory'
    const isFile = keptPaths.has(entry.path) && node.origin.kind === 'package' && node.origin.package === name
    if (isFolder || isFile) nodes.push(node)
  }
  return nodes
}

/** Folders, sorted, each with the files that lie in it. */
function byFolder(nodes: readonly RootNode[]): readonly (readonly [string, readonly RootNode[]])[] {
  const folders = new Map<string, RootNode[]>()
  const open = (path: string) => {
    const known = folders.get(path)
    if (known) return known
    const made: RootNode[] = []
    folders.set(path, made)
    return made
  }
  for (const node of nodes) {
    if (node.type === 'directory') open(node.path)
    else open(node.path.includes('/') ? node.path.slice(0, node.path.lastIndexOf('/')) : '').push(node)
  }
  return [...folders].sort(([a], [b]) => (a < b ? -1 : 1))
}

function attributes(letter: 'M' | 'a', { uid, gid, mode }: RootNode, usual: number): readonly string[] {
  return uid === 0 && gid === 0 && mode === usual ? [] : [`${letter}:${uid}:${gid}:${mode.toString(8)}\n`]
}

/** SHA-1 of a file's bytes, or of where a symlink leads. */
function checksum({ type, sha1, target = '' }: RootNode): string | undefined {
  if (type === 'symlink') return apkChecksum(createHash('sha1').update(target).digest())
  return sha1 === undefined ? undefined : apkChecksum(Buffer.from(sha1, 'hex'))
}
