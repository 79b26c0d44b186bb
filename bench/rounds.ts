import { execFile } from 'node:child_process'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { lockOf } from './lock.ts'
import type { LoopbackMirror } from './loopback-mirror.ts'
import { type Command, measure, measureMemory, type Sample } from './measure.ts'
import { type Contents, makeRepository, mmdebstrapCommand, readContents } from './mmdebstrap.ts'
import { type CaseName, type CaseResult, median, temperCases, type WorkloadResult } from './result.ts'
import { type Build, buildCommand, changePackage, fillCache, lockCommand, unlockedCommand } from './temper.ts'
import type { Compression, Workload } from './workload.ts'

const run = promisify(execFile)

/** Samples of all rounds by case. */
class Samples {
  readonly #samples = new Map<string, Sample[]>()
  readonly #memory = new Map<string, number>()

  add(name: CaseName, compression: Compression, sample: Sample): void {
    const key = `${name} ${compression}`
    this.#samples.set(key, [...(this.#samples.get(key) ?? []), sample])
  }

  setMemory(name: CaseName, compression: Compression, mebibytes: number): void {
    this.#memory.set(`${name} ${compression}`, mebibytes)
  }

  result(name: CaseName, compression: Compression): Omit<CaseResult, 'faster'> {
    const key = `${name} ${compression}`
    const samples = this.#samples.get(key) ?? []
    const of = (field: keyof Sample) => median(samples.map((sample) => sample[field]))
    const memory = this.#memory.get(key) ?? Number.NaN
    return { name, compression, wall: of('wall'), cpu: of('cpu'), largest: of('largest'), memory }
  }
}

/** Runs a command for its time, or (last round) for its memory. */
type Runner = (name: CaseName, compression: Compression, command: Command) => Promise<void>

export interface RoundOptions {
  readonly runs: number
  /** Folder for everything that a run writes. */
  readonly scratch: string
  /** Cache of a Temper that has run before. */
  readonly program: string
  readonly compressions: readonly Compression[]
  readonly mirror: LoopbackMirror
}

/** All cases of one workload in turn, again and again, so that a busy moment of the machine hits all of them. */
export async function compare(workload: Workload, options: RoundOptions): Promise<WorkloadResult> {
  const { runs, scratch, compressions } = options
  const samples = new Samples()
  const images = new Map<string, Contents & { readonly written: number }>()
  for (let round = 0; round <= runs; round++) {
    const last = round === runs
    process.stderr.write(`${workload}: ${last ? 'memory' : `round ${round + 1} of ${runs}`}\n`)
    const runner: Runner = async (name, compression, command) => {
      if (last) samples.setMemory(name, compression, await measureMemory(command))
      else samples.add(name, compression, await measure(command, scratch))
    }
    await runMmdebstrap(workload, { ...options, runner, images })
    for (const compression of compressions) {
      await runTemper({ workload, compression, round }, { ...options, runner, images })
    }
  }
  const base = samples.result('mmdebstrap + pigz', 'gzip')
  const measured = [
    base,
    ...compressions.flatMap((compression) => temperCases.map((name) => samples.result(name, compression))),
  ]
  return {
    workload,
    packages: (await lockOf(workload, 'gzip')).packages.length,
    cases: measured.map((each) => ({
      ...each,
      faster: { wall: base.wall / each.wall, cpu: base.cpu / each.cpu },
    })),
    images: [...images].map(([of, image]) => ({ of, ...image })),
  }
}

interface Round extends RoundOptions {
  readonly runner: Runner
  readonly images: Map<string, Contents & { readonly written: number }>
}

async function runMmdebstrap(workload: Workload, { scratch, runner, images }: Round): Promise<void> {
  const lock = await lockOf(workload, 'gzip')
  const output = join(scratch, `${workload}.tar.gz`)
  const command = mmdebstrapCommand(await makeRepository(workload, lock), lock, output)
  await runner('mmdebstrap + pigz', 'gzip', command)
  if (!images.has('mmdebstrap + pigz')) {
    const written = (await stat(output)).size
    images.set('mmdebstrap + pigz', { ...(await readContents(output)), written })
  }
  await rm(output)
}

/**
 * Two starts: a fresh runner with packages only; and one that locks, then builds, then with one package changed, then the
 * same again.
 */
async function runTemper(
  subject: Pick<Build, 'workload' | 'compression'> & { readonly round: number },
  { scratch, runner, images, program, mirror }: Round,
): Promise<void> {
  const { workload, compression, round } = subject
  const lock = await lockOf(workload, compression)
  const folder = join(scratch, `${workload}-${compression}`)
  const startIn = (name: string) => ({
    workload,
    compression,
    lock,
    cache: join(folder, name, 'cache'),
    output: join(folder, name, 'image'),
  })
  const fresh = startIn('fresh')
  await fillCache(fresh.cache, lock, { program })
  await runner('cold', compression, buildCommand(fresh))
  const build = startIn('locked')
  await fillCache(build.cache, lock, { program, indices: true })
  await runner('lock', compression, lockCommand(build))
  await runner('after lock', compression, buildCommand(build))
  const changed = buildCommand(build, await changePackage(build, round))
  await runner('one package changed', compression, changed)
  await runner('unchanged', compression, changed)
  const afresh = unlockedCommand(build, mirror)
  await measure(afresh, scratch)
  await runner('unchanged, no lock', compression, afresh)
  const name = `Temper, ${compression}`
  if (!images.has(name)) images.set(name, await readResult(changed))
  await rm(folder, { recursive: true })
}

/** What a finished build says of its image. */
async function readResult({ line, env }: Command): Promise<Contents & { readonly written: number }> {
  const { stdout } = await run('/bin/sh', ['-c', `${line} --json`], { env: { ...process.env, ...env } })
  const { platforms } = JSON.parse(stdout) as {
    readonly platforms: readonly {
      readonly size: number
      readonly unpackedSize: number
      readonly files: number
    }[]
  }
  const [platform] = platforms
  if (!platform) throw new Error(`${line}: no platform in the result`)
  return { files: platform.files, bytes: platform.unpackedSize, written: platform.size }
}
