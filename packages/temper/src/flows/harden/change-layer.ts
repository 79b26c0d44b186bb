import { whiteout } from '../../assemble/layers/compose.ts'
import { composeLayer, withoutContent } from '../../assemble/layers/layer.ts'
import type { CachedSegment } from '../../assemble/layers/stored.ts'
import type { ContentEntry } from '../../assemble/packages/segment.ts'
import { TemperError } from '../../base/error.ts'
import type { Image, Layer } from '../../model/image.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import type { FileTree, TreeNode } from '../../model/tree/file-tree.ts'
import { parentOf } from '../../model/tree/path.ts'
import type { LayerTools } from '../assemble/tools.ts'
import { contentLimit, readContents } from './file-contents.ts'
import { changesBetween } from './work-tree.ts'

export interface LayerChange {
  readonly before: FileTree
  readonly after: FileTree
  /** The layers of the original tree, which have the contents of files whose attributes changed. */
  readonly image: Image
  /** Segments with the contents of package files. */
  readonly segments?: (nodes: readonly TreeNode[]) => Promise<readonly CachedSegment[]>
}

/**
 * The layer that turns one tree into another (image-spec layer.md): whiteouts for removed entries, then new and
 * changed ones, each preceded by its folders. Undefined when nothing changed. Errors: `limit-exceeded`.
 */
export async function changeLayer(
  { before, after, image, segments: segmentsOf }: LayerChange,
  tools: LayerTools,
): Promise<Layer | undefined> {
  const { gone, changed } = changesBetween(before, after)
  if (gone.length === 0 && changed.length === 0) return undefined
  const isPackaged = ({ origin }: TreeNode) => segmentsOf !== undefined && origin?.kind === 'package'
  const own = changed.filter((node) => !isPackaged(node))
  const contents = await readContents(
    image,
    own.filter(({ type }) => type === 'file'),
    tools,
  )
  const folders = new Set<string>()
  const addFolders = (path: string) => {
    for (let at = path; at !== '' && !folders.has(at); at = parentOf(at)) folders.add(at)
  }
  for (const path of gone) addFolders(parentOf(path))
  for (const node of changed) addFolders(node.type === 'directory' ? node.path : parentOf(node.path))
  const head = [
    ...[...folders].sort().flatMap((path) => folderEntry(after.get(path))),
    ...gone.map(whiteout),
    ...own.flatMap((node) => (node.type === 'directory' ? [] : [contentEntry(node, contents)])),
  ]
  const mediaTypes = image.manifest.mediaType.includes('docker') ? 'docker' : 'oci'
  const segments = (await segmentsOf?.(changed.filter(isPackaged))) ?? []
  return await composeLayer({ head, segments }, { ...tools, mediaTypes })
}

export function folderEntry(node: TreeNode | undefined): readonly ContentEntry[] {
  return node?.type === 'directory' ? [withoutContent(entryOf(node))] : []
}

export function contentEntry(node: TreeNode, contents: ReadonlyMap<string, Uint8Array>): ContentEntry {
  if (node.type !== 'file') return withoutContent(entryOf(node))
  const content = contents.get(node.path)
  if (content !== undefined && content.length === node.size) return { entry: entryOf(node), content }
  throw new TemperError(
    'limit-exceeded',
    `/${node.path} has ${node.size} bytes: only the attributes of files up to ${contentLimit} can be changed`,
    { hint: 'Let the path keep its attributes.', details: { path: `/${node.path}` } },
  )
}

/** The layer entry of a node, without facts that were only learned about it. */
export function entryOf({
  path,
  type,
  mode,
  uid,
  gid,
  size,
  mtime,
  target,
  xattrs,
  device,
}: TreeNode): FileEntry {
  return {
    path,
    type,
    mode,
    uid,
    gid,
    size,
    mtime: Math.max(0, Math.floor(mtime)),
    ...(target === undefined ? {} : { target }),
    ...(xattrs === undefined ? {} : { xattrs }),
    ...(device === undefined ? {} : { device }),
  }
}
