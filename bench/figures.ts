import type { ContestResult } from './contest.ts'
import type { WorkloadResult } from './result.ts'

/** One line of `--json`: medians of one tool at one thing. */
export interface Figure {
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
}

const peerName = 'mmdebstrap + pigz'

export function figuresOf(
  builds: readonly WorkloadResult[],
  contests: readonly ContestResult[],
): readonly Figure[] {
  return [...builds.flatMap(buildFigures), ...contests.flatMap(contestFigures)]
}

/** One figure a line, so that two runs can be compared by eye as well. */
export function formatFigures(figures: readonly Figure[]): string {
  return `[\n${figures.map((figure) => `  ${JSON.stringify(figure)}`).join(',\n')}\n]\n`
}

function buildFigures({ workload, cases, images }: WorkloadResult): readonly Figure[] {
  return cases.map(({ name, compression, cpu, wall, memory }) => {
    const isPeer = name === peerName
    const image = images.find(({ of }) => of === (isPeer ? peerName : `Temper, ${compression}`))
    return {
      case: isPeer ? `${workload}: cold` : `${workload}, ${compression}: ${name}`,
      tool: isPeer ? peerName : 'temper',
      ...{ cpu, wall, memory },
      bytes: name === 'lock' ? null : (image?.written ?? null),
    }
  })
}

function contestFigures({ title, cases }: ContestResult): readonly Figure[] {
  return cases.map(({ name, cpu, wall, memory }) => ({
    ...{ case: title, tool: name, cpu, wall, memory },
    bytes: null,
  }))
}
