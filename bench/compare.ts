import { table } from '../packages/temper/src/cli/report/table.ts'
import { type Figure, readFigures } from './figures.ts'

/*
 * node bench/compare.ts EARLIER LATER: two files of "npm run bench -- --json", figure by figure. Ratios are later divided by
 * earlier: below 1 is better. Where another tool did the same thing in both runs its ratio tells how much the machine differed.
 */

const [earlier, later] = process.argv.slice(2)
if (earlier === undefined || later === undefined) {
  process.stderr.write('node bench/compare.ts EARLIER.json LATER.json\n')
  process.exitCode = 2
} else process.stdout.write(compareFigures(await readFigures(earlier), await readFigures(later)))

function compareFigures(before: readonly Figure[], after: readonly Figure[]): string {
  const known = new Map(before.map((figure) => [keyOf(figure), figure]))
  const right = { align: 'right' } as const
  const rows = after.flatMap((now) => {
    const then = known.get(keyOf(now))
    if (then === undefined) return []
    return [
      [
        now.case,
        now.tool,
        ratio(now.cpu, then.cpu),
        `${then.cpu.toFixed(2)} → ${now.cpu.toFixed(2)} s`,
        ratio(now.wall, then.wall),
        ratio(now.memory, then.memory),
        now.bytes === null || then.bytes === null ? '' : ratio(now.bytes, then.bytes),
      ],
    ]
  })
  const missing = [...known.keys()].filter((key) => !after.some((figure) => keyOf(figure) === key))
  const header = ['case', 'tool', 'CPU', '', 'wall', 'memory', 'bytes']
  const text = table([header, ...rows], [{}, {}, right, right, right, right, right])
  return `${text}${missing.map((key) => `not measured any more: ${key}\n`).join('')}`
}

function keyOf(figure: Figure): string {
  return `${figure.contest}: ${figure.case} (${figure.tool})`
}

function ratio(now: number, then: number): string {
  return `${(now / then).toFixed(2)}×`
}
