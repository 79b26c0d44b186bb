import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { lockOf } from './lock.ts'
import { measure } from './measure.ts'
import { buildCommand, fillCache, lockCommand } from './temper.ts'
import { compressions } from './workload.ts'

/** The cache of a Temper that has run before, for both compressors; made once. */
export async function programCache(scratch: string): Promise<string> {
  const cache = join(scratch, 'program')
  if (existsSync(cache)) return cache
  for (const compression of compressions) {
    const lock = await lockOf('nginx', compression)
    if (compression === 'gzip') await fillCache(cache, lock, { indices: true })
    const build = { workload: 'nginx', compression, lock, cache, output: join(scratch, compression) } as const
    for (const command of [lockCommand(build), buildCommand(build)]) await measure(command, scratch)
  }
  return cache
}
