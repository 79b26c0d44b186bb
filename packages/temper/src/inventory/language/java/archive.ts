import { createHash } from 'node:crypto'
import { TemperError } from '../../../base/error.ts'
import type { ZipBudget, ZipEntry } from '../../../formats/zip/entry.ts'
import { openZip, type ZipArchive } from '../../../formats/zip/open.ts'
import { memorySource } from '../../../formats/zip/source.ts'
import { decodeText } from '../document.ts'
import { type FactNote, type PackageFact, packageFact } from '../fact.ts'
import { nameOf } from '../place.ts'
import { type Coordinates, readArchiveName, readPomProperties } from './coordinates.ts'
import { identify } from './identity.ts'
import { readManifest } from './manifest.ts'
import { readPom } from './pom.ts'

/** Archives in archives in archives: an application in a bundle in an installer, and some room. */
const depthLimit = 6
/** Archives inside one file. */
const archiveLimit = 20_000
/** Bytes of one nested archive, and of all together, once unpacked. */
const nestedBytes = 256 << 20
const totalBytes = 2 ** 31
/** Bytes of a manifest or a pom. */
const textBytes = 8 << 20

export const archivePattern = /\.(jar|war|ear|par|sar|nar|kar|rar|jpi|hpi|aar|lpkg)$/i

/** What a Java archive and those inside of it are. */
export class ArchiveReading {
  readonly packages: (PackageFact | undefined)[] = []
  readonly notes: FactNote[] = []
  readonly #budget: ZipBudget = { left: totalBytes }
  #archives = 0

  /** `at` is the place inside the outermost file; empty for itself. Errors: those of an unreadable archive. */
  async read(bytes: Uint8Array, fileName: string, at: readonly string[] = []): Promise<void> {
    if (++this.#archives > archiveLimit) {
      throw new TemperError('limit-exceeded', `more than ${archiveLimit} archives inside`)
    }
    const archive = openZip(memorySource(bytes), {
      what: fileName,
      limits: { entries: 300_000, directoryBytes: 64 << 20, entryBytes: nestedBytes },
      budget: this.#budget,
    })
    await this.#describe(archive, { bytes, fileName, at })
    for (const entry of archive.entries) {
      if (archivePattern.test(entry.name)) await this.#nested(archive, entry, at)
    }
  }

  async #nested(archive: ZipArchive, entry: ZipEntry, at: readonly string[]): Promise<void> {
    const place = [...at, entry.name]
    try {
      if (place.length > depthLimit) {
        throw new TemperError('limit-exceeded', `archives nested deeper than ${depthLimit} are not read`)
      }
      await this.read(archive.read(entry), nameOf(entry.name), place)
    } catch (error) {
      if (!(error instanceof TemperError)) throw error
      if (this.notes.length >= 100) return
      const code = error.code === 'limit-exceeded' ? 'limit-exceeded' : 'unreadable-archive'
      const where = place.join('!/')
      this.notes.push({ code, message: `${where} could not be read: ${error.message}`, at: where })
    }
  }

  async #describe(
    archive: ZipArchive,
    from: { bytes: Uint8Array; fileName: string; at: readonly string[] },
  ): Promise<void> {
    const inside = archive.entries.filter(({ name }) => name.startsWith('META-INF/'))
    const poms = inside.filter(({ name, size }) => isPomProperties(name) && size <= textBytes)
    const named = poms.flatMap((entry) => {
      const found = readPomProperties(decodeText(archive.read(entry)))
      return found === undefined ? [] : [{ found, entry }]
    })
    const name = readArchiveName(from.fileName)
    const own =
      named.find(({ found }) => isNamed(from.fileName, found)) ?? (named.length === 1 ? named[0] : undefined)
    const sha1 = createHash('sha1').update(from.bytes).digest('hex')
    const at = from.at.length === 0 ? {} : { at: from.at.join('!/') }
    for (const { found, entry } of named) {
      if (found === own?.found) continue
      this.packages.push(mavenFact(found, { at: [...from.at, entry.name].join('!/') }))
    }
    const pom = await ownPom(archive, own?.found)
    const self = own?.found ?? pom?.self ?? identify(name, manifestOf(archive))
    if (self !== undefined) {
      const licence =
        pom?.licences.join(' OR ') || manifestOf(archive).get('bundle-license')?.split(';', 1)[0]
      this.packages.push(mavenFact(self, { ...at, sha1, licence }))
    }
  }
}

function isPomProperties(name: string): boolean {
  return name.startsWith('META-INF/maven/') && name.endsWith('/pom.properties')
}

/** "commons-io-2.11.0.jar" and "commons-io.jar" are commons-io, whatever else was put into them. */
function isNamed(fileName: string, { artifact, version }: Coordinates): boolean {
  const stem = fileName.replace(archivePattern, '')
  return (
    stem === artifact ||
    stem.startsWith(`${artifact}-${version}`) ||
    readArchiveName(fileName).artifact === artifact
  )
}

function manifestOf(archive: ZipArchive): ReadonlyMap<string, string> {
  const entry = archive.find('META-INF/MANIFEST.MF')
  return entry === undefined || entry.size > textBytes
    ? new Map()
    : readManifest(decodeText(archive.read(entry)))
}

/** The pom.xml that lies beside the archive's own pom.properties, or the only one. */
async function ownPom(archive: ZipArchive, own: Coordinates | undefined) {
  const entry =
    own === undefined ? onlyPom(archive) : archive.find(`META-INF/maven/${own.group}/${own.artifact}/pom.xml`)
  if (entry === undefined || entry.size > textBytes) return undefined
  try {
    return await readPom(decodeText(archive.read(entry)))
  } catch (error) {
    // A pom is only looked at for more than pom.properties says: a broken one takes nothing away.
    if (error instanceof TemperError) return undefined
    throw error
  }
}

function onlyPom(archive: ZipArchive): ZipEntry | undefined {
  const poms = archive.entries.filter(
    ({ name }) => name.startsWith('META-INF/maven/') && name.endsWith('/pom.xml'),
  )
  return poms.length === 1 ? poms[0] : undefined
}

export function mavenFact(
  { group, artifact, version }: Coordinates,
  more: { at?: string; sha1?: string; licence?: string | undefined },
): PackageFact | undefined {
  return packageFact(`${group}:${artifact}`, version, more)
}
