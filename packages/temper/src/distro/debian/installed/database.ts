import { sha256 } from '../../../base/digest.ts'
import { TemperError } from '../../../base/error.ts'
import { parseStanza, type Stanza } from '../../../formats/deb822.ts'
import type { InstalledDatabase, InstalledPackage, InstalledState } from '../../../model/package/installed.ts'
import type { IndexedPackage } from '../../../model/package/package.ts'
import type { FileTree } from '../../../model/tree/file-tree.ts'
import { multiArchOf, sourceOf } from '../index/record.ts'
import { parseDependencies, parseRequirements } from '../packages/relation.ts'
import { checksumsOf, type DpkgRecord, dpkgFolder, statusFolder, statusPath, textAt } from './record.ts'
import { writeDatabase } from './write.ts'

const limit = { stanzas: 50_000 } as const

/** dpkg's database, and the one of a file a package that images without dpkg have (as Distroless does). */
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
  const packages: InstalledPackage[] = []
  const unread: string[] = []
  for (const [text, place] of texts) {
    if (text.trim() === '') continue
    if (packages.length >= limit.stanzas)
      throw new TemperError('limit-exceeded', `/${dpkgFolder} lists more than ${limit.stanzas} packages`)
    const found = readPackage(text.replace(/^\n+|\s+$/g, ''), place, root)
    if (typeof found === 'string') unread.push(found)
    else if (found !== undefined) packages.push(found)
  }
  return { packages, unread }
}

/** Undefined for what is not installed; a text for what cannot be understood. */
function readPackage(text: string, place: string, root: FileTree): InstalledPackage | string | undefined {
  const stanza = stanzaOf(text, place)
  if (typeof stanza === 'string') return stanza
  const status = stanza.get('Status')
  if (status !== undefined && !/ installed$/.test(status)) return undefined
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
      package: describe(stanza, { name, version, architecture }, text),
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

function describe(
  stanza: Stanza,
  identity: Pick<IndexedPackage, 'name' | 'version' | 'architecture'>,
  text: string,
): IndexedPackage {
  const field = (name: string) => stanza.get(name) ?? ''
  const where = (title: string) => `${title} of ${identity.name}, as installed`
  const size = field('Installed-Size')
  return {
    ...identity,
    source: sourceOf(field('Source'), identity.name, identity.version),
    digest: sha256(text),
    size: 0,
    installedSize: /^\d{1,12}$/.test(size) ? Number(size) * 1024 : 0,
    origin: { repository: '', suite: '', component: '', location: '' },
    depends: parseDependencies(field('Depends'), where('Depends')),
    preDepends: parseDependencies(field('Pre-Depends'), where('Pre-Depends')),
    provides: parseRequirements(field('Provides'), where('Provides')),
    conflicts: parseRequirements(field('Conflicts'), where('Conflicts')),
    breaks: parseRequirements(field('Breaks'), where('Breaks')),
    replaces: parseRequirements(field('Replaces'), where('Replaces')),
    multiArch: multiArchOf(field('Multi-Arch')),
    providerRank: 0,
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

/** `Conffiles` of the status file: lines of path, MD5 and perhaps "obsolete" or "remove-on-upgrade". */
function conffilesOf(stanza: Stanza): ReadonlyMap<string, string> {
  const lines = (stanza.get('Conffiles') ?? '').split('\n')
  return new Map(
    lines.flatMap((line) => {
      const [, path, sum] = /^\s*\/(\S+)\s+([0-9a-f]{32})(?:\s|$)/.exec(line) ?? []
      return path === undefined || sum === undefined ? [] : [[path, sum] as const]
    }),
  )
}
