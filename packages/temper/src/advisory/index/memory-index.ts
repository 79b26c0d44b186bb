import type {
  Advisory,
  AdvisoryEntry,
  AdvisoryIndex,
  ExploitPrediction,
  FeedState,
  KnownArchive,
  KnownExploited,
} from '../../model/advisory/advisory.ts'
import { canonicalEcosystem, canonicalName, parseEcosystem } from '../ecosystem.ts'
import { mergedFacts } from './record/facts.ts'

/** What an index in memory is made of. */
export interface MemoryContent {
  readonly feeds: readonly FeedState[]
  /** The feed of each must be one of `feeds`. */
  readonly advisories: readonly Advisory[]
  readonly exploited?: ReadonlyMap<string, KnownExploited>
  readonly predictions?: ReadonlyMap<string, ExploitPrediction>
  /** By SHA-1. */
  readonly archives?: ReadonlyMap<string, KnownArchive>
}

/** An index of advisories that are at hand: for few of them, and as the measure of the one on disk. */
export function memoryIndex(content: MemoryContent): AdvisoryIndex {
  const known = content.advisories.filter(({ withdrawn }) => withdrawn === undefined)
  const packages = new Map<string, AdvisoryEntry[]>()
  const names = new Map<string, Set<Advisory>>()
  const ecosystems = new Set<string>()
  for (const advisory of content.advisories)
    for (const { ecosystem } of advisory.affected) ecosystems.add(canonicalEcosystem(ecosystem))
  for (const advisory of known) {
    for (const id of [advisory.id, ...advisory.aliases]) {
      const named = names.get(id) ?? new Set()
      names.set(id, named.add(advisory))
    }
    const { affected: all, ...rest } = advisory
    for (const each of all) {
      const { family } = parseEcosystem(each.ecosystem)
      const ecosystem = canonicalEcosystem(each.ecosystem)
      const affected = { ...each, ecosystem, name: canonicalName(family, each.name) }
      const key = packageKey(affected.ecosystem, affected.name)
      packages.set(key, [...(packages.get(key) ?? []), { ...rest, affected }])
    }
  }
  const order = new Map(content.feeds.map(({ id }, position) => [id, position]))
  for (const entries of packages.values())
    entries.sort((a, b) => byText(a.id, b.id) || (order.get(a.feed) ?? 0) - (order.get(b.feed) ?? 0))
  return {
    feeds: content.feeds,
    lookup: (ecosystem, name) => packages.get(packageKey(ecosystem, name)) ?? [],
    releases: (family) => {
      const prefix = `${parseEcosystem(family).family}:`
      return [...ecosystems]
        .filter((each) => each.startsWith(prefix))
        .map((each) => each.slice(prefix.length))
        .sort()
    },
    exploited: (id) => content.exploited?.get(id),
    prediction: (id) => content.predictions?.get(id),
    archive: (sha1) => content.archives?.get(sha1),
    facts: (id) =>
      mergedFacts(
        id,
        [...(names.get(id) ?? [])].map(({ affected: _affected, ...rest }) => rest),
      ),
    close: () => {},
  }
}

function packageKey(ecosystem: string, name: string): string {
  const { family } = parseEcosystem(ecosystem)
  return JSON.stringify([canonicalEcosystem(ecosystem), canonicalName(family, name)])
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
