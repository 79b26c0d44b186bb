import { parseArgs } from 'node:util'
import {
  type Comparison,
  comparisons,
  isComparison,
  isWorkload,
  type Workload,
  workloads,
} from './workload.ts'

export interface BenchOptions {
  /** Timed runs of each case; the median is reported. */
  readonly runs: number
  readonly workloads: readonly Workload[]
  readonly comparisons: readonly Comparison[]
  /** Folder of OSV records as NDJSON, gzip'd or not. */
  readonly osv?: string
  readonly json: boolean
}

export const usage = `npm run bench -- [--runs N] [--only NAME]… [--osv DIR] [--json]

nginx, jre, postgres  compare mmdebstrap --variant=extract piped into pigz -6 with "temper build", from packages
                      that are on the disk: alone, and after "temper lock". The first run downloads packages (about 110 MB) and installs
                      mmdebstrap, pigz and GNU time where they are missing.
start                 what starting costs, beside a Node that does nothing.
feeds                 importing all records of the folder of --osv, or made-up ones.
scan                  bills of materials to findings: the built package against Trivy and Grype with the same 90,000
                      advisories, the same with 1,000,000, and 1,000 documents in one process. --osv DIR (or
                      TEMPER_BENCH_OSV) names a folder of OSV records, one a line in *.ndjson or *.ndjson.gz; without
                      it advisories are made up.
inventory             an image of some 230 MB in one layer, nothing known of it, against Syft and Trivy.
assess                the same image: everything that is wrong with it, against Trivy's vulnerabilities, secrets and
                      misconfigurations together; then once its layer is known.
sign                  sign, attest and verify with a key on a loopback registry against cosign, and the SBOM of an
                      image that Temper built against Syft.

Without --only all of them run. --json prints [{ "case", "tool", "cpu", "wall", "memory", "bytes" }]: medians, seconds, MiB
of all processes together, bytes of the image. bench/compare.ts EARLIER LATER compares two of these. The first run builds what other programs are missing from their source, with Go. What
is measured runs offline.`

export function readOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: '5' },
      only: { type: 'string', multiple: true, default: [] },
      osv: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs}: expected a number from 1`)
  const all = [...workloads, ...comparisons]
  const wrong = values.only.find((name) => !isWorkload(name) && !isComparison(name))
  if (wrong !== undefined) throw new Error(`--only ${wrong}: expected one of ${all.join(', ')}`)
  const chosen = values.only.length === 0 ? all : values.only
  const osv = values.osv ?? env['TEMPER_BENCH_OSV']
  return {
    runs,
    workloads: chosen.filter(isWorkload),
    comparisons: chosen.filter(isComparison),
    json: values.json,
    ...(osv ? { osv } : {}),
  }
}
