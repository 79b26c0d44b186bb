import { join } from 'node:path'
import { mapLimit } from '../base/concurrency.ts'
import { withPlainFile } from '../base/folder/plain-file.ts'
import { unreadable, type WalkedObject, type WalkNote, walkFolder } from '../base/folder/walk.ts'
import { inspectFile } from '../formats/file/inspect.ts'
import type { EntryType, FileEntry } from '../model/package/package-content.ts'
import type { FileTree, TreeNode } from '../model/tree/file-tree.ts'
import { MemoryTree } from '../model/tree/memory-tree.ts'
import { folderAbove, NodeMaker, type TreeReading } from './reading.ts'

/** Files that are read at once: waiting for the disk takes longer than hashing. */
const filesAtOnce = 8

/** Most objects of a folder, as of an image. */
const entryLimit = 3_000_000

export interface FolderTree {
  readonly tree: FileTree
  /** What could not be read. */
  readonly notes: readonly WalkNote[]
}

/**
 * The tree of a root file system in a folder. No link is followed while reading, so nothing outside the folder is
 * seen. A file that cannot be read is in the tree, without facts and content, and noted. Extended attributes (file
 * capabilities among them) are not read. Sockets are left out.
 * Errors: `not-found`, `bad-usage` when it is no folder, `file-system`, `limit-exceeded`.
 */
export async function readFolderTree(root: string, reading: TreeReading): Promise<FolderTree> {
  const { signal } = reading
  const walked = await walkFolder(root, { entries: entryLimit, ...(signal === undefined ? {} : { signal }) })
  const notes: WalkNote[] = [...walked.notes]
  const maker = new NodeMaker()
  const nodes = await mapLimit(walked.objects, filesAtOnce, async (object) => {
    signal?.throwIfAborted()
    const entry = entryOf(object)
    if (entry?.type !== 'file') return entry
    try {
      const read = await withPlainFile(join(root, entry.path), (stats, content) =>
        inspectFile({ ...entry, size: stats.size }, content, { capture: reading.keep }),
      )
      return read && maker.node(read)
    } catch (error) {
      notes.push(unreadable(entry.path, error))
      return entry
    }
  })
  const tree = new MemoryTree<TreeNode>({ folder: folderAbove })
  for (const node of nodes) if (node !== undefined) tree.put(node)
  return { tree, notes }
}

function entryOf({ path, stats, target }: WalkedObject): FileEntry | undefined {
  const type = typeOf(stats)
  if (type === undefined) return undefined
  return {
    path,
    type,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    size: type === 'file' ? stats.size : 0,
    mtime: Math.floor(stats.mtimeMs / 1000),
    ...(target === undefined ? {} : { target }),
  }
}

function typeOf(stats: WalkedObject['stats']): EntryType | undefined {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  if (stats.isSymbolicLink()) return 'symlink'
  if (stats.isCharacterDevice()) return 'character'
  if (stats.isBlockDevice()) return 'block'
  return stats.isFIFO() ? 'fifo' : undefined
}
