import type { Layer } from '../../model/image.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import { readTar, type TarItem } from '../tar/read.ts'
import { layerTar } from './tar.ts'
import { LayeredTree, type TreeOptions } from './tree.ts'
import { parseWhiteout, type Whiteout } from './whiteout.ts'

export interface LayOptions<Value> {
  /** Returns what is remembered of an entry; content that it does not read is skipped. `layer` is a position. */
  readonly remember: (item: TarItem, layer: number) => Value | Promise<Value>
  /** Returns what is remembered of a hard link, from the file that it shares. Default: the same. */
  readonly shared?: (value: Value, layer: number) => Value
  readonly limits?: TreeOptions
  /** Stops the work between two entries. */
  readonly signal?: AbortSignal
}

type Laid<Value> = readonly [Pick<FileEntry, 'path' | 'type' | 'target'>, Value]

/**
 * Lays the layers of an image over each other, lowest first, each read once as a stream. A hard link becomes the file
 * that it shares; one whose file is missing is left out. Errors: `bad-archive`, `bad-image`, `limit-exceeded`,
 * `digest-mismatch` and what opening a layer throws.
 */
export async function layLayers<Value>(
  layers: readonly Layer[],
  options: LayOptions<Value>,
): Promise<LayeredTree<Value>> {
  const tree = new LayeredTree<Value>(options.limits)
  const { shared = (value: Value) => value } = options
  for (const [index, layer] of layers.entries()) {
    const { whiteouts, entries } = await readLayer(layer, index, options)
    // Whiteouts hide only what lower layers brought, wherever in the layer they stand.
    for (const whiteout of whiteouts) tree.hide(whiteout)
    for (const [entry, value] of entries) {
      if (entry.type !== 'hardlink') {
        tree.place(entry, value)
        continue
      }
      const other = tree.at(entry.target ?? '')
      if (other?.value !== undefined && other.type !== 'directory')
        tree.place({ ...other, path: entry.path }, shared(other.value, index))
    }
  }
  return tree
}

async function readLayer<Value>(layer: Layer, index: number, { remember, signal }: LayOptions<Value>) {
  const whiteouts: Whiteout[] = []
  const entries: Laid<Value>[] = []
  for await (const item of layerItems(layer)) {
    signal?.throwIfAborted()
    const whiteout = parseWhiteout(item.entry.path)
    if (whiteout === undefined) {
      const { path, type, target } = item.entry
      const entry = { path, type, ...(target === undefined ? {} : { target }) }
      entries.push([entry, await remember(item, index)])
    } else whiteouts.push(whiteout)
  }
  return { whiteouts, entries }
}

/** The entries of a layer, as they were written. */
export async function* layerItems(layer: Layer): AsyncGenerator<TarItem, void, undefined> {
  const what = `layer ${layer.descriptor.digest}`
  yield* readTar(await layerTar(layer.open(), what), { what, endMarker: 'optional', names: 'escape' })
}
