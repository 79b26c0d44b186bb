import { LayeredTree } from '../../formats/layer/tree.ts'
import type { EntryType } from '../../model/package/package-content.ts'
import type { LayerEntry, LayerReading } from '../reading/layer-reading.ts'

/** A regular file of the finished tree. */
export interface TreeFile {
  /** Its real path: no part of it is a link. */
  readonly path: string
  /** Position of the layer that put it there. */
  readonly layer: number
  /** Its path as that layer writes it. */
  readonly name: string
  /** The entry that brought the content: another one than at `path` for a hard link. */
  readonly content: LayerEntry
  /** The layer of that entry. */
  readonly contentLayer: number
}

type Value = Omit<TreeFile, 'path'> | 'other'

/** The tree that results when all layers are laid over each other. */
export class FinishedTree {
  readonly #tree: LayeredTree<Value>
  /** Sorted by path. */
  readonly files: readonly TreeFile[]

  constructor(layers: readonly LayerReading[], options: { readonly entries: number }) {
    this.#tree = new LayeredTree({ limit: options.entries })
    for (const [index, layer] of layers.entries()) {
      for (const whiteout of layer.whiteouts) this.#tree.hide(whiteout)
      for (const entry of layer.entries) this.#place(entry, index)
    }
    const files: TreeFile[] = []
    for (const [path, value] of this.#tree.entries()) if (value !== 'other') files.push({ path, ...value })
    this.files = files.sort((a, b) => (a.path < b.path ? -1 : 1))
  }

  /** Whether a path leads to a file, links followed. */
  has(path: string): boolean {
    return this.#tree.find(path)?.type === 'file'
  }

  /** The object at a path itself, by its real path. */
  at(path: string): { readonly path: string; readonly type: EntryType } | undefined {
    return this.#tree.at(path)
  }

  #place(entry: LayerEntry, layer: number): void {
    const name = entry.path
    if (entry.type === 'file') this.#tree.place(entry, { layer, name, content: entry, contentLayer: layer })
    else if (entry.type !== 'hardlink') this.#tree.place(entry, 'other')
    else {
      const shared = this.#tree.at(entry.target ?? '')?.value
      if (shared === undefined) return
      if (shared === 'other') this.#tree.place(entry, 'other')
      else this.#tree.place({ path: entry.path, type: 'file' }, { ...shared, layer, name })
    }
  }
}
