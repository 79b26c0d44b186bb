import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { type ApkChecksum, apkChecksum, apkFields } from '../../../formats/apk/record.ts'
import { encodeTarHeader, tarEnd, tarPadding } from '../../../formats/tar/write.ts'
import type { DatabaseChanges, DatabaseRequest } from '../../../model/package/installed.ts'
import type { PackageContent } from '../../../model/package/package-content.ts'
import type { FileTree, TreeNode } from '../../../model/tree/file-tree.ts'
import { nameOf, parentOf } from '../../../model/tree/path.ts'
import { apkData } from '../archive/data.ts'
import { type ApkInstalled, apkInstalled, databaseFile, databaseFolder } from './record.ts'

type Written = DatabaseChanges['put'][number]

/** Where apk itself may be. */
const managers = ['sbin/apk', 'usr/sbin/apk', 'usr/bin/apk', 'bin/apk']

/**
 * apk's database for the finished tree, which lists what is there. Scripts and triggers stay as long as there is an
 * apk that runs them.
 */
export function writeDatabase({ root, before, kept }: DatabaseRequest): DatabaseChanges {
  const folder = databaseFolder(before)
  const records = kept.map(apkInstalled)
  const isManaged = managers.some((path) => root.resolve(path) !== undefined)
  const text = records.map((record) => `${paragraph(record, root)}\n\n`).join('')
  const put: Written[] = [
    { path: `${folder}/installed`, content: Buffer.from(text) },
    ...world(before, records),
  ]
  const others = before.list(folder).filter((name) => name !== 'installed')
  if (!isManaged)
    return changesOf(
      { put, remove: [...others.map((name) => `${folder}/${name}`), `${parentOf(folder)}/exec`] },
      before,
    )
  for (const name of others) {
    const path = `${folder}/${name}`
    const content = before.get(path)?.content
    if (content === undefined) continue
    if (name === 'triggers') put.push({ path, content: Buffer.from(triggersText(content, records)) })
    else if (name === 'scripts.tar') put.push({ path, content: scriptsTar(content, records) })
    else if (name === 'scripts.tar.gz') {
      const tar = gunzipSync(content, { maxOutputLength: scriptsLimit })
      const changed = scriptsTar(tar, records)
      if (!changed.equals(tar)) put.push({ path, content: gzipSync(changed, { level: 0 }) })
    }
  }
  return changesOf({ put, remove: [] }, before)
}

const scriptsLimit = 64 * 2 ** 20

function changesOf({ put, remove }: DatabaseChanges, before: FileTree): DatabaseChanges {
  return {
    put: put.filter(({ path, content }) => {
      const present = before.get(path)?.content
      return present === undefined || Buffer.compare(present, content) !== 0
    }),
    remove,
  }
}

function paragraph({ record, text, content }: ApkInstalled, root: FileTree): string {
  if (content !== undefined) return newParagraph(record, content, root)
  return leftOf(text ?? '', root)
}

/** Files that are gone are not listed, nor their folders. */
function leftOf(text: string, root: FileTree): string {
  const lines: string[] = []
  let folder = ''
  let stands = true
  for (const line of text.split('\n')) {
    const [letter, value] = [line.slice(0, 1), line.slice(2)]
    if (letter === 'F') {
      folder = value
      stands = folder === '' || root.resolve(folder)?.type === 'directory'
    } else if (letter === 'R') stands = root.get(placeIn(root, folder, value)) !== undefined
    else if (letter === 'a' || letter === 'Z' || letter === 'M') {
      if (stands) lines.push(line)
      continue
    } else stands = true
    if (stands) lines.push(line)
  }
  return lines.join('\n')
}

function placeIn(root: FileTree, folder: string, name: string): string {
  const real = folder === '' ? '' : (root.resolve(folder)?.path ?? folder)
  return real === '' ? name : `${real}/${name}`
}

function newParagraph(record: ApkInstalled['record'], content: PackageContent, root: FileTree): string {
  const lines = apkFields(record).map(([letter, value]) => `${letter}:${value}`)
  const folders = new Map<string, TreeNode[]>()
  const open = (path: string) => {
    const known = folders.get(path) ?? []
    folders.set(path, known)
    return known
  }
  const shipped = new Map<TreeNode, string>()
  for (const entry of content.entries) {
    if (/[\n\r]/.test(entry.path)) continue
    const node = root.get(placeIn(root, parentOf(entry.path), nameOf(entry.path)))
    if (node === undefined) continue
    if (entry.type === 'directory') open(entry.path)
    else {
      open(parentOf(entry.path)).push({ ...node, path: entry.path })
      const sum = entry.type === 'symlink' ? linkSum(entry.target ?? '') : entry.sha1
      const last = open(parentOf(entry.path)).at(-1)
      if (sum !== undefined && last !== undefined) shipped.set(last, sum)
    }
  }
  for (const [path, files] of [...folders].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(`F:${path}`)
    const node = root.get(path)
    if (node?.type === 'directory') lines.push(...attributes('M', node, 0o755))
    for (const file of files) {
      lines.push(`R:${nameOf(file.path)}`)
      if (file.type !== 'symlink') lines.push(...attributes('a', file, 0o644))
      const sum = shipped.get(file)
      if (sum !== undefined) lines.push(`Z:${apkChecksum(Buffer.from(sum, 'hex'))}`)
    }
  }
  return lines.join('\n')
}

function linkSum(target: string): string {
  return createHash('sha1').update(target).digest('hex')
}

function attributes(letter: 'M' | 'a', { uid, gid, mode }: TreeNode, usual: number): readonly string[] {
  return uid === 0 && gid === 0 && mode === usual ? [] : [`${letter}:${uid}:${gid}:${mode.toString(8)}`]
}

/** /etc/apk/world without the names of what is gone (apk-world(5)). */
function world(before: FileTree, records: readonly ApkInstalled[]): readonly Written[] {
  const node = before.resolve('etc/apk/world')
  const text = databaseFile(before)?.content
  if (node?.content === undefined || text === undefined) return []
  const was = new Set(
    Buffer.from(text)
      .toString('utf8')
      .match(/^P:.+$/gm)
      ?.map((line) => line.slice(2)),
  )
  const stays = new Set(records.map(({ record: { name } }) => name))
  const lines = Buffer.from(node.content).toString('utf8').split('\n')
  const left = lines.filter((line) => {
    const name = line.replace(/[<>=~@].*$/, '')
    return !was.has(name) || stays.has(name)
  })
  return [{ path: node.path, content: Buffer.from(left.join('\n')) }]
}

/** Lines of a package's checksum and the folders that it watches. */
function triggersText(content: Uint8Array, records: readonly ApkInstalled[]): string {
  const stays = new Set(
    records.flatMap(({ content: now, record }) => (now === undefined ? [record.checksum] : [])),
  )
  const kept = Buffer.from(content)
    .toString('utf8')
    .split('\n')
    .filter((line) => [...stays].some((checksum) => line.startsWith(`${checksum} `)))
  const added = records.flatMap(({ content: now, record }) => {
    const { triggers } = now === undefined ? { triggers: [] } : apkData(now)
    return triggers.length === 0 ? [] : [`${record.checksum} ${triggers.join(' ')}`]
  })
  return [...kept, ...added].map((line) => `${line}\n`).join('')
}

const block = 512

/** Scripts of what is installed, by names such as "busybox-1.37.0-r30.Q1….post-install". */
function scriptsTar(tar: Uint8Array, records: readonly ApkInstalled[]): Buffer {
  const stays = new Set(
    records.flatMap(({ content, record }) => (content === undefined ? [record.checksum] : [])),
  )
  const added = records.filter(({ content }) => content !== undefined)
  const dropped = entriesOf(tar).some(({ name }) => !stays.has(checksumIn(name)))
  if ((added.length === 0 && !dropped) || (entriesOf(tar).length === 0 && tar[0] !== 0))
    return Buffer.from(tar)
  const isHex = entriesOf(tar).some(({ name }) => /\.X1[0-9a-f]{40}\./.test(name))
  const parts = entriesOf(tar).flatMap(({ name, bytes }) => (stays.has(checksumIn(name)) ? [bytes] : []))
  for (const { content, record } of added) {
    const { name, version, checksum, buildTime = 0 } = record
    for (const [kind, text] of Object.entries(content === undefined ? {} : apkData(content).scripts)) {
      const bytes = Buffer.from(text)
      const sum = isHex ? `X1${Buffer.from(checksum.slice(2), 'base64').toString('hex')}` : checksum
      const path = `${name}-${version}.${sum}.${kind}`
      const entry = { path, type: 'file', mode: 0o755, uid: 0, gid: 0, mtime: buildTime } as const
      parts.push(encodeTarHeader({ ...entry, size: bytes.length }), bytes, tarPadding(bytes.length))
    }
  }
  return Buffer.concat([...parts, tarEnd])
}

/** apk 2 writes it as everywhere else, apk 3 in hex after "X1". */
function checksumIn(name: string): ApkChecksum {
  const [, base64, hex] = /\.(?:Q1([A-Za-z0-9+/]{27}=)|X1([0-9a-f]{40}))\.[a-z-]+$/.exec(name) ?? []
  return hex === undefined ? `Q1${base64 ?? ''}` : apkChecksum(Buffer.from(hex, 'hex'))
}

/** Whole entries of an archive of plain files, which is all that apk writes there; nothing of one that is not. */
function entriesOf(tar: Uint8Array): readonly { readonly name: string; readonly bytes: Uint8Array }[] {
  const entries: { name: string; bytes: Uint8Array }[] = []
  const bytes = Buffer.from(tar.buffer, tar.byteOffset, tar.length)
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0; ) {
    const name = bytes.toString('latin1', at, at + 100).replace(/\0.*$/s, '')
    const size = Number.parseInt(bytes.toString('latin1', at + 124, at + 136).replace(/[^0-7].*$/s, ''), 8)
    if (!Number.isSafeInteger(size) || size < 0) break
    // A header for a longer name, or anything else: what it belongs to is not taken apart.
    if (!['0', '\0'].includes(bytes.toString('latin1', at + 156, at + 157))) return []
    const end = at + block + Math.ceil(size / block) * block
    if (end > bytes.length) break
    entries.push({ name, bytes: bytes.subarray(at, end) })
    at = end
  }
  return entries
}
