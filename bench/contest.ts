import { type Command, measure, measureMemory, type Sample } from './measure.ts'
import { median } from './result.ts'

/** One way to get something done: by Temper, or by another program. */
export interface Contender {
  readonly name: string
  /** What to run in round 0, 1, 2, …: a shell's line. */
  readonly command: (round: number) => Command
  /** How often the line does the thing, so that short things are measured well. Default 1. */
  readonly times?: number
  /** What has to be there before a round, or away; not measured. */
  readonly prepare?: () => Promise<void>
}

/** The first contender is Temper: all are told as so many times its time. */
export interface Contest {
  readonly title: string
  readonly contenders: readonly [Contender, ...Contender[]]
  /** What a reader has to know. */
  readonly notes?: readonly string[]
}

/** Medians, for one time that the thing was done. Seconds and MiB. */
export interface ContestCase extends Sample {
  readonly name: string
  /** MiB of all its processes together, at most. */
  readonly memory: number
  /** Time of this one divided by that of the first: how many times faster the first is. */
  readonly ratio: { readonly wall: number; readonly cpu: number }
}

export interface ContestResult {
  readonly title: string
  readonly cases: readonly ContestCase[]
  readonly notes: readonly string[]
}

export interface ContestOptions {
  readonly runs: number
  readonly scratch: string
}

/**
 * All contenders in turn, again and again, so that a busy moment of the machine hits all of them; once before, for their
 * memory: the first time fills the caches of programs and of the system.
 */
export async function hold(contest: Contest, { runs, scratch }: ContestOptions): Promise<ContestResult> {
  const samples = contest.contenders.map((): Sample[] => [])
  const memory: number[] = []
  for (let round = 0; round <= runs; round++) {
    process.stderr.write(`${contest.title}: ${round === 0 ? 'memory' : `round ${round} of ${runs}`}\n`)
    for (const [position, contender] of contest.contenders.entries()) {
      await contender.prepare?.()
      const command = contender.command(round)
      if (round === 0) memory.push(await measureMemory(command))
      else samples[position]?.push(once(await measure(command, scratch), contender.times ?? 1))
    }
  }
  const medians = contest.contenders.map(({ name }, position) => ({
    name,
    ...middle(samples[position] ?? []),
    memory: memory[position] ?? Number.NaN,
  }))
  const [base] = medians
  const cases = medians.map((each) => ({
    ...each,
    ratio: { wall: each.wall / (base?.wall ?? Number.NaN), cpu: each.cpu / (base?.cpu ?? Number.NaN) },
  }))
  return { title: contest.title, cases, notes: contest.notes ?? [] }
}

function once({ wall, cpu, largest }: Sample, times: number): Sample {
  return { wall: wall / times, cpu: cpu / times, largest }
}

function middle(samples: readonly Sample[]): Sample {
  const of = (field: keyof Sample) => median(samples.map((sample) => sample[field]))
  return { wall: of('wall'), cpu: of('cpu'), largest: of('largest') }
}

/** A line that does the same `times` times, and ends when one of them fails. Its output goes nowhere. */
export function again(line: string, times: number): string {
  return `for i in $(seq ${times}); do ${line} >/dev/null || exit 1; done`
}
