import { TemperError } from '../../../base/error.ts'
import { apkRecord } from '../../../formats/apk/record.ts'
import type { InstalledDatabase, InstalledState, SystemPackage } from '../../../model/package/installed.ts'
import type { FileTree } from '../../../model/tree/file-tree.ts'
import { apkData } from '../archive/data.ts'
import { indexedPackage } from '../index/package.ts'
import { type ApkInstalled, apkInstalled, databaseFile } from './record.ts'
import { writeDatabase } from './write.ts'

/** apk's database of what is installed (apk-tools, src/database.c). */
export const apkDatabase: InstalledDatabase = {
  reads: (path) =>
    /^(?:usr\/)?lib\/apk\/db\/(?:installed|triggers|scripts\.tar(?:\.gz)?)$/.test(path) ||
    path === 'etc/apk/world',
  owns: (path) => /^(?:usr\/)?lib\/apk\/(?:db|exec)(?:\/|$)/.test(path),
  read: readDatabase,
  write: writeDatabase,
  install: async ({ package: locked, content, previous }) => {
    const record = { ...apkData(content).record, size: locked.size }
    const own: ApkInstalled = {
      record,
      content,
      ...(previous === undefined ? {} : { previous: apkInstalled(previous) }),
    }
    return {
      package: { ...indexedPackage(record, nowhere), origin: locked.origin },
      files: content.entries.map(({ path }) => path),
      conffiles: new Map(
        content.entries.flatMap(({ path, type, sha1 }) =>
          type === 'file' && sha1 !== undefined && isProtected(path) ? [[path, `sha1:${sha1}`] as const] : [],
        ),
      ),
      own,
    }
  },
  unpackSettings: () => ({ place: (path) => path, attributes: () => undefined }),
}

const nowhere = { repository: '', suite: '', component: '', folder: '' }
const packageLimit = 50_000

/** Where apk asks before it overwrites what somebody changed (apk-protected_paths(5)). */
function isProtected(path: string): boolean {
  return path.startsWith('etc/')
}

function readDatabase(root: FileTree): InstalledState | undefined {
  const file = databaseFile(root)
  if (file === undefined) return undefined
  if (file.content === undefined)
    throw new TemperError('limit-exceeded', `/${file.path} is too large to be read`)
  const packages: SystemPackage[] = []
  const unread: string[] = []
  for (const text of Buffer.from(file.content).toString('utf8').split(/\n\n+/)) {
    if (text.trim() === '') continue
    if (packages.length >= packageLimit)
      throw new TemperError('limit-exceeded', `/${file.path} lists more than ${packageLimit} packages`)
    try {
      packages.push(readParagraph(text.replace(/^\n+|\s+$/g, '')))
    } catch (error) {
      if (!(error instanceof TemperError && error.code === 'bad-index')) throw error
      unread.push(error.message)
    }
  }
  return { packages, unread }
}

function readParagraph(text: string): SystemPackage {
  const fields = new Map<string, string>()
  const files: string[] = []
  const conffiles = new Map<string, string>()
  let folder = ''
  let file = ''
  for (const line of text.split('\n')) {
    const [letter, value] = [line.slice(0, 1), line.slice(2)]
    if (line[1] !== ':') continue
    if (letter === 'F') {
      folder = value
      if (folder !== '') files.push(folder)
    } else if (letter === 'R') {
      file = folder === '' ? value : `${folder}/${value}`
      files.push(file)
    } else if (letter === 'Z') {
      if (isProtected(file) && value.startsWith('Q1'))
        conffiles.set(file, `sha1:${Buffer.from(value.slice(2), 'base64').toString('hex')}`)
    } else if (!fields.has(letter)) fields.set(letter, value)
  }
  const record = apkRecord(fields, 'the database of what is installed')
  const own: ApkInstalled = { record, text }
  return {
    package: {
      ...indexedPackage(record, nowhere),
      origin: { repository: '', suite: '', component: '', location: '' },
    },
    files,
    conffiles,
    own,
  }
}
