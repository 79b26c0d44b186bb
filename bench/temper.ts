import { createHash } from 'node:crypto'
import { cp, link, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Digest } from '../packages/temper/src/base/digest.ts'
import { archivePath } from '../packages/temper/src/distro/shared/fetching/packages.ts'
import { type BenchLock, recipePath } from './lock.ts'
import type { LoopbackMirror } from './loopback-mirror.ts'
import type { Command } from './measure.ts'
import { downloads } from './place.ts'
import { builtProgram } from './programs.ts'
import { type Compression, changedPackage, type Workload } from './workload.ts'

/** The built package, as users have it. */
const temper = `'${process.execPath}' '${builtProgram}'`

/** One image of one workload, with a cache and an output folder of its own. */
export interface Build {
  readonly workload: Workload
  readonly compression: Compression
  readonly lock: BenchLock
  readonly cache: string
  readonly output: string
}

export function buildCommand(
  { workload, compression, lock, cache, output }: Build,
  lockFile = lock.path,
): Command {
  const options = `--var COMPRESSION=${compression} --offline --quiet --lock '${lockFile}' -o '${output}'`
  return { line: `${temper} build '${recipePath(workload)}' ${options}`, env: { TEMPER_CACHE_DIR: cache } }
}

/** Locks anew, with the indices that the first lock read. */
export function lockCommand({ workload, compression, cache, output }: Build): Command {
  const options = `--var COMPRESSION=${compression} --offline --quiet -o '${output}.lock.json'`
  return { line: `${temper} lock '${recipePath(workload)}' ${options}`, env: { TEMPER_CACHE_DIR: cache } }
}

/** Builds without a lock: the archive is asked whether anything is new. */
export function unlockedCommand(
  { workload, compression, cache, output }: Build,
  mirror: LoopbackMirror,
): Command {
  const options = `--var COMPRESSION=${compression} --quiet -o '${output}-afresh'`
  return {
    line: `${temper} build '${recipePath(workload)}' ${options}`,
    env: {
      TEMPER_CACHE_DIR: cache,
      TEMPER_DEBIAN_MIRROR: mirror.debian,
      TEMPER_DEBIAN_SECURITY_MIRROR: mirror.security,
    },
  }
}

/** What is made from packages: a fresh runner has none of it. */
const made = /^(?:contents|segments|layers|effects|prepared|builds)-/

/** What Temper remembers of itself: compiled code, the proof of the compressor. */
const ofProgram = /^(?:compile$|compressors-)/

/**
 * The cache of a fresh runner that packages were put on: their archives and the parsed recipe, nothing that was made
 * from a package. `indices` adds what locking reads. What Temper remembers of itself is there when `program`
 * names a cache that has it.
 */
export async function fillCache(
  cache: string,
  { packages }: BenchLock,
  options: { readonly program?: string; readonly indices?: boolean } = {},
): Promise<void> {
  for (const { digest } of packages) {
    const path = archivePath('deb')(cache, digest)
    await mkdir(dirname(path), { recursive: true })
    await link(archivePath('deb')(downloads, digest), path)
  }
  const isWanted = (name: string) =>
    options.indices === true
      ? name !== 'packages' && !made.test(name) && !ofProgram.test(name)
      : name.startsWith('recipes-')
  await copyFolders(downloads, cache, isWanted)
  if (options.program !== undefined) await copyFolders(options.program, cache, (name) => ofProgram.test(name))
}

async function copyFolders(from: string, to: string, isWanted: (name: string) => boolean): Promise<void> {
  for (const name of await readdir(from))
    if (isWanted(name)) await cp(join(from, name), join(to, name), { recursive: true })
}

/**
 * Changes one package as far as a cache can see: an archive with the same files but other bytes (the time in
 * its first header, which means nothing, is `variant`), and so another digest, in a lock of its own. Returns
 * the path of the lock.
 */
export async function changePackage(build: Build, variant: number): Promise<string> {
  const old = build.lock.packages.find(({ name }) => name === changedPackage)
  if (!old) throw new Error(`${build.workload} has no ${changedPackage}`)
  const archive = await readFile(archivePath('deb')(downloads, old.digest))
  // After "!<arch>\n" comes the header of the first member: 16 bytes of name, 12 of time (ar(5)).
  archive.write(String(variant).padEnd(12), 24, 'latin1')
  const digest: Digest = `sha256:${createHash('sha256').update(archive).digest('hex')}`
  const path = archivePath('deb')(build.cache, digest)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, archive)
  const { lock } = build.lock
  const changed = {
    ...lock,
    platforms: lock.platforms.map((platform) => ({
      ...platform,
      packages: platform.packages.map((each) => (each.name === old.name ? { ...each, digest } : each)),
    })),
  }
  const lockFile = `${build.output}-changed.lock.json`
  await writeFile(lockFile, JSON.stringify(changed))
  return lockFile
}
