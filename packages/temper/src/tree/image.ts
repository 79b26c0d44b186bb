import { inspectFile } from '../formats/file/inspect.ts'
import { layerItems, layLayers } from '../formats/layer/lay.ts'
import type { TarItem } from '../formats/tar/read.ts'
import type { Image, Layer } from '../model/image.ts'
import type { FileTree, TreeLayer, TreeNode } from '../model/tree/file-tree.ts'
import { MemoryTree } from '../model/tree/memory-tree.ts'
import { folderAbove, NodeMaker, type TreeReading } from './reading.ts'

/** A node with where its bytes are: in which layer, and under which name there. */
interface Laid {
  readonly node: TreeNode
  readonly source: { readonly layer: number; readonly name: string }
}

/**
 * The tree of an image, whoever built it: layers laid over each other, whiteouts applied, each node with the layer
 * that put it there. Layers are read as streams, once; a second time only when a file whose content has to be kept is
 * in its layer under a name from which this could not be told. A hard link is a file with the attributes of what it
 * shares. Errors: `bad-archive`, `bad-image`, `limit-exceeded`, `digest-mismatch` and what opening a layer throws.
 */
export async function readImageTree(
  { layers }: Pick<Image, 'layers'>,
  reading: TreeReading,
): Promise<FileTree> {
  const maker = new NodeMaker()
  const named = layers.map(({ diffId }, index): TreeLayer => ({ index, diffId }))
  const describe = async ({ entry, content }: TarItem, index: number): Promise<Laid> => {
    const read = await inspectFile(entry, content, { capture: reading.keep })
    return { node: maker.node(read, layerOf(named, index)), source: { layer: index, name: entry.path } }
  }
  const laid = await layLayers<Laid>(layers, {
    remember: describe,
    shared: ({ node, source }, index) => ({ node: { ...node, ...layerOf(named, index) }, source }),
    ...(reading.signal === undefined ? {} : { signal: reading.signal }),
  })
  const placed = [...laid.entries()].map(([path, { node, source }]) => ({ node: { ...node, path }, source }))
  const complete = await withContents(placed, { layers, reading, maker })
  return treeOf(complete.sort((a, b) => (a.path < b.path ? -1 : 1)))
}

function layerOf(layers: readonly TreeLayer[], index: number): Pick<TreeNode, 'layer'> {
  const layer = layers[index]
  return layer === undefined ? {} : { layer }
}

/** Fetches the contents that are to be kept and that their names in the layer did not show to be. */
async function withContents(
  placed: readonly Laid[],
  { layers, reading, maker }: { layers: readonly Layer[]; reading: TreeReading; maker: NodeMaker },
): Promise<TreeNode[]> {
  const wanted = placed.filter(
    ({ node, source }) =>
      node.type === 'file' &&
      node.content === undefined &&
      reading.keep(node.path) &&
      !reading.keep(source.name),
  )
  const contents = new Map<string, Pick<TreeNode, 'content'>>()
  for (const [index, layer] of layers.entries()) {
    const names = new Set(wanted.flatMap(({ source }) => (source.layer === index ? [source.name] : [])))
    if (names.size === 0) continue
    for await (const { entry, content } of layerItems(layer)) {
      reading.signal?.throwIfAborted()
      if (!names.has(entry.path)) continue
      const kept = maker.node(await inspectFile(entry, content, { capture: () => true })).content
      if (kept !== undefined) contents.set(`${index} ${entry.path}`, { content: kept })
    }
  }
  return placed.map(({ node, source }) => ({ ...node, ...contents.get(`${source.layer} ${source.name}`) }))
}

function treeOf(nodes: readonly TreeNode[]): FileTree {
  const tree = new MemoryTree<TreeNode>({ folder: folderAbove })
  for (const node of nodes) tree.put(node)
  return tree
}
