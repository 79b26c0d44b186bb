import { table } from '../packages/temper/src/cli/report/table.ts'
import type { ContestResult } from './contest.ts'

const right = { align: 'right' } as const

export function reportContests(results: readonly ContestResult[]): string {
  return `${results.map(reportContest).join('\n')}
times      time of a program divided by that of Temper in the first row: how many times faster Temper is; in
           brackets the same for CPU time, user and system of all processes. Medians of whole processes.
largest    peak of the largest single process (ru_maxrss), as GNU time tells.
`
}

function reportContest({ title, cases, notes }: ContestResult): string {
  const rows = cases.map(({ name, ratio, wall, cpu, largest }) => [
    name,
    `${ratio.wall.toFixed(2)}×`,
    `${ratio.cpu.toFixed(2)}×`,
    seconds(wall),
    seconds(cpu),
    `${largest.toFixed(0)} MiB`,
  ])
  const measured = table(
    [['', 'times', '(CPU)', 'wall', 'CPU', 'largest'], ...rows],
    [{}, right, right, right, right, right],
  )
  return `${title}\n\n${measured}${notes.map((note) => `  ${note}\n`).join('')}`
}

function seconds(time: number): string {
  return `${time.toFixed(3)} s`
}
