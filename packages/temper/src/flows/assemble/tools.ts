import { getCompileCacheDir } from 'node:module'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { AssemblyCache } from '../../assemble/packages/cache.ts'
import { sha256 } from '../../base/digest.ts'
import { ValueCache } from '../../base/value-cache.ts'
import { createCompressor, type MemberCompressor } from '../../formats/compress/compress.ts'
import { inspectHostXz } from '../../formats/xz/host-version.ts'
import type { Distro, PackageArchive } from '../../model/distro.ts'
import type { Compressor, LockedPackage } from '../../model/lock.ts'
import type { FetchPackages } from '../../model/package/package-source.ts'
import type { Context } from '../context.ts'
import type { Arriving } from './arriving.ts'
import { Readers } from './readers.ts'

/** The tools for assembling, made once for each command. */
export interface AssemblyTools {
  readonly cache: AssemblyCache
  readonly distro: Distro
  readonly compressor: MemberCompressor
  readonly spec: Compressor
  /** Opens the archive of a package once its bytes were checked against the lock, fetching it if need be. */
  openArchive(locked: LockedPackage): Promise<PackageArchive>
  /** The same tools for layers that are compressed in another way. */
  compressingBy(spec: Compressor): Promise<AssemblyTools>
  /** Number of archives read at the same time, which affects only the time, never the result. */
  readonly concurrency: number
  /** Threads for long work. */
  readonly readers: Readers
  readonly signal: AbortSignal
}

/** More threads than this would wait for the disk. */
const mostReaders = 8

export async function createTools(
  spec: Compressor,
  fetchArchives: FetchPackages,
  environment: {
    readonly distro: Distro
    readonly context: Context
    /** Archives that are still being fetched. */
    readonly arriving?: Pick<Arriving, 'wait'>
  },
): Promise<AssemblyTools> {
  const { distro, context, arriving } = environment
  const { compressor, verdicts } = await provedCompressor(spec, context)
  const processors = availableParallelism()
  // Distributions that were handed in are functions, which no other thread has.
  const canShare = context.distributions === undefined && compressor.engine === 'native'
  const { xzProgram, cacheDir, signal } = context
  return {
    readers: new Readers({
      setup: canShare
        ? { cacheDir, distribution: distro.release.id, xzProgram, spec, verdicts, compiled: compiledFolder() }
        : undefined,
      processors: Math.min(mostReaders, processors),
      arrived: async (digest) => await arriving?.wait(digest),
      signal,
    }),
    cache: new AssemblyCache(context.cacheDir, context.progress),
    distro,
    openArchive: async (locked) => {
      await arriving?.wait(locked.digest)
      // The answer is there once the archive's bytes were checked.
      if (context.xzProgram !== undefined) void inspectHostXz(context.xzProgram)
      // The cache is a folder that other programs can write to: no byte is used that was not hashed.
      await fetchArchives([locked], { cached: 'verify' })
      return await distro.openArchive(distro.archivePath(context.cacheDir, locked.digest))
    },
    signal: context.signal,
    compressor,
    spec,
    compressingBy: (other) => createTools(other, fetchArchives, environment),
    concurrency: Math.min(6, processors + 1),
  }
}

/** The tools for making layers from existing bytes, without any package or distribution. */
export type LayerTools = Pick<AssemblyTools, 'cache' | 'compressor' | 'spec' | 'signal'>

export async function createLayerTools(spec: Compressor, context: Context): Promise<LayerTools> {
  return {
    cache: new AssemblyCache(context.cacheDir, context.progress),
    compressor: (await provedCompressor(spec, context)).compressor,
    spec,
    signal: context.signal,
  }
}

/** Where compiled code is kept, as it was named: Node appends what depends on its version. */
function compiledFolder(): string | undefined {
  const folder = getCompileCacheDir()
  return folder === undefined ? undefined : dirname(folder)
}

interface ProvedCompressor {
  readonly compressor: MemberCompressor
  readonly verdicts: readonly (readonly [key: string, equal: boolean])[]
}

/** Remembers which native compressors were proved equal to their definition, so that the proof runs once. */
async function provedCompressor(spec: Compressor, context: Context): Promise<ProvedCompressor> {
  const verdicts = new ValueCache(join(context.cacheDir, 'compressors-1'), context.progress)
  const key = sha256('verdicts')
  const known = new Map(Object.entries((await verdicts.getJson<Record<string, boolean>>(key)) ?? {}))
  const before = known.size
  const compressor = await createCompressor(spec, {
    verdicts: { get: (name) => known.get(name), set: (name, equal) => void known.set(name, equal) },
  })
  if (known.size > before) await verdicts.put(key, JSON.stringify(Object.fromEntries(known)))
  return { compressor, verdicts: [...known] }
}
