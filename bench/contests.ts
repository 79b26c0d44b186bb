import { benchAssess } from './assess.ts'
import { benchChisel } from './chisel.ts'
import type { ContestOptions, ContestResult } from './contest.ts'
import { benchFeeds } from './feeds.ts'
import type { Outcome } from './figures.ts'
import { benchInventory } from './inventory.ts'
import { lockOf } from './lock.ts'
import { startLoopbackMirror } from './loopback-mirror.ts'
import { benchDocuments } from './many-documents.ts'
import type { BenchOptions } from './options.ts'
import { programCache } from './program-cache.ts'
import { benchRegistry } from './registry.ts'
import { compare } from './rounds.ts'
import { benchScaling } from './scaling.ts'
import { benchScan } from './scan.ts'
import { benchScanImage } from './scan-image.ts'
import { benchSign } from './sign.ts'
import { benchStart } from './start.ts'
import type { Comparison, Compression, Workload } from './workload.ts'

/** What can be measured alone. */
export interface NamedContest {
  /** "nginx gzip", "scan". */
  readonly name: string
  /** Timed runs. */
  readonly runs: number
  hold(scratch: string): Promise<Omit<Outcome, 'name' | 'run'>>
}

/**
 * What was asked for, each image and compressor apart. Of the image of more than 1 GB, which takes minutes, there is one timed
 * run, and zstd only when it is asked for.
 */
export function contestsOf(options: BenchOptions): readonly NamedContest[] {
  const builds = options.workloads.flatMap((workload) => {
    const isLarge = workload === 'large'
    const runs = isLarge ? 1 : options.runs
    const [first = 'gzip', ...others] = options.compressions
    return [first, ...(isLarge ? [] : others)].map((compression) => ({
      name: `${workload} ${compression}`,
      runs,
      hold: async (scratch: string) => await compareBuilds({ workload, compression, runs }, scratch),
    }))
  })
  const { runs, osv } = options
  const others = options.comparisons.map((name) => ({
    name,
    runs,
    hold: async (scratch: string) => ({
      builds: [],
      contests: await comparisonsBy[name]({ runs, scratch, ...(osv === undefined ? {} : { osv }) }),
    }),
  }))
  return [...builds, ...others]
}

type Hold = (options: ContestOptions & { readonly osv?: string }) => Promise<readonly ContestResult[]>

const comparisonsBy: Readonly<Record<Comparison, Hold>> = {
  start: benchStart,
  scan: benchScan,
  documents: benchDocuments,
  'scan-image': benchScanImage,
  feeds: benchFeeds,
  inventory: benchInventory,
  assess: (options) => benchAssess({ ...options, large: false }),
  'assess-large': (options) => benchAssess({ ...options, large: true }),
  sign: benchSign,
  registry: benchRegistry,
  chisel: benchChisel,
  scaling: benchScaling,
}

interface BuildContest {
  readonly workload: Workload
  readonly compression: Compression
  readonly runs: number
}

async function compareBuilds(
  { workload, compression, runs }: BuildContest,
  scratch: string,
): Promise<Omit<Outcome, 'name' | 'run'>> {
  const mirror = await startLoopbackMirror(await lockOf(workload, compression))
  try {
    const program = await programCache(scratch)
    const round = { runs, scratch, program, mirror, compressions: [compression] }
    return { builds: [await compare(workload, round)], contests: [] }
  } finally {
    mirror.close()
  }
}
