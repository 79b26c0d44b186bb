import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { lockOf } from './lock.ts'
import { measure, stopAll } from './measure.ts'
import { type BenchOptions, readOptions, usage } from './options.ts'
import { folder } from './place.ts'
import { report } from './report.ts'
import type { WorkloadResult } from './result.ts'
import { compare } from './rounds.ts'
import { buildCommand, fillCache } from './temper.ts'
import { installTools } from './tools.ts'
import { compressions } from './workload.ts'

const options = readOptions(process.argv.slice(2))
if (options === 'help') process.stdout.write(`${usage}\n`)
else await bench(options)

async function bench({ runs, workloads, json }: BenchOptions): Promise<void> {
  await installTools()
  for (const workload of workloads)
    for (const compression of compressions) await lockOf(workload, compression)
  const scratch = await mkdtemp(join(await folder('runs'), 'run-'))
  try {
    const program = await startedOnce(scratch)
    const results: WorkloadResult[] = []
    for (const workload of workloads) results.push(await compare(workload, { runs, scratch, program }))
    const machine = { cpus: availableParallelism(), node: process.version }
    process.stdout.write(json ? `${JSON.stringify({ machine, runs, results }, null, 2)}\n` : report(results))
  } finally {
    stopAll()
    await rm(scratch, { recursive: true })
  }
}

/** The cache of a Temper that has run before, for both compressors. */
async function startedOnce(scratch: string): Promise<string> {
  const cache = join(scratch, 'program')
  for (const compression of compressions) {
    const lock = await lockOf('nginx', compression)
    if (compression === 'gzip') await fillCache(cache, lock)
    const build = { workload: 'nginx', compression, lock, cache, output: join(scratch, compression) } as const
    await measure(buildCommand(build), scratch)
  }
  return cache
}
