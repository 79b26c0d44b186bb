import { composeLayer } from '../../assemble/layers/layer.ts'
import type { CachedSegment } from '../../assemble/layers/stored.ts'
import { MemberWriter } from '../../assemble/packages/members.ts'
import { sha256 } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { layerItems, layLayers } from '../../formats/layer/lay.ts'
import { encodeTarHeader, tarPadding } from '../../formats/tar/write.ts'
import type { Layer } from '../../model/image.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import type { TreeNode } from '../../model/tree/file-tree.ts'
import type { LayerTools } from '../assemble/tools.ts'
import { contentEntry, entryOf, folderEntry, type LayerChange } from './change-layer.ts'

/** A file of the layers below, under the names that it has in the tree: the first has the bytes, the others link to it. */
interface Source {
  readonly layer: number
  readonly name: string
  readonly paths: string[]
}

/**
 * One layer with the whole tree, without anything that was hidden or removed. Contents are streamed; the original
 * layers are read twice.
 */
export async function squashedLayer(
  { before, after, image, segments: segmentsOf }: LayerChange,
  tools: LayerTools,
): Promise<Layer> {
  const nodes = [...after.nodes()]
  const isPackaged = ({ origin }: TreeNode) => segmentsOf !== undefined && origin?.kind === 'package'
  const isBelow = (node: TreeNode) =>
    node.type === 'file' && !isPackaged(node) && before.get(node.path)?.digest === node.digest
  const sources = await sourcesOf(image.layers, nodes.filter(isBelow), tools.signal)
  const own = nodes.filter((node) => node.type !== 'directory' && !isPackaged(node) && !isBelow(node))
  const contents = new Map(
    own.flatMap(({ path, content }) => (content === undefined ? [] : [[path, content] as const])),
  )
  const entries = new Map(nodes.map((node) => [node.path, entryOf(node)]))
  const head = [...nodes.flatMap(folderEntry), ...own.map((node) => contentEntry(node, contents))]
  const below = await belowSegment({ layers: image.layers, sources, entries }, tools)
  const segments = [below, ...((await segmentsOf?.(nodes.filter((node) => isPackaged(node)))) ?? [])]
  const mediaTypes = image.manifest.mediaType.includes('docker') ? 'docker' : 'oci'
  return await composeLayer({ head, segments }, { ...tools, mediaTypes })
}

/** Where the bytes of files are: in which layer, and under which name there. */
async function sourcesOf(
  layers: readonly Layer[],
  nodes: readonly TreeNode[],
  signal: AbortSignal,
): Promise<readonly Source[]> {
  const laid = await layLayers(layers, {
    remember: ({ entry: { path } }, layer) => ({ layer, name: path }),
    signal,
  })
  const wanted = new Set(nodes.map(({ path }) => path))
  const sources = new Map<string, Source>()
  for (const [path, { layer, name }] of laid.entries()) {
    if (!wanted.has(path)) continue
    const key = `${layer} ${name}`
    const known = sources.get(key) ?? { layer, name, paths: [] }
    known.paths.push(path)
    sources.set(key, known)
  }
  for (const { paths } of sources.values()) paths.sort()
  return [...sources.values()].sort((a, b) => a.layer - b.layer || (a.name < b.name ? -1 : 1))
}

interface Below {
  readonly layers: readonly Layer[]
  readonly sources: readonly Source[]
  readonly entries: ReadonlyMap<string, FileEntry>
}

async function belowSegment(below: Below, tools: LayerTools): Promise<CachedSegment> {
  const { layers, sources, entries } = below
  const written = sources.map(({ paths, ...source }) => [source, paths.map((path) => entries.get(path))])
  const key = sha256(canonicalJson(['squashed', 1, tools.spec, layers.map(({ diffId }) => diffId), written]))
  const make = () => writeBelow(below, { ...tools, key })
  if (!(await tools.cache.hasSegment(key))) await make()
  return { key, maker: async () => make }
}

async function writeBelow(
  { layers, sources, entries }: Below,
  { cache, compressor, key, signal }: LayerTools & { readonly key: CachedSegment['key'] },
): Promise<void> {
  const sink = await cache.createSegment()
  try {
    const writer = new MemberWriter(compressor, sink.write)
    for (const [index, layer] of layers.entries()) {
      const wanted = new Map(
        sources.flatMap((source) => (source.layer === index ? [[source.name, source]] : [])),
      )
      for await (const { entry, content } of layerItems(layer)) {
        signal.throwIfAborted()
        const source = wanted.get(entry.path)
        const [first, ...links] = source?.paths.flatMap((path) => entries.get(path) ?? []) ?? []
        if (first === undefined || entry.type !== 'file' || entry.size !== first.size) continue
        // The last of several entries of one name is the one that counts, and all are written.
        await writer.write(encodeTarHeader(first))
        for await (const chunk of content) await writer.write(chunk)
        await writer.write(tarPadding(entry.size))
        for (const link of links)
          await writer.write(encodeTarHeader({ ...link, type: 'hardlink', target: first.path, size: 0 }))
      }
    }
    await writer.end()
    await sink.commit(key)
  } catch (error) {
    await sink.abort()
    throw error
  }
}
