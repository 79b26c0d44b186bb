import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { defaultCompressor } from '../packages/temper/src/formats/compress/compress.ts'
import type { Lock, LockedPackage } from '../packages/temper/src/model/lock.ts'
import { downloads, folder, launcher, repositoryRoot } from './place.ts'
import type { Compression, Workload } from './workload.ts'

const run = promisify(execFile)

export interface BenchLock {
  readonly path: string
  readonly lock: Lock
  readonly packages: readonly LockedPackage[]
}

export function recipePath(workload: Workload): string {
  return join(repositoryRoot, 'bench', 'recipes', `${workload}.yaml`)
}

/** The lock of a workload; made, and its packages downloaded, when recipe or compressor are new. */
export async function lockOf(workload: Workload, compression: Compression): Promise<BenchLock> {
  const recipe = recipePath(workload)
  const { level } = defaultCompressor(compression)
  const version = createHash('sha256')
    .update(await readFile(recipe))
    .digest('hex')
    .slice(0, 8)
  const path = join(await folder('locks'), `${workload}-${compression}-${level}-${version}.json`)
  if (!existsSync(path)) {
    process.stderr.write(`Locking ${workload} (${compression})…\n`)
    await run(launcher, ['lock', recipe, '--var', `COMPRESSION=${compression}`, '-o', path, '--quiet'], {
      env: { ...process.env, TEMPER_CACHE_DIR: downloads },
    })
  }
  const lock = JSON.parse(await readFile(path, 'utf8')) as Lock
  return { path, lock, packages: lock.platforms.flatMap((platform) => platform.packages) }
}
