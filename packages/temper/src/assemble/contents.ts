import { mapLimit } from '../base/concurrency.ts'
import type { ProgressTask } from '../base/progress.ts'
import type { MemberCompressor } from '../formats/compress.ts'
import type { Distro } from '../model/distro.ts'
import type { Compressor, LockedPackage } from '../model/lock.ts'
import type { PackageContent } from '../model/package-content.ts'
import type { AssemblyCache } from './cache.ts'
import { databaseRecord } from './database.ts'
import { type DecideOptions, leaveOutReason, mapEntry, segmentEntry } from './decide.ts'
import type { PlanPackage } from './populate.ts'
import { proofReads } from './proof/plugins.ts'
import { makeSegment } from './segment.ts'

export interface ContentsOptions {
  readonly distro: Distro
  readonly cache: AssemblyCache
  readonly compressor: MemberCompressor
  readonly spec: Compressor
  /** What will probably be decided of each entry; a wrong guess costs time, never correctness. */
  readonly decide: DecideOptions
  readonly archivePath: (found: LockedPackage) => string
  /** Archives read at once. */
  readonly concurrency: number
  readonly progress?: ProgressTask
}

/**
 * What every package holds, from the cache or by reading the archive. An archive is decompressed once:
 * while its content is learned, the segment that it will most likely make is written too.
 */
export async function readContents(
  packages: readonly LockedPackage[],
  options: ContentsOptions,
): Promise<PlanPackage[]> {
  // Large archives first, so that the last one running is a small one.
  const order = packages
    .map((_, index) => index)
    .sort((a, b) => (packages[b]?.size ?? 0) - (packages[a]?.size ?? 0))
  const contents = new Map<number, PackageContent>()
  await mapLimit(order, options.concurrency, async (index) => {
    const found = packages[index] as LockedPackage
    contents.set(index, (await options.cache.content(found.digest)) ?? (await readPackage(found, options)))
    options.progress?.advance(found.size, found.name)
  })
  return packages.map((found, index) => ({ package: found, content: contents.get(index) as PackageContent }))
}

async function readPackage(found: LockedPackage, options: ContentsOptions): Promise<PackageContent> {
  const { distro, cache, compressor, spec, decide } = options
  const writer = await cache.createSegment()
  try {
    const { content, key } = await makeSegment(
      {
        digest: found.digest,
        archive: await distro.openArchive(options.archivePath(found)),
        decide: (entry) => {
          if (entry.type === 'directory' || leaveOutReason(entry, decide) !== undefined) return undefined
          return segmentEntry(mapEntry(entry, decide), entry.path)
        },
        captures: (path) => distro.captures(path) || proofReads(path),
        database: (read, written) => databaseRecord(read, written, { distro, latest: decide.latest }),
      },
      { compressor, spec, sink: writer.write },
    )
    await writer.commit(key)
    await cache.putContent(content)
    return content
  } catch (error) {
    await writer.abort()
    throw error
  }
}
