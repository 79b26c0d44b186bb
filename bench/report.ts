import { table } from '../packages/temper/src/cli/report/table.ts'
import type { WorkloadResult } from './result.ts'

const right = { align: 'right' } as const

/** Ratios first: absolute figures say as much of the machine as of the programs. */
export function report(results: readonly WorkloadResult[]): string {
  return `${results.map(reportWorkload).join('\n')}
faster     wall time of mmdebstrap + pigz divided by that of the case; in brackets the same for CPU time, user and
           system of all processes. Medians.
cold       a fresh runner: archives, lock and parsed recipe are there, nothing made from a package.
lock       "temper lock" with archives and indices there, nothing made from a package.
after lock "temper build" then, in the cache as "lock" left it.
changed    then one package (libssl3t64) gets other bytes, as by an update.
unchanged  then the same again. no lock: a recipe without a lock, the archive (on loopback) asked whether anything is new.
memory     largest sum over all processes at one time, shared pages counted once, sampled every 10 ms in a run
           of its own. largest: peak of the largest single process (ru_maxrss), as GNU time tells.
`
}

function reportWorkload({ workload, packages, cases, images }: WorkloadResult): string {
  const rows = cases.map((each) => [
    each.name,
    each.name.startsWith('mm') ? 'gzip -6' : each.compression,
    `${each.faster.wall.toFixed(2)}×`,
    `${each.faster.cpu.toFixed(2)}×`,
    `${each.wall.toFixed(2)} s`,
    `${each.cpu.toFixed(2)} s`,
    `${each.memory.toFixed(0)} MiB`,
    `${each.largest.toFixed(0)} MiB`,
  ])
  const measured = table(
    [['', 'layers', 'faster', '(CPU)', 'wall', 'CPU', 'memory', 'largest'], ...rows],
    [{}, {}, right, right, right, right, right, right],
  )
  const made = table(
    [
      ['', 'image', 'files', 'bytes in files'],
      ...images.map(({ of, written, files, bytes }) => [
        of,
        mebibytes(written),
        String(files),
        mebibytes(bytes),
      ]),
    ],
    [{}, right, right, right],
  )
  return `${workload} (${packages} packages)\n\n${measured}\n${made}`
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`
}
