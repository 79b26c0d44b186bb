import type { Component, InventoryNote, Location } from '../model/inventory.ts'
import type { Cataloguer, CatalogueScope, FileObserver, FoundFact, ObservedFact } from './cataloguer.ts'
import type { FinishedTree } from './finished-tree.ts'
import type { LayerReading } from './layer-reading.ts'

/** Facts of all layers, by who made them and where. */
export class FactBook {
  /** reader → path → layer → facts */
  readonly #facts = new Map<string, Map<string, Map<number, unknown>>>()
  readonly #tree: FinishedTree
  readonly #layered: boolean

  constructor(layers: readonly LayerReading[], tree: FinishedTree, options: { readonly layered: boolean }) {
    this.#tree = tree
    this.#layered = options.layered
    for (const [index, layer] of layers.entries())
      for (const { by, path, fact } of layer.facts) {
        const paths = this.#facts.get(by) ?? new Map<string, Map<number, unknown>>()
        this.#facts.set(by, paths)
        const versions = paths.get(path) ?? new Map<number, unknown>()
        paths.set(path, versions.set(index, fact))
      }
  }

  /** What a reader made of files that are in the finished tree, in the order of paths, each content once. */
  present(reader: string): FoundFact<unknown>[] {
    const paths = this.#facts.get(reader)
    if (paths === undefined) return []
    const seen = new Set<unknown>()
    const found: FoundFact<unknown>[] = []
    for (const file of this.#tree.files) {
      const versions = paths.get(file.content.path)
      if (versions === undefined || seen.has(file.content)) continue
      const fact = versions.get(file.contentLayer)
      if (fact === undefined) continue
      seen.add(file.content)
      const earlier = [...versions]
        .filter(([layer]) => layer < file.contentLayer)
        .map(([layer, old]) => ({ location: this.#location(file.content.path, layer), fact: old }))
      const location = this.#location(file.path, file.layer)
      found.push(earlier.length === 0 ? { location, fact } : { location, fact, earlier })
    }
    return found
  }

  /** What an observer made of all files, lowest layer first. */
  observed(reader: string): ObservedFact<unknown>[] {
    const shown = new Set(this.present(reader).map(({ location }) => key(location)))
    const all = [...(this.#facts.get(reader) ?? [])].flatMap(([path, versions]) =>
      [...versions].map(([layer, fact]) => ({ path, layer, fact })),
    )
    return all
      .sort((a, b) => a.layer - b.layer || (a.path < b.path ? -1 : 1))
      .map(({ path, layer, fact }) => {
        const location = this.#location(path, layer)
        return { location, fact, hidden: !shown.has(key(location)) }
      })
  }

  #location(path: string, layer: number): Location {
    return this.#layered ? { path, layer } : { path }
  }
}

function key({ path, layer }: Location): string {
  return `${layer ?? 0}:${path}`
}

/** Lets every cataloguer combine its facts, and gives the components their real files and owners. */
export function combineFacts(
  book: FactBook,
  cataloguers: readonly Cataloguer<unknown>[],
  scope: CatalogueScope & { readonly tree: FinishedTree },
): { components: Component[]; notes: InventoryNote[] } {
  const components: Component[] = []
  const notes: InventoryNote[] = []
  for (const cataloguer of cataloguers) {
    const facts = book.present(cataloguer.id)
    const made = cataloguer.combine(facts, scope)
    for (const component of made.components) components.push(withRealFiles(component, scope.tree))
    notes.push(...made.notes)
  }
  return { components: components.sort(byIdentity), notes }
}

/** Hands each observer what it made. */
export function finishObservers(book: FactBook, observers: readonly FileObserver<unknown>[]): void {
  for (const observer of observers) observer.finish(book.observed(observer.id))
}

/** A database names "lib/x"; the file is "usr/lib/x" where `lib` is a link. Folders and links are left out. */
function withRealFiles(component: Component, tree: FinishedTree): Component {
  if (component.files === undefined) return component
  const files = new Set<string>()
  for (const path of component.files) {
    const found = tree.at(path)
    if (found?.type === 'file') files.add(found.path)
  }
  return { ...component, files: [...files].sort() }
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
