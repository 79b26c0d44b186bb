import { purlOf } from '../../formats/purl/purl-type.ts'
import type { AdvisoryIndex } from '../../model/advisory/advisory.ts'
import type { Component, Inventory } from '../../model/inventory.ts'

/**
 * The inventory with Java archives named as feeds list their digest: they were published under that name, whatever
 * their files say.
 */
export function nameArchives(
  inventory: Inventory,
  index: Pick<AdvisoryIndex, 'feeds' | 'archive'>,
): Inventory {
  if (!index.feeds.some(({ kind }) => kind === 'archives')) return inventory
  const renamed = new Map<string, string>()
  const components = inventory.components.map((component): Component => {
    const { sha1, type, purl } = component
    const known = sha1 === undefined || type !== 'maven' ? undefined : index.archive(sha1)
    if (known === undefined) return component
    const { guessedFrom: _, ...rest } = component
    const named = { ...rest, ...known, purl: purlOf('maven', known) }
    if (named.purl !== purl) renamed.set(purl, named.purl)
    return named
  })
  return { ...inventory, components: renamed.size === 0 ? components : components.map(refer(renamed)) }
}

/** What others need is called by its new name, too. */
function refer(renamed: ReadonlyMap<string, string>): (component: Component) => Component {
  return (component) => {
    if (component.dependsOn?.some((purl) => renamed.has(purl)) !== true) return component
    const dependsOn = component.dependsOn.map((purl) => renamed.get(purl) ?? purl)
    return { ...component, dependsOn: [...new Set(dependsOn)].sort() }
  }
}
