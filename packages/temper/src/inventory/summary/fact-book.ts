import type { Location } from '../../model/inventory.ts'
import type { FoundFact, ObservedFact } from '../cataloguer.ts'
import type { LayerReading } from '../reading/layer-reading.ts'
import type { FinishedTree } from './finished-tree.ts'

/** Facts of all layers, by reader and place. */
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
    return this.#present(reader).map(({ placed }) => placed)
  }

  /** What a reader made of all files, lowest layer first. */
  observed(reader: string): ObservedFact<unknown>[] {
    const shown = new Set(this.#present(reader).map(({ made }) => `${made.layer}:${made.path}`))
    const all = [...(this.#facts.get(reader) ?? [])].flatMap(([path, versions]) =>
      [...versions].map(([layer, fact]) => ({ path, layer, fact })),
    )
    return all
      .sort((a, b) => a.layer - b.layer || (a.path < b.path ? -1 : 1))
      .map(({ path, layer, fact }) => ({
        location: this.#location(path, layer),
        fact,
        hidden: !shown.has(`${layer}:${path}`),
      }))
  }

  /** Facts with the path and layer that they were made at: another one where a file is a hard link. */
  #present(reader: string): { placed: FoundFact<unknown>; made: { path: string; layer: number } }[] {
    const paths = this.#facts.get(reader)
    if (paths === undefined) return []
    const seen = new Set<unknown>()
    return this.#tree.files.flatMap((file) => {
      const candidates = [
        { path: file.name, layer: file.layer },
        { path: file.content.path, layer: file.contentLayer },
      ]
      const made = candidates.find(({ path, layer }) => paths.get(path)?.has(layer) === true)
      if (made === undefined || seen.has(file.content)) return []
      seen.add(file.content)
      const versions = [...(paths.get(made.path) ?? [])]
      const fact = versions.find(([layer]) => layer === made.layer)?.[1]
      const earlier = versions
        .filter(([layer]) => layer < made.layer)
        .map(([layer, old]) => ({ location: this.#location(made.path, layer), fact: old }))
      const location = this.#location(file.path, file.layer)
      return [{ placed: { location, fact, ...(earlier.length === 0 ? {} : { earlier }) }, made }]
    })
  }

  #location(path: string, layer: number): Location {
    return this.#layered ? { path, layer } : { path }
  }
}
