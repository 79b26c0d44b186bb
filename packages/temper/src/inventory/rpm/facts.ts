import { readBerkeley } from '../../formats/rpm/berkeley.ts'
import { parseRpmHeader, type RpmPackage } from '../../formats/rpm/header.ts'
import { readNdb } from '../../formats/rpm/ndb.ts'
import { readSqliteTree } from '../../formats/sqlite/table.ts'
import type { FileContent, FileHead } from '../cataloguer.ts'
import { isOriginFile, type RpmOrigins, readOrigins } from './origins.ts'
import { type KeptPage, type KeptTree, readLog, withLog } from './write-ahead.ts'

/** A package with its lists as texts, a name each line: a database has a hundred thousand of them. */
export interface RpmRecord extends Omit<RpmPackage, 'provides' | 'requires' | 'files'> {
  readonly provides: string
  readonly requires: string
  readonly files?: string
}

export interface RpmFact extends RpmOrigins {
  readonly packages: readonly RpmRecord[]
  /** What could not be read, if anything. */
  readonly damaged?: string
  /** Where each package is in an SQLite database, as row numbers by page, for the log that may be beside it. */
  readonly tree?: KeptTree<number>
  /** Set for a log of changes that are not in the database yet; null for one that cannot be read. */
  readonly log?: KeptTree<RpmRecord> | null
}

/** Where rpm keeps its database; the last one is that of OSTree systems. */
const folder = /^(?:var\/lib\/rpm|usr\/lib\/sysimage\/rpm|usr\/share\/rpm)\/([^/]+)$/

/** The list that distroless images of Azure Linux have. */
const manifest = 'var/lib/rpmmanifest/container-manifest-2'

export function isRpmFile({ path, size }: FileHead): boolean {
  if (path === manifest || isOriginFile(path)) return true
  const name = path.includes('rpm/') ? folder.exec(path)?.[1] : undefined
  if (name === 'rpmdb.sqlite-wal') return size > 0
  return name === 'rpmdb.sqlite' || name === 'Packages.db' || name === 'Packages'
}

/** The packages of a database; those before the damage when it is damaged. */
export function readRpmFact(file: FileContent): RpmFact {
  const { path, bytes } = file
  if (isOriginFile(path)) return { packages: [], ...readOrigins(file) }
  if (path.endsWith('-wal')) {
    const parse = (blob: Uint8Array) => recordOf(blob, path)
    return { packages: [], log: readLog(bytes, table, { what: path, parse }) ?? null }
  }
  if (path.endsWith('.sqlite')) return readSqlite(file)
  if (path === manifest) return readManifest(Buffer.from(bytes).toString('utf8'))
  const packages: RpmRecord[] = []
  try {
    for (const blob of blobsOf(path, bytes)) {
      packages.push(recordOf(blob, path))
    }
    return { packages }
  } catch (error) {
    if (!(error instanceof Error) || packages.length === 0) throw error
    return { packages, damaged: error.message }
  }
}

const table = 'Packages'

/** With a log beside it a database may be empty: nothing was ever moved into it. */
function readSqlite({ path, bytes, size }: FileContent): RpmFact {
  if (size === 0) return { packages: [] }
  const packages: RpmRecord[] = []
  const pages: (readonly [number, KeptPage<number>])[] = []
  try {
    for (const { number, children, rows = [] } of readSqliteTree(bytes, table, { what: path })) {
      const kept: (readonly [number, number])[] = []
      for (const row of rows) {
        const blob = row.read()[1]
        if (!(blob instanceof Uint8Array)) continue
        kept.push([row.id, packages.length])
        packages.push(recordOf(blob, path))
      }
      pages.push([number, children === undefined ? { rows: kept } : { below: children }])
    }
    const [first] = pages
    return first === undefined ? { packages } : { packages, tree: { root: first[0], pages } }
  } catch (error) {
    if (!(error instanceof Error) || packages.length === 0) throw error
    return { packages, damaged: error.message }
  }
}

function recordOf(blob: Uint8Array, path: string): RpmRecord {
  const { provides, requires, files, ...header } = parseRpmHeader(blob, path)
  const lists = { provides: provides.join('\n'), requires: requires.join('\n'), files: files.join('\n') }
  return { ...header, ...lists }
}

/** The packages of a database with the log of changes beside it; undefined when the two do not match. */
export function withChanges(
  database: RpmFact | undefined,
  log: KeptTree<RpmRecord> | null,
): readonly RpmRecord[] | undefined {
  const { packages = [], tree } = database ?? {}
  if (log === null || database?.damaged !== undefined) return undefined
  const pages = (tree?.pages ?? []).map(([number, page]): readonly [number, KeptPage<RpmRecord>] => [
    number,
    'below' in page ? page : { rows: page.rows.map(([id, index]) => [id, packages[index ?? -1] ?? null]) },
  ])
  return withLog(tree && { ...(tree.root === undefined ? {} : { root: tree.root }), pages }, log)
}

function blobsOf(path: string, bytes: Uint8Array): Iterable<Uint8Array> {
  return path.endsWith('.db') ? readNdb(bytes, path) : readBerkeley(bytes, path)
}

/** Lines of fields between tabs, as the image build queries them. */
function readManifest(text: string): RpmFact {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const packages = lines.flatMap((line): RpmRecord[] => {
    const [name, both, , , vendor, , , architecture, epoch, sourceRpm] = line.split('\t')
    const dash = (both ?? '').lastIndexOf('-')
    if (!name || both === undefined || dash < 1) return []
    return [
      {
        name,
        version: both.slice(0, dash),
        release: both.slice(dash + 1),
        ...(/^[1-9]\d{0,8}$/.test(epoch ?? '') ? { epoch: Number(epoch) } : {}),
        ...(architecture ? { architecture } : {}),
        ...(vendor ? { vendor } : {}),
        ...(sourceRpm ? { sourceRpm } : {}),
        provides: name,
        requires: '',
      },
    ]
  })
  const unread = lines.length - packages.length
  return unread === 0 ? { packages } : { packages, damaged: `${unread} lines of ${manifest} name no package` }
}
