import { mapLargestFirst, mapLimit } from '../../base/concurrency.ts'
import { TemperError } from '../../base/error.ts'
import type { ProgressTask } from '../../base/progress.ts'
import { throwIfStopped } from '../../base/stop.ts'
import type { MemberCompressor } from '../../formats/compress/compress.ts'
import type { Distro } from '../../model/distro.ts'
import type { Compressor, LockedPackage } from '../../model/lock.ts'
import type { LicenceStatement } from '../../model/package/licence.ts'
import type { PackageContent } from '../../model/package/package-content.ts'
import { exclusionOf, mapEntry, type PlacementOptions, segmentEntry } from '../root/decide.ts'
import type { KeptPackage } from '../root/populate.ts'
import type { AssemblyCache } from './cache.ts'
import { databaseRecord } from './database.ts'
import { makeSegment, type OpenArchive } from './segment.ts'

/** Another place, such as worker threads, where packages can be read. */
export interface Elsewhere {
  /** Number of packages read there at the same time. */
  readonly limit: number
  /** Reads a package. `here` reads it in the calling thread, and is to be used when anything fails, too. */
  read(locked: LockedPackage, here: ReadHere): Promise<PackageContent>
}

export type ReadHere = (locked: LockedPackage) => Promise<PackageContent>

/** What is needed to read one package. */
export interface PackageOptions {
  readonly distro: Distro
  readonly cache: AssemblyCache
  readonly compressor: MemberCompressor
  readonly spec: Compressor
  /** What will probably be decided about each entry; a wrong guess costs time, never correctness. */
  readonly decide: PlacementOptions
  /** Files (paths as in the archive) whose content is kept besides what the distribution asks for. */
  readonly captures: (path: string) => boolean
  readonly openArchive: OpenArchive
  readonly signal?: AbortSignal
}

export interface ContentsOptions extends PackageOptions {
  /** Number of archives read at the same time. */
  readonly concurrency: number
  readonly progress?: ProgressTask
  /** Finds another place to read packages in; called once with all packages that the cache does not know. */
  readonly elsewhere?: (missing: readonly LockedPackage[]) => Elsewhere | undefined
}

/**
 * What every package holds, from the cache or by reading the archive. An archive is decompressed once:
 * while its content is learned, the segment that it will most likely make is written too.
 */
export async function readContents(
  packages: readonly LockedPackage[],
  options: ContentsOptions,
): Promise<KeptPackage[]> {
  const known = await mapLimit(packages, options.concurrency, async ({ digest }) => {
    throwIfStopped(options.signal)
    return await options.cache.content(digest)
  })
  const missing = packages.filter((_, index) => known[index] === undefined)
  const elsewhere = missing.length === 0 ? undefined : options.elsewhere?.(missing)
  const order = {
    limit: elsewhere?.limit ?? options.concurrency,
    sizeOf: ({ locked }: { readonly locked: LockedPackage }) => locked.size,
  }
  const here: ReadHere = async (locked) => {
    // What failed elsewhere may have been stopped.
    throwIfStopped(options.signal)
    return await readPackage(locked, options)
  }
  const all = packages.map((locked, index) => ({ locked, content: known[index] }))
  return await mapLargestFirst(all, order, async ({ locked, content: kept }) => {
    throwIfStopped(options.signal)
    const content = kept ?? (await (elsewhere === undefined ? here(locked) : elsewhere.read(locked, here)))
    assertIdentity(locked, content)
    options.progress?.advance(locked.size, locked.name)
    return { package: locked, content }
  })
}

/** Reads an archive and puts its segment and its content into the cache. */
export async function readPackage(locked: LockedPackage, options: PackageOptions): Promise<PackageContent> {
  const { distro, cache, compressor, spec, decide } = options
  const writer = await cache.createSegment()
  try {
    const archive = await options.openArchive(locked)
    const { content: read, key } = await makeSegment(
      {
        digest: locked.digest,
        what: `${locked.name} ${locked.version}`,
        archive,
        decide: (entry) => {
          if (entry.type === 'directory' || exclusionOf(entry, decide) !== undefined) return undefined
          return segmentEntry(mapEntry(entry, decide), entry.path)
        },
        captures: (path, shebang) =>
          distro.captures(path, archive.metadata, shebang) ||
          distro.statesLicence(path) ||
          distro.statesChanges(path) ||
          options.captures(path),
        signal: options.signal,
        database: (read, written) => databaseRecord(read, written, { distro, latest: decide.latest }),
      },
      { compressor, spec, sink: writer.write },
    )
    await writer.commit(key)
    const content = withDiversions(withChanges(withLicences(read, distro), distro), locked.name, distro)
    await cache.putContent(content)
    return content
  } catch (error) {
    await writer.abort()
    throw error
  }
}

/**
 * An archive has to be the package that the index or lock said it is: its own name goes into the image's
 * package database, as a path and as what scanners look up.
 */
function assertIdentity(locked: LockedPackage, { identity }: PackageContent): void {
  for (const field of ['name', 'version', 'architecture'] as const) {
    const [stated, expected] = [identity[field], locked[field]]
    if (stated === expected) continue
    throw new TemperError(
      'bad-archive',
      `The archive of ${locked.name} ${locked.version} says ${field}: ${stated === '' ? 'nothing' : stated}, expected ${expected}`,
      {
        hint: 'The repository lists one package and serves another. Do not use it.',
        details: { package: locked.name, field, expected, found: stated },
      },
    )
  }
}

/** What copyright files state takes the place of their text, which is long. */
function withLicences(content: PackageContent, distro: Distro): PackageContent {
  const { stated = [], kept = [] } = Object.groupBy(Object.entries(content.captured), ([path]) =>
    distro.statesLicence(path) ? 'stated' : 'kept',
  )
  if (stated.length === 0) return content
  const licences = stated.map(([path, text]): [string, LicenceStatement] => [
    path,
    distro.readLicence(Buffer.from(text, 'base64')),
  ])
  return { ...content, captured: Object.fromEntries(kept), licences: Object.fromEntries(licences) }
}

/** What its scripts say of other packages' files: following them takes longer than all else that is kept. */
function withDiversions(content: PackageContent, name: string, distro: Distro): PackageContent {
  const diversions = distro.diversions(name, content)
  return diversions.length === 0 ? content : { ...content, diversions }
}

/** The same as for licences for changelogs: what they say of vulnerabilities. The distribution's own comes before any other. */
function withChanges(content: PackageContent, distro: Distro): PackageContent {
  const { stated = [], kept = [] } = Object.groupBy(Object.entries(content.captured), ([path]) =>
    distro.statesChanges(path) ? 'stated' : 'kept',
  )
  if (stated.length === 0) return content
  const facts = stated
    .map(([path, text]) => distro.readChanges(path, Buffer.from(text, 'base64')))
    .filter((each) => each !== undefined)
  const changelog = facts.toSorted((a, b) => b.path.length - a.path.length)[0]
  return {
    ...content,
    captured: Object.fromEntries(kept),
    ...(changelog === undefined ? {} : { changelog }),
  }
}
