import { table } from '../packages/temper/src/cli/report/table.ts'
import type { ContestResult } from './contest.ts'

const right = { align: 'right' } as const

export function reportContests(results: readonly ContestResult[]): string {
  return `${results.map(reportContest).join('\n')}
times      time of a program divided by that of Temper in the first row: how many times faster Temper is; in
           brackets the same for CPU time, user and system of all processes. Medians of whole processes.
memory     largest sum over all processes at one time, shared pages counted once, sampled every 10 ms.
largest    peak of the largest single process (ru_maxrss), as GNU time tells.
`
}

function reportContest({ title, cases, notes }: ContestResult): string {
  const rows = cases.map(({ name, ratio, wall, cpu, memory, largest }) => [
    name,
    `${ratio.wall.toFixed(2)}×`,
    `${ratio.cpu.toFixed(2)}×`,
    seconds(wall),
    seconds(cpu),
    `${memory.toFixed(0)} MiB`,
    `${largest.toFixed(0)} MiB`,
  ])
  const measured = table(
    [['', 'times', '(CPU)', 'wall', 'CPU', 'memory', 'largest'], ...rows],
    [{}, right, right, right, right, right, right],
  )
  return `${title}\n\n${measured}${notes.map((note) => `  ${note}\n`).join('')}`
}

function seconds(time: number): string {
  return `${time.toFixed(3)} s`
}
