import type { DatabaseChanges, DatabaseRequest, InstalledPackage } from '../../../model/package/installed.ts'
import type { FileTree } from '../../../model/tree/file-tree.ts'
import { checksumsOf, dpkgFolder, dpkgRecord, statusFolder, textAt } from './record.ts'

interface Written {
  readonly path: string
  readonly text: string
}

/**
 * The database of what is left: dpkg's own while there is a dpkg, else a file a package. Files that are no longer there
 * are not accounted for.
 */
export function writeDatabase(request: DatabaseRequest): DatabaseChanges {
  return isManaged(request.root) ? writeManaged(request) : writeForScanners(request)
}

function isManaged(root: FileTree): boolean {
  return root.resolve('usr/bin/dpkg') !== undefined
}

function writeManaged({ root, before, kept }: DatabaseRequest): DatabaseChanges {
  const isKept = new Set(kept.map((found) => dpkgRecord(found).text))
  const names = new Set(kept.map((found) => dpkgRecord(found).infoName))
  const put: Written[] = []
  const remove: string[] = []
  const status = textAt(before, `${dpkgFolder}/status`)
  if (status !== undefined) {
    const stanzas = status.split(/\n(?:[ \t]*\n)+/).map((text) => text.replace(/^\n+|\s+$/g, ''))
    const left = stanzas.filter(
      (text) => text !== '' && (isKept.has(text) || !/^Status:.* installed$/m.test(text)),
    )
    put.push({ path: `${dpkgFolder}/status`, text: left.map((text) => `${text}\n\n`).join('') })
  }
  for (const name of before.list(`${dpkgFolder}/info`)) {
    const path = `${dpkgFolder}/info/${name}`
    const owner = name.slice(0, name.lastIndexOf('.'))
    const text = textAt(before, path)
    if (name !== 'format' && !names.has(owner)) remove.push(path)
    else if (text === undefined) continue
    else if (name.endsWith('.list')) put.push({ path, text: leftOfList(text, root) })
    else if (name.endsWith('.md5sums')) put.push({ path, text: leftOfSums(text, root) })
  }
  return changesOf(put, remove, before)
}

function writeForScanners({ root, before, kept }: DatabaseRequest): DatabaseChanges {
  const put = kept.flatMap((found): Written[] => {
    const { infoName } = dpkgRecord(found)
    const sums = checksumsOf(before, dpkgRecord(found)).filter(([path]) => root.resolve(path) !== undefined)
    return [
      { path: `${statusFolder}/${infoName}`, text: stanzaText(found) },
      {
        path: `${statusFolder}/${infoName}.md5sums`,
        text: sums.map(([path, sum]) => `${sum}  ${path}\n`).join(''),
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

/** Without what only dpkg reads: a package does not get to say that it is not installed, nor lists files that are gone. */
function stanzaText(found: InstalledPackage): string {
  return `${dpkgRecord(found).text}\n`
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
    put: put.flatMap(({ path, text }) => {
      const content = Buffer.from(text)
      const present = before.get(path)?.content
      return present !== undefined && content.equals(present) ? [] : [{ path, content }]
    }),
    remove,
  }
}
