import type { DatabaseChanges, DatabaseRequest, SystemPackage } from '../../../model/package/installed.ts'
import type { FileTree } from '../../../model/tree/file-tree.ts'
import {
  checksumsOf,
  type DpkgRecord,
  dpkgFolder,
  dpkgRecord,
  isPresent,
  statusFolder,
  statusPath,
  textAt,
} from './record.ts'

type Written = DatabaseChanges['put'][number]

/**
 * The database of the remaining packages: dpkg's own if there is a dpkg, else a file for each package. Files that no
 * longer exist are not listed.
 */
export function writeDatabase(request: DatabaseRequest): DatabaseChanges {
  return isManaged(request.root) ? writeManaged(request) : writeForScanners(request)
}

function isManaged(root: FileTree): boolean {
  return root.resolve('usr/bin/dpkg') !== undefined && root.get(statusPath) !== undefined
}

function writeManaged({ root, before, kept }: DatabaseRequest): DatabaseChanges {
  const records = kept.map(dpkgRecord)
  const status = textAt(before, statusPath) ?? ''
  const put: Written[] = [{ path: statusPath, content: Buffer.from(statusText(status, records)) }]
  const remove: string[] = []
  const absent = absentNames(status)
  const stays = new Map(records.map((record) => [record.infoName, record]))
  for (const name of before.list(`${dpkgFolder}/info`)) {
    const path = `${dpkgFolder}/info/${name}`
    const record = stays.get(name.slice(0, name.lastIndexOf('.')))
    const content = before.get(path)?.content
    if (name === 'format' || absent.has(name.slice(0, name.lastIndexOf('.')))) continue
    if (record === undefined || (record.files !== undefined && !record.files.has(suffixOf(name))))
      remove.push(path)
    else if (record.files === undefined && content !== undefined)
      put.push({ path, content: accounted(suffixOf(name), content, root) })
  }
  for (const { files, infoName } of records)
    for (const [suffix, bytes] of files ?? []) {
      const mode = /^(?:pre|post)(?:inst|rm)$|^config$/.test(suffix) ? 0o755 : 0o644
      const path = `${dpkgFolder}/info/${infoName}.${suffix}`
      put.push({ path, content: accounted(suffix, bytes, root), mode })
    }
  return changesOf(put, remove, before)
}

function suffixOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}

/** Stanzas in the place of those that they replace; new ones by name. */
function statusText(before: string, records: readonly DpkgRecord[]): string {
  const now = new Map(records.map((record) => [record.previous?.text ?? record.text, record.text]))
  const stanzas = before.split(/\n(?:[ \t]*\n)+/).flatMap((text) => {
    const plain = text.replace(/^\n+|\s+$/g, '')
    const changed = now.get(plain)
    if (plain === '') return []
    // What is not installed is dpkg's own business.
    return changed ?? (isPresent(fieldIn(plain, statusField)) ? [] : plain)
  })
  for (const { text, files, previous } of records) {
    if (files === undefined || previous !== undefined) continue
    const name = nameIn(text)
    const at = stanzas.findIndex((each) => nameIn(each) > name)
    stanzas.splice(at < 0 ? stanzas.length : at, 0, text)
  }
  return stanzas.map((text) => `${text}\n\n`).join('')
}

function nameIn(stanza: string): string {
  return fieldIn(stanza, /^Package:(.*)$/im)
}

function fieldIn(stanza: string, field: RegExp): string {
  return field.exec(stanza)?.[1]?.trim() ?? ''
}

const statusField = /^Status:(.*)$/im

/** How the files below info/ begin of packages whose files are gone: what dpkg keeps of them is its own business too. */
function absentNames(status: string): ReadonlySet<string> {
  const gone = status.split(/\n(?:[ \t]*\n)+/).filter((stanza) => !isPresent(fieldIn(stanza, statusField)))
  return new Set(
    gone.flatMap((stanza) => [
      nameIn(stanza),
      `${nameIn(stanza)}:${fieldIn(stanza, /^Architecture:(.*)$/im)}`,
    ]),
  )
}

/** Lists and sums without what is gone; other files as they are. */
function accounted(suffix: string, content: Uint8Array, root: FileTree): Uint8Array {
  const left = suffix === 'list' ? leftOfList : suffix === 'md5sums' ? leftOfSums : undefined
  return left === undefined ? content : Buffer.from(left(Buffer.from(content).toString('utf8'), root))
}

function writeForScanners({ root, before, kept }: DatabaseRequest): DatabaseChanges {
  const put = kept.flatMap((installed): Written[] => {
    const { infoName } = dpkgRecord(installed)
    const sums = checksumsOf(before, dpkgRecord(installed)).filter(([path]) => stands(root, path))
    return [
      { path: `${statusFolder}/${infoName}`, content: Buffer.from(stanzaText(installed)) },
      {
        path: `${statusFolder}/${infoName}.md5sums`,
        content: Buffer.from(sums.map(([path, sum]) => `${sum}  ${path}\n`).join('')),
      },
    ]
  })
  const stays = new Set(put.map(({ path }) => path))
  const others = before.list(dpkgFolder).map((name) => `${dpkgFolder}/${name}`)
  const left = before.list(statusFolder).map((name) => `${statusFolder}/${name}`)
  const remove = [
    ...others.filter((path) => path !== statusFolder),
    ...left.filter((path) => !stays.has(path)),
  ]
  return changesOf(put, remove, before)
}

function stanzaText(installed: SystemPackage): string {
  return `${dpkgRecord(installed).text}\n`
}

function leftOfList(text: string, root: FileTree): string {
  return text
    .split('\n')
    .filter((line) => line === '/.' || (line !== '' && stands(root, line)))
    .map((line) => `${line}\n`)
    .join('')
}

function leftOfSums(text: string, root: FileTree): string {
  return text
    .split('\n')
    .filter((line) => line.length > 34 && stands(root, line.slice(34)))
    .map((line) => `${line}\n`)
    .join('')
}

/** Whether there is something at a path as packages write it; links in its folders are followed. */
function stands(root: FileTree, path: string): boolean {
  const plain = path.replace(/^\.?\/+/, '')
  if (root.get(plain) !== undefined) return true
  const slash = plain.lastIndexOf('/')
  const folder = slash < 0 ? undefined : root.resolve(plain.slice(0, slash))
  return folder !== undefined && root.get(`${folder.path}${plain.slice(slash)}`) !== undefined
}

/** Only what is not there as it is. */
function changesOf(put: readonly Written[], remove: readonly string[], before: FileTree): DatabaseChanges {
  return {
    put: put.filter(({ path, content }) => {
      const present = before.get(path)?.content
      return present === undefined || Buffer.compare(present, content) !== 0
    }),
    remove,
  }
}
