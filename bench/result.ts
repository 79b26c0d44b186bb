import type { Sample } from './measure.ts'
import type { Contents } from './mmdebstrap.ts'
import type { Compression, Workload } from './workload.ts'

/** What Temper is measured at, in this order. */
export const temperCases = [
  'cold',
  'lock',
  'after lock',
  'one package changed',
  'unchanged',
  'unchanged, no lock',
] as const
export type CaseName = 'mmdebstrap + pigz' | (typeof temperCases)[number]

/** Medians of one case. Seconds and MiB. */
export interface CaseResult extends Sample {
  readonly name: CaseName
  readonly compression: Compression
  /** MiB of all its processes together, at most. */
  readonly memory: number
  /** Wall and CPU time of mmdebstrap + pigz divided by those of this case: how many times faster it is. */
  readonly faster: { readonly wall: number; readonly cpu: number }
}

export interface WorkloadResult {
  readonly workload: Workload
  readonly packages: number
  readonly cases: readonly CaseResult[]
  /** Bytes of what each side writes, and of the files in it. */
  readonly images: readonly (Contents & { readonly of: string; readonly written: number })[]
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
