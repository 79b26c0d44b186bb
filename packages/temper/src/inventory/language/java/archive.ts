import { createHash } from 'node:crypto'
import { TemperError } from '../../../base/error.ts'
import type { ZipBudget, ZipEntry } from '../../../formats/zip/entry.ts'
import { openZip, type ZipArchive } from '../../../formats/zip/open.ts'
import { memorySource } from '../../../formats/zip/source.ts'
import { decodeText } from '../document.ts'
import { type FactNote, type PackageFact, packageFact, unnamedArchive } from '../fact.ts'
import { nameOf } from '../place.ts'
import { type ArchiveName, type Coordinates, readArchiveName, readPomProperties } from './coordinates.ts'
import {
  type ArchiveIdentity,
  type ArchiveTraces,
  calledBy,
  identify,
  isCalledOtherwise,
  isOfAnother,
  withFileName,
} from './identity.ts'
import { readManifest } from './manifest.ts'
import { packageRoot } from './package-root.ts'
import { readPom } from './pom.ts'
import { publishedNames } from './published.ts'
import { statements } from './stated.ts'

/** Archives in archives in archives: an application in a bundle in an installer, and some room. */
const depthLimit = 6
/** Archives inside one file. */
const archiveLimit = 20_000
/** Bytes of one nested archive, and of all together, once unpacked. */
const nestedBytes = 256 << 20
const totalBytes = 2 ** 31
/** Notes of one file. */
const noteLimit = 100
/** Bytes of a manifest or a pom. */
const textBytes = 8 << 20

export const archivePattern = /\.(jar|war|ear|par|sar|nar|kar|rar|jpi|hpi|aar|lpkg|jmod)$/i

/** Identifies a Java archive and the archives inside it. */
export class ArchiveReading {
  readonly packages: (PackageFact | undefined)[] = []
  readonly notes: FactNote[] = []
  readonly #budget: ZipBudget = { left: totalBytes }
  #archives = 0
  /** Name of the outermost file. */
  #outermost = ''

  /** `at` is the place inside the outermost file; empty for itself. Errors: those of an unreadable archive. */
  async read(bytes: Uint8Array, fileName: string, at: readonly string[] = []): Promise<void> {
    if (++this.#archives > archiveLimit) {
      throw new TemperError('limit-exceeded', `more than ${archiveLimit} archives inside`)
    }
    if (at.length === 0) this.#outermost = fileName
    const archive = openZip(memorySource(bytes), {
      what: fileName,
      limits: { entries: 300_000, directoryBytes: 64 << 20, entryBytes: nestedBytes },
      budget: this.#budget,
    })
    for (const name of archive.refused.slice(0, noteLimit))
      this.#note({
        code: 'unreadable-archive',
        message: `"${name.slice(0, 200)}" points outside ${fileName}: it was left out`,
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
      const code = error.code === 'limit-exceeded' ? 'limit-exceeded' : 'unreadable-archive'
      const message = `${this.#within(place)} could not be read: ${error.message}`
      this.#note({ code, message, at: place.join('!/') })
    }
  }

  #tooLarge(place: readonly string[]): void {
    const message = `${this.#within(place)} could not be read: it is larger than ${textBytes} bytes`
    this.#note({ code: 'limit-exceeded', message, at: place.join('!/') })
  }

  /** A place as messages name it: people know the outermost archive. */
  #within(place: readonly string[]): string {
    return [this.#outermost, ...place].join('!/')
  }

  /** Notes the first hundred one by one, and that there were more. */
  #note(note: FactNote): void {
    if (this.notes.length < noteLimit) this.notes.push(note)
    else if (this.notes.length === noteLimit)
      this.notes.push({
        code: 'limit-exceeded',
        message: 'More in it could not be read than is listed here.',
      })
  }

  async #describe(
    archive: ZipArchive,
    from: { bytes: Uint8Array; fileName: string; at: readonly string[] },
  ): Promise<void> {
    // What is a module of its own (jmod) has it below "classes".
    const inside = archive.entries.filter(({ name }) => /^(?:classes\/)?META-INF\//.test(name))
    const poms = inside.filter(({ name }) => isPomProperties(name))
    for (const { name, size } of poms) if (size > textBytes) this.#tooLarge([...from.at, name])
    const named = poms.flatMap((entry) => {
      if (entry.size > textBytes) return []
      const coordinates = readPomProperties(decodeText(archive.read(entry)))
      return coordinates === undefined ? [] : [{ coordinates, entry }]
    })
    const name = readArchiveName(from.fileName)
    const twins = twinsOf(
      named.map(({ coordinates }) => coordinates),
      from.fileName,
    )
    const called = twins.length > 1 ? calledBy(twins, manifestOf(archive)) : twins[0]
    const own =
      called ??
      twins[0] ??
      named.find(({ coordinates }) => named.length === 1 && fits(name, coordinates, manifestOf(archive)))
        ?.coordinates
    const sha1 = createHash('sha1').update(from.bytes).digest('hex')
    const at = from.at.length === 0 ? {} : { at: from.at.join('!/') }
    for (const { coordinates, entry } of named) {
      if (coordinates === own) continue
      this.packages.push(mavenFact(coordinates, { at: [...from.at, entry.name].join('!/') }))
    }
    const pom = await ownPom(archive, own)
    const stated = own ?? pom?.self
    const isOwn = stated !== undefined && fits(name, stated, manifestOf(archive))
    const isNew = !named.some(({ coordinates }) => coordinates.artifact === stated?.artifact)
    if (stated !== undefined && !isOwn && own === undefined && isNew)
      this.packages.push(mavenFact(stated, { at: [...from.at, 'META-INF/maven'].join('!/') }))
    const identity = isOwn
      ? statedIdentity(archive, stated, name)
      : (own ?? (await identityOf(archive, name)))
    const isUndecided = twins.length > 1 && called === undefined && identity !== undefined
    const self: ArchiveIdentity | undefined = isUndecided
      ? { guessedFrom: 'one of several poms', ...identity }
      : identity
    if (self !== undefined) {
      const licence =
        pom?.licences.join(' OR ') || manifestOf(archive).get('bundle-license')?.split(';', 1)[0]
      this.packages.push(mavenFact(self, { ...at, sha1, licence }))
    } else if (named.length === 0 && isLibrary(archive)) {
      const message = `${this.#within(from.at)} does not say what it is, or in which version: it was compared with nothing`
      this.#note({ code: unnamedArchive, message, ...at })
    }
  }
}

function isPomProperties(name: string): boolean {
  return /^(?:classes\/)?META-INF\/maven\//.test(name) && name.endsWith('/pom.properties')
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

/** What an archive's file is named after: the first, with others of the same artefact and version and another group. */
function twinsOf(named: readonly Coordinates[], fileName: string): readonly Coordinates[] {
  const first = named.find((each) => isNamed(fileName, each))
  if (first === undefined) return []
  return named.filter(({ artifact, version }) => artifact === first.artifact && version === first.version)
}

/** What a pom says, held against the file's name and the manifest: where they do not agree it is a guess. */
function statedIdentity(archive: ZipArchive, stated: Coordinates, name: ArchiveName): ArchiveIdentity {
  const identity = withFileName(stated, name)
  if (identity.guessedFrom !== undefined) return identity
  const packages = packageRoot(archive.entries.map((entry) => entry.name))
  return isCalledOtherwise(stated, { manifest: manifestOf(archive), packages })
    ? { ...identity, guessedFrom: 'pom.properties' }
    : identity
}

async function identityOf(archive: ZipArchive, name: ArchiveName): Promise<ArchiveIdentity | undefined> {
  return identify({ ...tracesOf(archive, name), published: await publishedNames() })
}

/** The facts from which an archive without pom.properties is named. */
export function tracesOf(archive: ZipArchive, name: ArchiveName): Omit<ArchiveTraces, 'published'> {
  const names = archive.entries.map((entry) => entry.name)
  const manifest = manifestOf(archive)
  const text = (path: string) => {
    const entry = archive.find(path)
    return entry === undefined || entry.size > textBytes ? undefined : decodeText(archive.read(entry))
  }
  return { name, manifest, packages: packageRoot(names), statements: statements({ names, manifest, text }) }
}

/** Whether it has code and no archives inside, as an application has, which is nobody's but its makers'. */
function isLibrary({ entries }: ZipArchive): boolean {
  return (
    entries.some(({ name }) => name.endsWith('.class')) &&
    !entries.some(({ name }) => archivePattern.test(name))
  )
}

/**
 * Whether what the only pom in an archive names can be the archive. One of another name and version than the file's is of
 * something that was put into it; so is one of another version than the manifest's, where that agrees with the file's name
 * ("guice.jar" with the pom of cglib in it).
 */
function fits(
  name: ArchiveName,
  { artifact, version }: Coordinates,
  manifest: ReadonlyMap<string, string>,
): boolean {
  if (name.artifact === artifact) return true
  if (name.version !== undefined) return name.version.startsWith(version)
  return !isOfAnother(name.artifact, version, manifest)
}

function manifestOf(archive: ZipArchive): ReadonlyMap<string, string> {
  const entry = archive.find('META-INF/MANIFEST.MF') ?? archive.find('classes/META-INF/MANIFEST.MF')
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
  { group, artifact, version, guessedFrom }: ArchiveIdentity,
  more: { at?: string; sha1?: string; licence?: string | undefined },
): PackageFact | undefined {
  return packageFact(`${group}:${artifact}`, version, {
    ...more,
    ...(guessedFrom === undefined ? {} : { guessedFrom }),
  })
}
