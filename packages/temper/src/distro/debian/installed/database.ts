import { TemperError } from '../../../base/error.ts'
import { parseStanza, type Stanza } from '../../../formats/deb822.ts'
import type { InstalledDatabase, InstalledState, SystemPackage } from '../../../model/package/installed.ts'
import type { FileTree } from '../../../model/tree/file-tree.ts'
import { installRecord } from './install.ts'
import {
  checksumsOf,
  type DpkgRecord,
  dpkgFolder,
  isPresent,
  statusFolder,
  statusPath,
  textAt,
} from './record.ts'
import { conffilesOf, describeStanza } from './stanza.ts'
import { unpackSettings } from './unpack-settings.ts'
import { writeDatabase } from './write.ts'

const limit = { stanzas: 50_000 } as const

/** dpkg's database, and the one with a file for each package in images without dpkg (such as Distroless). */
export const dpkgDatabase: InstalledDatabase = {
  reads: (path) =>
    path === statusPath ||
    path.startsWith(`${statusFolder}/`) ||
    path === `${dpkgFolder}/diversions` ||
    path === `${dpkgFolder}/statoverride` ||
    path.startsWith('etc/dpkg/dpkg.cfg.d/') ||
    (path.startsWith(`${dpkgFolder}/info/`) && /\.(?:list|md5sums|conffiles|triggers)$/.test(path)),
  read: (root) => readDatabase(root),
  owns: (path) => path.startsWith(`${dpkgFolder}/`),
  write: writeDatabase,
  install: installRecord,
  unpackSettings,
}

function readDatabase(root: FileTree): InstalledState | undefined {
  const status = root.get(statusPath)
  const singles = root.list(statusFolder).filter((name) => !name.endsWith('.md5sums'))
  if (status === undefined && singles.length === 0) return undefined
  if (status?.type === 'file' && status.content === undefined)
    throw new TemperError('limit-exceeded', `/${statusPath} is too large to be read`)
  const texts = [
    ...(textAt(root, statusPath) ?? '').split(/\n(?:[ \t]*\n)+/).map((text) => [text, statusPath] as const),
    ...singles.map(
      (name) => [textAt(root, `${statusFolder}/${name}`) ?? '', `${statusFolder}/${name}`] as const,
    ),
  ]
  const packages: SystemPackage[] = []
  const unread: string[] = []
  for (const [text, place] of texts) {
    if (text.trim() === '') continue
    if (packages.length >= limit.stanzas)
      throw new TemperError('limit-exceeded', `/${dpkgFolder} lists more than ${limit.stanzas} packages`)
    const entry = readPackage(text.replace(/^\n+|\s+$/g, ''), place, root)
    if (typeof entry === 'string') unread.push(entry)
    else if (entry !== undefined) packages.push(entry)
  }
  return { packages, unread }
}

/** Undefined for what is not installed; a text for what cannot be understood. */
function readPackage(text: string, place: string, root: FileTree): SystemPackage | string | undefined {
  const stanza = stanzaOf(text, place)
  if (typeof stanza === 'string') return stanza
  const status = stanza.get('Status')
  if (status !== undefined && !isPresent(status)) return undefined
  const name = stanza.get('Package') ?? ''
  const version = stanza.get('Version') ?? ''
  const architecture = stanza.get('Architecture') ?? ''
  if (!/^[a-z0-9][a-z0-9+.-]{0,255}$/.test(name) || !/^[A-Za-z0-9.+~:-]{1,1024}$/.test(version))
    return `/${place}: a package without a proper name or version`
  const infoName = root.get(`${dpkgFolder}/info/${name}:${architecture}.list`)
    ? `${name}:${architecture}`
    : name
  const record: DpkgRecord = { text, place, infoName }
  try {
    return {
      package: describeStanza(stanza, { name, version, architecture }, text),
      files: filesOf(root, record),
      conffiles: conffilesOf(stanza),
      own: record,
    }
  } catch (error) {
    if (error instanceof TemperError && error.code === 'bad-index') return `${name}: ${error.message}`
    throw error
  }
}

function stanzaOf(text: string, place: string): Stanza | string {
  try {
    return parseStanza(text, { what: `/${place}`, code: 'bad-index' })
  } catch (error) {
    if (error instanceof TemperError && error.code === 'bad-index') return error.message
    throw error
  }
}

/** info/NAME.list names all that the package brought; without dpkg only the files with checksums are known. */
function filesOf(root: FileTree, { infoName, place }: DpkgRecord): readonly string[] {
  const listed = textAt(root, `${dpkgFolder}/info/${infoName}.list`)
  if (listed !== undefined)
    return listed
      .split('\n')
      .flatMap((line) => (line.length > 1 && line !== '/.' ? [line.replace(/^\/+/, '')] : []))
  return checksumsOf(root, { infoName, place }).map(([path]) => path)
}
