import { rangeOrderOf } from '../../formats/version/compare.ts'
import type { AdvisoryEntry, AdvisoryIndex } from '../../model/advisory/advisory.ts'
import type { Component, Inventory } from '../../model/inventory.ts'
import { rangeHit } from './evaluate.ts'
import { cvePattern } from './problems.ts'
import { problemOfId } from './statements.ts'
import { ecosystemsOf } from './targets/distribution-ecosystems.ts'
import type { MatchTarget } from './targets/target.ts'
import { targetsOf } from './targets/targets.ts'

/** A vulnerability that a distribution says it repaired, in a version that a component has reached. */
export interface Repair {
  readonly id: string
  readonly component: Component
  /** The lowest version that has the repair. */
  readonly version: string
  /** Id of the feed that says so. */
  readonly feed: string
}

/**
 * The fixes that lists of fixes (secdb: which version of a package fixed which CVE) state for packages with these
 * versions or later ones. Other feeds are not used, since their ranges begin and end for other reasons as well.
 */
export function repairsIn(inventory: Inventory, index: AdvisoryIndex): readonly Repair[] {
  const { distribution } = inventory
  if (distribution === undefined) return []
  const lists = new Set(index.feeds.filter(({ kind }) => kind === 'secdb').map(({ id }) => id))
  if (lists.size === 0) return []
  const { ecosystems } = ecosystemsOf(distribution, index)
  return inventory.components.flatMap((component) => {
    const repairs = new Map<string, Repair>()
    for (const target of targetsOf(component, ecosystems)) {
      for (const entry of index.lookup(target.ecosystem, target.name)) {
        const id = problemOfId(entry.id)
        if (!lists.has(entry.feed) || !cvePattern.test(id)) continue
        const version = repairedIn(entry, target)
        if (version !== undefined) repairs.set(id, { id, component, version, feed: entry.feed })
      }
    }
    return [...repairs.values()]
  })
}

/** The lowest of the versions with the repair that the target has reached; undefined when it has not, or is hit again. */
function repairedIn(entry: AdvisoryEntry, target: MatchTarget): string | undefined {
  if (rangeHit(entry, target) !== undefined) return undefined
  const reached = entry.affected.ranges.flatMap(({ scheme, events }) => {
    const order = rangeOrderOf(scheme)
    const own = order.parse(target.version)
    return events.flatMap((event) =>
      'fixed' in event && event.fixed !== '0' && order.compare(order.parse(event.fixed), own) <= 0
        ? [event.fixed]
        : [],
    )
  })
  const [first] = reached
  return first
}
