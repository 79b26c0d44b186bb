import { parseArgs } from 'node:util'
import {
  type Comparison,
  type Compression,
  comparisons,
  compressions,
  isComparison,
  isCompression,
  isWorkload,
  type Workload,
  workloads,
} from './workload.ts'

export interface BenchOptions {
  /** Timed runs of each case; the median is reported. */
  readonly runs: number
  readonly workloads: readonly Workload[]
  readonly compressions: readonly Compression[]
  readonly comparisons: readonly Comparison[]
  /** Folder of OSV records as NDJSON, gzip'd or not. */
  readonly osv?: string
  readonly json: boolean
  /** File that figures of each contest are added to as soon as it is over. */
  readonly into?: string
  /** Pass over contests that the file has. */
  readonly resume: boolean
  /** Minutes after which no further contest is begun. */
  readonly minutes?: number
  /** Page in Markdown whose tables are written anew from what is measured. */
  readonly page?: string
}

export const usage = `npm run bench -- [--runs N] [--only NAME]… [--compression NAME] [--osv DIR] [--json]
                 [--into FILE [--resume]] [--minutes N] [--page FILE]

nginx, jre, postgres, large
                      compare mmdebstrap --variant=extract piped into pigz -6 with "temper build", from packages
                      that are on the disk: alone, and after "temper lock". The first run downloads packages (110 MB, for "large" some
                      200 more) and installs mmdebstrap, pigz and GNU time where they are missing. "unchanged, no lock" asks the
                      archive on loopback. --compression gzip or zstd takes one of the two. "large", an image of more than 1 GB, is
                      run once, with gzip unless zstd is asked for.
start                 what starting costs, beside a Node that does nothing.
feeds                 importing all records of the folder of --osv, or made-up ones.
scan                  bills of materials to findings: the built package against Trivy and Grype with the same 90,000
                      advisories, and the same with 1,000,000. --osv DIR (or
                      TEMPER_BENCH_OSV) names a folder of OSV records, one a line in *.ndjson or *.ndjson.gz; without
                      it advisories are made up.
documents             1,000 bills of materials in one process, against Trivy.
scan-image            an image of some 230 MB in one layer to findings, never seen before and once its layer is known, against Trivy.
inventory             an image of some 230 MB in one layer, nothing known of it, against Syft and Trivy.
assess                the same image: everything that is wrong with it, against Trivy's vulnerabilities, secrets and
                      misconfigurations together; then once its layer is known.
assess-large          the same for an image of 1 GiB, never seen.
sign                  sign, attest and verify with a key on a loopback registry against cosign, and the SBOM of an
                      image that Temper built against Syft.
registry              manifests from "temper serve", by digest and by tag, against docker-registry and crane registry serve.
chisel                all files of the packages of nginx and of the JRE as "chisel cut" lays them out in a folder, then tar and
                      pigz -6, against "temper build" that has the packages alone.
scaling               how much of the CPU time of cold builds (nginx, jre, postgres) is the main thread's, as on machines with 2, 4 and 8
                      processors, whatever this one has.

Without --only all of them run. Each is a contest of its own: --into FILE adds its figures to a file as soon as it is over, in place
of earlier ones of the same, --resume passes over what the file has, and with --minutes N no further contest begins after that time:
so all of it can be run bit by bit. --json prints [{ "case", "tool", "cpu", "wall", "memory", "bytes" }]: medians, seconds, MiB
of all processes together, bytes of the image. bench/compare.ts EARLIER LATER compares two of these. --page docs/speed.md writes the
tables of that page from the figures, with --into from all that the file has. A contest that fails is told at the end, and the others
are held all the same. The first run builds what other programs are missing from their source, with Go. What
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
      compression: { type: 'string' },
      into: { type: 'string' },
      resume: { type: 'boolean', default: false },
      minutes: { type: 'string' },
      page: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return 'help'
  const runs = Number(values.runs)
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs}: expected a number from 1`)
  const minutes = values.minutes === undefined ? undefined : Number(values.minutes)
  if (minutes !== undefined && !(minutes > 0))
    throw new Error(`--minutes ${values.minutes}: expected a number above 0`)
  if (values.compression !== undefined && !isCompression(values.compression))
    throw new Error(`--compression ${values.compression}: expected one of ${compressions.join(', ')}`)
  if (values.resume && values.into === undefined) throw new Error('--resume: expected --into FILE, too')
  const all = [...workloads, ...comparisons]
  const wrong = values.only.find((name) => !isWorkload(name) && !isComparison(name))
  if (wrong !== undefined) throw new Error(`--only ${wrong}: expected one of ${all.join(', ')}`)
  const chosen = values.only.length === 0 ? all : values.only
  const osv = values.osv ?? env['TEMPER_BENCH_OSV']
  return {
    runs,
    workloads: chosen.filter(isWorkload),
    comparisons: chosen.filter(isComparison),
    compressions: values.compression === undefined ? compressions : [values.compression],
    json: values.json,
    resume: values.resume,
    ...(values.into === undefined ? {} : { into: values.into }),
    ...(minutes === undefined ? {} : { minutes }),
    ...(values.page === undefined ? {} : { page: values.page }),
    ...(osv ? { osv } : {}),
  }
}
