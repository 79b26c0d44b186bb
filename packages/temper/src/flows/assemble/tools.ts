import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { AssemblyCache } from '../../assemble/packages/cache.ts'
import { readFileIfExists, writeFileAtomic } from '../../base/file.ts'
import { createDebian } from '../../distro/debian/distro.ts'
import { packagePath } from '../../distro/shared/fetching/packages.ts'
import { createCompressor, type MemberCompressor } from '../../formats/compress/compress.ts'
import { inspectHostXz } from '../../formats/xz/host-version.ts'
import type { Distro, PackageArchive } from '../../model/distro.ts'
import type { Compressor, LockedPackage } from '../../model/lock.ts'
import type { Context } from '../context.ts'
import type { FetchArchives } from './archives.ts'
import { keep } from './keep.ts'

/** What assembling works with, made once per command. */
export interface AssemblyTools {
  readonly cache: AssemblyCache
  readonly distro: Distro
  readonly compressor: MemberCompressor
  readonly spec: Compressor
  /** Opens the archive of a package once its bytes were checked against the lock, fetching it if need be. */
  openArchive(found: LockedPackage): Promise<PackageArchive>
  /** Archives read at once: decides the time it takes, never the result. */
  readonly concurrency: number
  readonly signal: AbortSignal
}

export async function createTools(
  spec: Compressor,
  fetchArchives: FetchArchives,
  context: Context,
): Promise<AssemblyTools> {
  // The answer is there when the first archive is opened.
  if (context.xzProgram !== undefined) void inspectHostXz(context.xzProgram)
  const distro = createDebian(context.xzProgram === undefined ? {} : { xzProgram: context.xzProgram })
  return {
    cache: new AssemblyCache(context.cacheDir),
    distro,
    openArchive: async (found) => {
      // The cache is a folder that other programs can write to: no byte is used that was not hashed.
      await fetchArchives([found], { cached: 'verify' })
      return await distro.openArchive(packagePath(context.cacheDir, found.digest))
    },
    signal: context.signal,
    compressor: await provedCompressor(spec, context),
    spec,
    concurrency: Math.min(6, availableParallelism() + 1),
  }
}

/** Remembers which native compressors were proved equal to their definition, so that the proof runs once. */
async function provedCompressor(spec: Compressor, context: Context): Promise<MemberCompressor> {
  const path = join(context.cacheDir, 'compressors.json')
  const known = new Map(parseVerdicts(await readFileIfExists(path)))
  const before = known.size
  const compressor = await createCompressor(spec, {
    verdicts: { get: (key) => known.get(key), set: (key, equal) => void known.set(key, equal) },
  })
  if (known.size > before) {
    await keep(() => writeFileAtomic(path, JSON.stringify(Object.fromEntries(known))), context)
  }
  return compressor
}

function parseVerdicts(bytes: Uint8Array | undefined): [string, boolean][] {
  if (bytes === undefined) return []
  try {
    const parsed: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    return Object.entries(parsed ?? {}).filter(
      (entry): entry is [string, boolean] => typeof entry[1] === 'boolean',
    )
  } catch (error) {
    // A damaged note is forgotten; the proof runs again.
    if (error instanceof SyntaxError) return []
    throw error
  }
}
