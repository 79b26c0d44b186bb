import { packageSegment } from '../../../assemble/layers/compose.ts'
import type { CachedSegment } from '../../../assemble/layers/stored.ts'
import type { SegmentEntry } from '../../../model/assembly.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import type { AssemblyTools } from '../../assemble/tools.ts'
import type { ReadUpdate } from './lay.ts'

/** The parts of a layer that come from updated packages: their remaining files in the tree, under their names there. */
export async function updateSegments(
  nodes: readonly TreeNode[],
  updates: readonly ReadUpdate[],
  tools: AssemblyTools,
): Promise<readonly CachedSegment[]> {
  const byPackage = new Map<string, Map<string, TreeNode>>()
  for (const node of nodes) {
    if (node.origin?.kind !== 'package') continue
    const own = byPackage.get(node.origin.package) ?? new Map<string, TreeNode>()
    own.set(node.origin.path, node)
    byPackage.set(node.origin.package, own)
  }
  const segments: CachedSegment[] = []
  for (const update of updates) {
    const own = byPackage.get(update.package.name)
    if (own === undefined) continue
    const entries = entriesOf(update, own)
    segments.push(await packageSegment({ ...update, entries }, [], tools))
  }
  return segments
}

/** In the order of the archive. A link whose file is not there takes its place. */
function entriesOf({ content }: ReadUpdate, own: ReadonlyMap<string, TreeNode>): readonly SegmentEntry[] {
  const files = new Map<string, string>()
  const entries = new Map<string, SegmentEntry>()
  const targets = new Map<string, string>()
  for (const entry of content.entries) {
    const node = own.get(entry.path)
    const target = entry.type === 'hardlink' ? (targets.get(entry.target ?? '') ?? entry.target) : undefined
    if (target !== undefined) targets.set(entry.path, target)
    if (node === undefined || node.type === 'directory') continue
    const { path, type, mode, uid, gid, size, mtime } = node
    const attributes = { path, mode, uid, gid, mtime }
    if (target === undefined) {
      files.set(entry.path, path)
      const link = node.target === undefined ? {} : { target: node.target }
      entries.set(entry.path, { archivePath: entry.path, ...attributes, type, size, ...link })
      continue
    }
    const file = files.get(target)
    if (file === undefined) {
      files.set(target, path)
      entries.set(target, { archivePath: target, ...attributes, type, size })
    } else
      entries.set(entry.path, {
        archivePath: entry.path,
        ...attributes,
        type: 'hardlink',
        size: 0,
        target: file,
      })
  }
  return content.entries.flatMap(({ path }) => entries.get(path) ?? [])
}
