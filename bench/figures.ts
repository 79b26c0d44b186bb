import { readFile, rename, writeFile } from 'node:fs/promises'
import type { ContestResult } from './contest.ts'
import type { WorkloadResult } from './result.ts'

/** One line of `--json`: medians of one tool at one thing. */
export interface Figure {
  /** The contest that it is of, as `--only` and `--compression` name it: "nginx gzip". */
  readonly contest: string
  readonly case: string
  readonly tool: string
  /** Seconds of user and system time of all processes. */
  readonly cpu: number
  /** Seconds from start to end. */
  readonly wall: number
  /** MiB of all processes together, at most. */
  readonly memory: number
  /** Bytes of the image; null where none is written. */
  readonly bytes: number | null
  /** What it was measured with; files of earlier versions do not have it. */
  readonly run?: Run
}

/** What a contest was held with and on. */
export interface Run {
  /** Abbreviated. */
  readonly commit: string
  /** Version of Node, without its "v". */
  readonly node: string
  readonly cores: number
  /** Timed runs of which the figures are medians. */
  readonly runs: number
  /** Load average of the last minute before the contest. */
  readonly load: number
}

const peerName = 'mmdebstrap + pigz'

/** What one contest found out. */
export interface Outcome {
  readonly name: string
  readonly run: Run
  readonly builds: readonly WorkloadResult[]
  readonly contests: readonly ContestResult[]
}

export function figuresOf({ name, run, builds, contests }: Outcome): readonly Figure[] {
  const figures = [...builds.flatMap(buildFigures), ...contests.flatMap(contestFigures)]
  return figures.map((figure) => ({ contest: name, ...figure, run }))
}

/** The figures that a file has; none when there is no file. */
export async function readFigures(path: string): Promise<readonly Figure[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '[]'
    throw error
  })
  return JSON.parse(text) as readonly Figure[]
}

/** Adds figures of a contest to a file, in place of earlier ones of the same contest. */
export async function addFigures(path: string, outcome: Outcome): Promise<void> {
  const others = (await readFigures(path)).filter(({ contest }) => contest !== outcome.name)
  await writeFile(`${path}.new`, formatFigures([...others, ...figuresOf(outcome)]))
  await rename(`${path}.new`, path)
}

/** One figure a line, so that two runs can be compared by eye as well. */
export function formatFigures(figures: readonly Figure[]): string {
  return `[\n${figures.map((figure) => `  ${JSON.stringify(figure)}`).join(',\n')}\n]\n`
}

type Measured = Omit<Figure, 'contest' | 'run'>

function buildFigures({ workload, cases, images }: WorkloadResult): readonly Measured[] {
  return cases.map(({ name, compression, cpu, wall, memory }) => {
    const isPeer = name === peerName
    const image = images.find(({ of }) => of === (isPeer ? peerName : `Temper, ${compression}`))
    return {
      case: isPeer ? `${workload}: cold` : `${workload}, ${compression}: ${name}`,
      tool: isPeer ? peerName : 'temper',
      cpu,
      wall,
      memory,
      bytes: name === 'lock' ? null : (image?.written ?? null),
    }
  })
}

function contestFigures({ title, cases }: ContestResult): readonly Measured[] {
  return cases.map(({ name, cpu, wall, memory }) => ({
    case: title,
    tool: name,
    cpu,
    wall,
    memory,
    bytes: null,
  }))
}
