import type { Digest } from '../base/digest.ts'
import type { LayerListing, ListedEntry } from '../formats/layer/listing.ts'
import { LayeredTree } from '../formats/layer/tree.ts'
import type { HiddenFile, LayerContents } from '../model/assess/layer-contents.ts'
import type { PackageEntry } from '../model/package/package-content.ts'
import type { FileTree, TreeLayer, TreeNode } from '../model/tree/file-tree.ts'
import { MemoryTree } from '../model/tree/memory-tree.ts'
import { hidingOf } from './hiding.ts'
import { folderAbove, NodeMaker } from './reading.ts'

/** What was learned from the bytes of a file. */
export interface FileFact extends Pick<PackageEntry, 'elf' | 'shebang' | 'fipsModule'> {
  readonly content?: Uint8Array
}

/** A tree, with what each layer adds to it and hides. */
export interface ListedTree {
  readonly tree: FileTree
  /** Lowest first; one for a folder. */
  readonly layers: readonly LayerContents[]
}

export interface ListingOptions {
  /** By the position of the layer, a space, and the path as the layer writes it. */
  readonly facts: ReadonlyMap<string, FileFact>
  /** Lowest first; none for a folder: nodes then have no layer. */
  readonly layers: readonly TreeLayer[]
}

/** What stands at a place: the entry that put it there, and the one that has its content. */
interface Laid {
  readonly entry: ListedEntry
  readonly layer: number
  readonly source: ListedEntry
  readonly sourceLayer: number
}

/**
 * Lays layers over each other, from what was read of them: whiteouts are applied, and hard links become files of the
 * layer that brought the link. Errors: `limit-exceeded`.
 */
export function layListings(listings: readonly LayerListing[], options: ListingOptions): ListedTree {
  const laid = lay(listings)
  const maker = new NodeMaker()
  const nodes: TreeNode[] = []
  const shown = new Set<ListedEntry>()
  for (const [path, value] of laid.entries()) {
    nodes.push(nodeOf(path, value, { options, maker }))
    // A hard link shows what it shares, whatever became of its other name.
    shown.add(value.entry).add(value.source)
  }
  const tree = new MemoryTree<TreeNode>({ folder: folderAbove })
  for (const node of nodes.sort((a, b) => (a.path < b.path ? -1 : 1))) tree.put(node)
  return { tree, layers: contentsOf(listings, shown) }
}

function lay(listings: readonly LayerListing[]): LayeredTree<Laid> {
  const tree = new LayeredTree<Laid>()
  for (const [layer, { whiteouts, entries }] of listings.entries()) {
    // Whiteouts hide only what lower layers brought, wherever in the layer they stand.
    for (const whiteout of whiteouts) tree.hide(whiteout)
    for (const entry of entries) {
      if (entry.type !== 'hardlink') {
        tree.place(entry, { entry, layer, source: entry, sourceLayer: layer })
        continue
      }
      const other = tree.at(entry.target ?? '')
      if (other?.value === undefined || other.type === 'directory') continue
      const { source, sourceLayer } = other.value
      tree.place({ ...other, path: entry.path }, { entry, layer, source, sourceLayer })
    }
  }
  return tree
}

function nodeOf(
  path: string,
  { entry, layer, source, sourceLayer }: Laid,
  { options, maker }: { readonly options: ListingOptions; readonly maker: NodeMaker },
): TreeNode {
  const { facts, layers } = options
  const { content, ...fact } =
    facts.get(`${layer} ${entry.path}`) ?? facts.get(`${sourceLayer} ${source.path}`) ?? {}
  const { type, target, mode = 0, uid = 0, gid = 0, mtime = 0, size = 0, xattrs, sha256 } = source
  const node = {
    path,
    type,
    mode,
    uid,
    gid,
    mtime,
    size,
    ...(target === undefined ? {} : { target }),
    ...(xattrs === undefined ? {} : { xattrs }),
    ...(sha256 === undefined ? {} : { digest: `sha256:${sha256}` as Digest }),
    ...fact,
  }
  const at = layers[layer]
  return maker.node(
    { entry: node, ...(content === undefined ? {} : { captured: content }) },
    at === undefined ? {} : { layer: at },
  )
}

function contentsOf(listings: readonly LayerListing[], shown: ReadonlySet<ListedEntry>): LayerContents[] {
  const hiding = hidingOf(listings)
  return listings.map(({ entries }, index) => {
    const files = entries.filter(({ type }) => type === 'file')
    const hidden: HiddenFile[] = files
      .filter((entry) => !shown.has(entry))
      .map(({ path, size = 0, sha256 = '' }) => ({
        path,
        size,
        digest: `sha256:${sha256}` as Digest,
        ...hiding({ path, sha256 }, index),
      }))
    return {
      entries: entries.length,
      files: files.length,
      bytes: files.reduce((sum, { size = 0 }) => sum + size, 0),
      hidden,
    }
  })
}
