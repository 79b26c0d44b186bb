import { inspectBytes } from '../../formats/file/inspect.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import type { TreeNode } from '../../model/tree/file-tree.ts'
import type { MemoryTree } from '../../model/tree/memory-tree.ts'

/** Attributes of a new file that hardening makes. */
export type NewFile = Pick<FileEntry, 'path' | 'mode' | 'mtime'>

/** Puts a file into a tree, with the attributes of the existing one, else with the given ones. */
export function putFile(root: MemoryTree<TreeNode>, file: NewFile, content: Uint8Array): void {
  const present = root.resolve(file.path)
  const { path, mode, uid, gid } =
    present?.type === 'file' ? present : { path: file.path, mode: file.mode, uid: 0, gid: 0 }
  const entry: FileEntry = {
    path,
    type: 'file',
    mode,
    uid,
    gid,
    size: content.length,
    mtime: file.mtime,
  }
  root.put({ ...inspectBytes(entry, content), content })
}

/** The same, with the text of lines. */
export function putText(root: MemoryTree<TreeNode>, file: NewFile, text: string): void {
  putFile(root, file, Buffer.from(text))
}

/** Text of a file whose content was kept; empty when there is none. */
export function textOf(root: MemoryTree<TreeNode>, path: string): string {
  const content = root.resolve(path)?.content
  return content === undefined ? '' : Buffer.from(content).toString('utf8')
}
