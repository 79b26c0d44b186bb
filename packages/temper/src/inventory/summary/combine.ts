import type { LayerListing } from '../../formats/layer/listing.ts'
import type { Component, InventoryNote } from '../../model/inventory.ts'
import type { Cataloguer, CatalogueScope, FileObserver } from '../cataloguer.ts'
import { inferPackages, isOfDistribution } from './deleted-database.ts'
import type { FactBook } from './fact-book.ts'
import type { FinishedTree } from './finished-tree.ts'
import { unlockedNotes } from './unlocked.ts'

export interface Combined {
  /** Sorted as `Inventory.components`. */
  readonly components: readonly Component[]
  readonly notes: readonly InventoryNote[]
}

/**
 * Lets every cataloguer combine its facts, and gives the components their real files. Where no package of a
 * distribution is found, those that can be inferred are added.
 */
export function combineFacts(
  book: FactBook,
  cataloguers: readonly Cataloguer<unknown>[],
  scope: CatalogueScope & { readonly tree: FinishedTree },
): Combined {
  const combined = cataloguers.map((cataloguer) => cataloguer.combine(book.present(cataloguer.id), scope))
  const own = combined.flatMap((made) => made.components)
  const inferred = own.some(isOfDistribution)
    ? { components: [], notes: [] }
    : inferPackages({ ...scope, book, cataloguers })
  const notes = [...combined, inferred].flatMap((made) => made.notes)
  const unlocked = combined.flatMap((made) => made.unlocked ?? [])
  const components = [...own, ...inferred.components]
    .map((component) => withRealFiles(component, scope.tree))
    .sort(byIdentity)
  return {
    components: withBringers(components),
    notes: [
      ...notes,
      ...unlockedNotes(unlocked, { components, owners: ownersOf(components.filter(isOfDistribution)) }),
    ],
  }
}

/** Passes each observer its facts. */
export function finishObservers(
  book: FactBook,
  layers: readonly LayerListing[],
  observers: readonly FileObserver<unknown>[],
): void {
  for (const observer of observers) observer.finish(book.observed(observer.id), layers)
}

/**
 * The component that brought each file, by path. A distribution's package takes precedence over language packages,
 * which are often parts of it.
 */
export function ownersOf(components: readonly Component[]): ReadonlyMap<string, Component> {
  const owners = new Map<string, Component>()
  for (const component of [
    ...components.filter(isOfDistribution),
    ...components.filter((each) => !isOfDistribution(each)),
  ])
    for (const path of component.files ?? []) if (!owners.has(path)) owners.set(path, component)
  return owners
}

/** A database names "lib/x"; the file is "usr/lib/x" where `lib` is a link. Folders and links are left out. */
function withRealFiles(component: Component, tree: FinishedTree): Component {
  if (component.files === undefined) return component
  const files = new Set<string>()
  for (const path of component.files) {
    const node = tree.at(path)
    if (node?.type === 'file') files.add(node.path)
  }
  return { ...component, files: [...files].sort() }
}

/** Says of each language's package which distribution's package brought it. */
function withBringers(components: readonly Component[]): Component[] {
  const owners = ownersOf(components.filter(isOfDistribution))
  return components.map((component) => {
    const path = component.locations[0]?.path.split('!/')[0] ?? ''
    const owner = isOfDistribution(component) ? undefined : owners.get(path)
    return owner === undefined ? component : { ...component, broughtBy: owner.purl }
  })
}

function byIdentity(a: Component, b: Component): number {
  return (
    compare(a.type, b.type) ||
    compare(a.name, b.name) ||
    compare(a.version, b.version) ||
    compare(a.locations[0]?.path ?? '', b.locations[0]?.path ?? '') ||
    compare(a.purl, b.purl)
  )
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
