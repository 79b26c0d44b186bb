import type { PackagePlan } from '../plan.ts'

/** Packages that share a layer, with a name for the history. */
export interface LayerGroup {
  /** Source packages, sorted. */
  readonly sources: readonly string[]
  readonly packages: readonly PackagePlan[]
}

/** A group smaller than this never gets a layer of its own: a request costs more than it saves. */
const smallestLayer = 256 * 1024

/**
 * Groups packages into at most `budget` layers: what is built from one source changes together, so it
 * stays together; the largest sources get layers of their own and the rest shares one. Sizes count by
 * powers of two and ties go by name, so that a package that grows a little moves nothing. Layers are
 * ordered by name with the shared one last: an update changes the bytes of its own layer only.
 */
export function groupLayers(packages: readonly PackagePlan[], budget: number): LayerGroup[] {
  const sources = new Map<string, PackagePlan[]>()
  for (const plan of packages) {
    const source = plan.package.source.name
    sources.set(source, [...(sources.get(source) ?? []), plan])
  }
  const ranked = [...sources]
    .map(([source, plans]) => ({ source, plans, size: plans.reduce((sum, plan) => sum + keptSize(plan), 0) }))
    .sort((a, b) => magnitude(b.size) - magnitude(a.size) || compareText(a.source, b.source))
  const own = ranked.slice(0, Math.max(0, budget - 1)).filter(({ size }) => size >= smallestLayer)
  const shared = ranked.filter((group) => !own.includes(group))
  const groups = own
    .sort((a, b) => compareText(a.source, b.source))
    .map(({ source, plans }) => ({ sources: [source], packages: plans }))
  if (shared.length === 0) return groups
  const rest = shared.sort((a, b) => compareText(a.source, b.source))
  return [
    ...groups,
    { sources: rest.map(({ source }) => source), packages: rest.flatMap(({ plans }) => plans) },
  ]
}

function keptSize(plan: PackagePlan): number {
  return plan.entries.reduce((sum, entry) => sum + entry.size, 0)
}

function magnitude(size: number): number {
  return Math.floor(Math.log2(Math.max(1, size)))
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
