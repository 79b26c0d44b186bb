import type { Location } from '../model/inventory.ts'
import type { FoundFact, ObservedFact } from './cataloguer.ts'
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
