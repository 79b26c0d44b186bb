import { parseArgs } from 'node:util'
import { isWorkload, type Workload, workloads } from './workload.ts'

export interface BenchOptions {
  /** Timed runs of each case; the median is reported. */
  readonly runs: number
  readonly workloads: readonly Workload[]
  readonly json: boolean
}

export const usage = `npm run bench -- [--runs N] [--only nginx|jre|postgres]… [--json]

Compares mmdebstrap --variant=extract piped into pigz -6 with "temper build", from packages that are on the
disk. The first run downloads packages (about 110 MB) and installs mmdebstrap, pigz and GNU time where they
are missing; what is measured runs offline.`

export function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: '5' },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs}: expected a number from 1`)
  const chosen = values.only.map((name) => {
    if (isWorkload(name)) return name
    throw new Error(`--only ${name}: expected one of ${workloads.join(', ')}`)
  })
  return { runs, workloads: chosen.length === 0 ? workloads : chosen, json: values.json }
}
