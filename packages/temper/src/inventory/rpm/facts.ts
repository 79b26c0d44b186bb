import { readBerkeley } from '../../formats/rpm/berkeley.ts'
import { parseRpmHeader, type RpmPackage } from '../../formats/rpm/header.ts'
import { readNdb } from '../../formats/rpm/ndb.ts'
import { readSqliteTable } from '../../formats/sqlite-table.ts'
import type { FileContent, FileHead } from '../cataloguer.ts'
import { isOriginFile, type RpmOrigins, readOrigins } from './origins.ts'

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
  /** It is a log of changes that are not in the database yet. */
  readonly log?: true
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
  if (path.endsWith('-wal')) return { packages: [], log: true }
  if (path === manifest) return readManifest(Buffer.from(bytes).toString('utf8'))
  const packages: RpmRecord[] = []
  try {
    for (const blob of blobsOf(path, bytes)) {
      const { provides, requires, files, ...found } = parseRpmHeader(blob, path)
      const lists = { provides: provides.join('\n'), requires: requires.join('\n'), files: files.join('\n') }
      packages.push({ ...found, ...lists })
    }
    return { packages }
  } catch (error) {
    if (!(error instanceof Error) || packages.length === 0) throw error
    return { packages, damaged: error.message }
  }
}

function* blobsOf(path: string, bytes: Uint8Array): Generator<Uint8Array, undefined, undefined> {
  if (path.endsWith('.sqlite')) {
    for (const [, blob] of readSqliteTable(bytes, 'Packages', { what: path }))
      if (blob instanceof Uint8Array) yield blob
  } else if (path.endsWith('.db')) yield* readNdb(bytes, path)
  else yield* readBerkeley(bytes, path)
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
