import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContestOptions, ContestResult } from './contest.ts'
import { lockOf } from './lock.ts'
import { type Command, measure, measureMemory, type Sample } from './measure.ts'
import { median } from './result.ts'
import { buildCommand, fillCache } from './temper.ts'
import type { Workload } from './workload.ts'

/** Processors that a machine is taken to have, whatever this one has. */
const machines = [2, 4, 8] as const

type Machine = (typeof machines)[number]

/** One cold build: all of its processes, and what of that is the main thread's. */
interface Split {
  readonly whole: Sample
  /** CPU seconds. */
  readonly main: number
}

/**
 * Cold builds as they are on machines with more processors: how much of their CPU time is the main thread's, which nothing else can take
 * over. Wall time says nothing here, as there are no such processors.
 */
export async function benchScaling({ runs, scratch }: ContestOptions): Promise<readonly ContestResult[]> {
  const results: ContestResult[] = []
  for (const workload of ['nginx', 'jre', 'postgres'] as const) {
    const place = join(scratch, `scaling-${workload}`)
    // Code is kept for each way to start Node: once unmeasured, with all threads.
    const program = join(place, 'program')
    await coldBuild({ workload, place, processors: 8, cache: program })
    const splits = new Map(machines.map((processors): [Machine, Split[]] => [processors, []]))
    const memory = new Map<Machine, number>()
    for (let round = 0; round <= runs; round++) {
      process.stderr.write(`scaling ${workload}: ${round === 0 ? 'memory' : `round ${round} of ${runs}`}\n`)
      for (const processors of machines) {
        const build = { workload, place, processors, program, cache: join(place, 'cache') }
        if (round === 0) memory.set(processors, await coldBuild(build, measureMemory))
        else splits.get(processors)?.push(await coldBuild(build, (command) => split(command, place)))
        await rm(build.cache, { recursive: true })
      }
    }
    for (const [processors, samples] of splits)
      results.push(resultOf({ workload, processors, samples, memory: memory.get(processors) ?? Number.NaN }))
    await rm(place, { recursive: true })
  }
  return results
}

interface ColdBuild {
  readonly workload: Workload
  readonly place: string
  readonly processors: number
  readonly cache: string
  /** A cache with code that was kept. Absent: none. */
  readonly program?: string
}

/** Builds from packages alone; what is measured is up to `run`. */
async function coldBuild<T = void>(
  { workload, place, processors, cache, program }: ColdBuild,
  run?: (command: Command) => Promise<T>,
): Promise<T> {
  const lock = await lockOf(workload, 'gzip')
  await fillCache(cache, lock, program === undefined ? {} : { program })
  const output = join(place, 'image')
  const { line, env } = buildCommand({ workload, compression: 'gzip', lock, cache, output })
  const preload = join(import.meta.dirname, 'processors.ts')
  const command = {
    line,
    env: {
      ...env,
      NODE_OPTIONS: `--require ${JSON.stringify(preload)}`,
      TEMPER_BENCH_PROCESSORS: String(processors),
      TEMPER_BENCH_REPORT: reportIn(place),
    },
  }
  const result = run === undefined ? await measure(command, place) : await run(command)
  await rm(output, { recursive: true })
  return result as T
}

function reportIn(place: string): string {
  return join(place, 'main-thread')
}

async function split(command: Command, place: string): Promise<Split> {
  const whole = await measure(command, place)
  return { whole, main: Number(await readFile(reportIn(place), 'utf8')) }
}

interface Measured {
  readonly workload: Workload
  readonly processors: Machine
  readonly samples: readonly Split[]
  readonly memory: number
}

function resultOf({ workload, processors, samples, memory }: Measured): ContestResult {
  const of = (field: keyof Sample) => median(samples.map(({ whole }) => whole[field]))
  const whole = { wall: of('wall'), cpu: of('cpu'), largest: of('largest'), memory }
  const main = median(samples.map((sample) => sample.main))
  const share = median(samples.map((sample) => sample.main / sample.whole.cpu))
  return {
    title: `Cold build of ${workload} as with ${processors} processors`,
    cases: [
      { name: 'all threads and processes', ...whole, ratio: { wall: 1, cpu: 1 } },
      { name: 'the main thread alone', ...whole, cpu: main, ratio: { wall: 1, cpu: share } },
    ],
    notes: [`The main thread has ${(share * 100).toFixed(0)} % of the CPU time.`],
  }
}
