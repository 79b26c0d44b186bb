import { createHash } from 'node:crypto'

/** An entry of a tree, with its path from the root. */
export interface GitEntry {
  /** Octal digits: "100644", "100755", "120000" (link), "160000" (submodule). */
  readonly mode: string
  /** Hexadecimal digits. */
  readonly id: string
  /** Bytes as UTF-8. */
  readonly path: string
}

/** The id of an object: a digest of its kind, its length and its bytes (gitformat-loose(5)). As long as `like`, another id. */
export function objectId(kind: 'blob' | 'tree' | 'commit', bytes: Uint8Array, like: string): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1')
  return hash.update(`${kind} ${bytes.length}\0`).update(bytes).digest('hex')
}

/** The id of the tree that holds just these entries, in whatever order they are. */
export function treeId(entries: readonly GitEntry[], like: string): string {
  const own: GitEntry[] = []
  const folders = new Map<string, GitEntry[]>()
  for (const entry of entries) {
    const slash = entry.path.indexOf('/')
    if (slash < 0) {
      own.push(entry)
      continue
    }
    const name = entry.path.slice(0, slash)
    const inside = folders.get(name) ?? []
    inside.push({ ...entry, path: entry.path.slice(slash + 1) })
    folders.set(name, inside)
  }
  for (const [path, inside] of folders) own.push({ mode: folder, path, id: treeId(inside, like) })
  // Folders are sorted as if a slash ended their names.
  const keyed = own.map((entry) => ({
    entry,
    key: Buffer.from(entry.mode === folder ? `${entry.path}/` : entry.path),
  }))
  keyed.sort((a, b) => Buffer.compare(a.key, b.key))
  const parts = keyed.flatMap(({ entry: { mode, path, id } }) => [
    Buffer.from(`${mode} ${path}\0`),
    Buffer.from(id, 'hex'),
  ])
  return objectId('tree', Buffer.concat(parts), like)
}

const folder = '40000'

/** The modes in the object of a tree by name, as they were written, which git itself shows as those of today. */
export function modesOfTree(tree: Uint8Array, like: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(tree.buffer, tree.byteOffset, tree.length)
  const modes = new Map<string, string>()
  let at = 0
  for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, at)) {
    const [mode = '', name = ''] = bytes.toString('utf8', at, end).split(/ (.*)/s)
    modes.set(name, mode)
    at = end + 1 + like.length / 2
  }
  return modes
}

/** The tree that a commit is of; undefined for bytes that are no commit. */
export function treeOfCommit(commit: Uint8Array): string | undefined {
  const start = Buffer.from(commit.subarray(0, 100)).toString('latin1')
  return /^tree ([0-9a-f]{40}(?:[0-9a-f]{24})?)\n/.exec(start)?.[1]
}
