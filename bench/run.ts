import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { benchAssess } from './assess.ts'
import type { ContestResult } from './contest.ts'
import { reportContests } from './contest-report.ts'
import { benchFeeds } from './feeds.ts'
import { figuresOf, formatFigures } from './figures.ts'
import { benchInventory } from './inventory.ts'
import { lockOf } from './lock.ts'
import { measure, stopAll } from './measure.ts'
import { type BenchOptions, readOptions, usage } from './options.ts'
import { folder } from './place.ts'
import { buildPackage } from './programs.ts'
import { report } from './report.ts'
import type { WorkloadResult } from './result.ts'
import { compare } from './rounds.ts'
import { benchScan } from './scan.ts'
import { benchSign } from './sign.ts'
import { benchStart } from './start.ts'
import { buildCommand, fillCache, lockCommand } from './temper.ts'
import { installTools } from './tools.ts'
import { compressions } from './workload.ts'

const options = readOptions(process.argv.slice(2), process.env)
if (options === 'help') process.stdout.write(`${usage}\n`)
else await bench(options)

async function bench(options: BenchOptions): Promise<void> {
  const { json } = options
  await installTools()
  const scratch = await mkdtemp(join(await folder('runs'), 'run-'))
  try {
    const results = await compareBuilds(options, scratch)
    const contests = await compareRest(options, scratch)
    const text = [
      ...(results.length === 0 ? [] : [report(results)]),
      ...(contests.length === 0 ? [] : [reportContests(contests)]),
    ].join('\n')
    process.stdout.write(json ? formatFigures(figuresOf(results, contests)) : text)
  } finally {
    stopAll()
    await rm(scratch, { recursive: true })
  }
}

async function compareBuilds(
  { runs, workloads }: BenchOptions,
  scratch: string,
): Promise<readonly WorkloadResult[]> {
  if (workloads.length === 0) return []
  await buildPackage()
  for (const workload of workloads)
    for (const compression of compressions) await lockOf(workload, compression)
  const program = await startedOnce(scratch)
  const results: WorkloadResult[] = []
  for (const workload of workloads) results.push(await compare(workload, { runs, scratch, program }))
  return results
}

async function compareRest(
  { runs, comparisons, osv }: BenchOptions,
  scratch: string,
): Promise<readonly ContestResult[]> {
  if (comparisons.length === 0) return []
  await buildPackage()
  const results: ContestResult[] = []
  for (const comparison of comparisons) {
    if (comparison === 'scan')
      results.push(...(await benchScan({ runs, scratch, ...(osv === undefined ? {} : { osv }) })))
    else if (comparison === 'assess')
      results.push(...(await benchAssess({ runs, scratch, ...(osv === undefined ? {} : { osv }) })))
    else if (comparison === 'feeds')
      results.push(...(await benchFeeds({ runs, scratch, ...(osv === undefined ? {} : { osv }) })))
    else if (comparison === 'start') results.push(...(await benchStart({ runs, scratch })))
    else if (comparison === 'inventory') results.push(...(await benchInventory({ runs, scratch })))
    else results.push(...(await benchSign({ runs, scratch })))
  }
  return results
}

/** The cache of a Temper that has run before, for both compressors. */
async function startedOnce(scratch: string): Promise<string> {
  const cache = join(scratch, 'program')
  for (const compression of compressions) {
    const lock = await lockOf('nginx', compression)
    if (compression === 'gzip') await fillCache(cache, lock, { indices: true })
    const build = { workload: 'nginx', compression, lock, cache, output: join(scratch, compression) } as const
    for (const command of [lockCommand(build), buildCommand(build)]) await measure(command, scratch)
  }
  return cache
}
