import type { Advisory, AdvisoryIndex, FeedState } from '../../model/advisory/advisory.ts'
import type { FeedCoverage } from '../../model/advisory/coverage.ts'
import type { Finding } from '../../model/advisory/finding.ts'
import type { Component, ComponentType, Distribution, Inventory } from '../../model/inventory.ts'
import { parseOsvRecord } from '../feed/osv/record.ts'
import { type MemoryContent, memoryIndex } from '../index/memory-index.ts'
import { matchInventory } from './match.ts'

/** An index for tests: records as OSV has them, by feed. */
export function sampleIndex(
  records: Readonly<Record<string, readonly unknown[]>>,
  more: Partial<MemoryContent> = {},
): AdvisoryIndex {
  const advisories = Object.entries(records).flatMap(([feed, all]) =>
    all.map((record): Advisory => ({ ...parseOsvRecord(record), feed })),
  )
  const all = [...advisories, ...(more.advisories ?? [])]
  const feeds = Object.keys(records).map((id) => ({
    ...feedState(id),
    covers: listsOf(all.filter(({ feed }) => feed === id)),
  }))
  return memoryIndex({ ...more, feeds: more.feeds ?? feeds, advisories: all })
}

/** As if the records were all that is known of their ecosystems. */
export function listsOf(advisories: readonly Advisory[]): readonly FeedCoverage[] {
  const ecosystems = new Set(advisories.flatMap(({ affected }) => affected.map(({ ecosystem }) => ecosystem)))
  return [{ extent: 'list', knows: 'all', by: 'person', ecosystems: [...ecosystems].sort() }]
}

/** Findings alone. */
export function findingsIn(given: Inventory, index: AdvisoryIndex): readonly Finding[] {
  return matchInventory(given, index).findings
}

/** The feed's id tells its kind: "debian-tracker", "secdb", "changelogs", else OSV. */
export function feedState(id: string): FeedState {
  const kind = id === 'debian-tracker' || id === 'secdb' || id === 'changelogs' ? id : 'osv'
  return { id, kind, count: 1, digest: `sha256:${'0'.repeat(64)}` }
}

/** An OSV record about one package. */
export function record(
  id: string,
  about: { readonly in: string; readonly name: string; readonly events?: readonly object[] },
  more: object = {},
): object {
  const { in: ecosystem, name, events = [{ introduced: '0' }] } = about
  return {
    id,
    affected: [{ package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events }] }],
    ...more,
  }
}

export function component(
  type: ComponentType,
  name: string,
  more: Partial<Component> & { readonly version: string },
): Component {
  return {
    type,
    name,
    purl: `pkg:${type}/${name}@${more.version}`,
    locations: [],
    foundBy: 'sample',
    ...more,
  }
}

export function inventory(components: readonly Component[], distribution?: Distribution): Inventory {
  return { components, layers: [], notes: [], ...(distribution === undefined ? {} : { distribution }) }
}

/** Events of what a version repairs. */
export function fixedIn(version: string): readonly object[] {
  return [{ introduced: '0' }, { fixed: version }]
}

/** "id of package: fixed versions", for each finding. */
export function found(
  components: readonly Component[],
  index: AdvisoryIndex,
  distribution?: Distribution,
): string[] {
  return findingsIn(inventory(components, distribution), index).map(
    ({ id, component: { name }, fixedVersions }) => `${id} of ${name}: ${fixedVersions.join(' ')}`,
  )
}

/** What is told besides. */
export function notes(
  components: readonly Component[],
  index: AdvisoryIndex,
  distribution?: Distribution,
): string[] {
  return matchInventory(inventory(components, distribution), index).notes.map(({ message }) => message)
}
