import type { RootNode } from '../../model/root.ts'
import type { Rootfs } from '../../model/tree/rootfs.ts'

interface Folder {
  readonly path: string
  readonly mode: number
  readonly uid?: number
}

/** The runtime user that every image has, by convention of the field. */
export const nonroot = 65532

/**
 * Folders that programs and container runtimes expect (FHS 3.0; mount points of the OCI runtime-spec).
 * Only missing ones are made.
 */
const folders: readonly Folder[] = [
  { path: 'dev', mode: 0o755 },
  { path: 'etc', mode: 0o755 },
  { path: 'home', mode: 0o755 },
  { path: 'home/nonroot', mode: 0o700, uid: nonroot },
  { path: 'proc', mode: 0o555 },
  { path: 'root', mode: 0o700 },
  { path: 'run', mode: 0o755 },
  { path: 'sys', mode: 0o555 },
  { path: 'tmp', mode: 0o1777 },
  { path: 'usr/bin', mode: 0o755 },
  { path: 'usr/sbin', mode: 0o755 },
  { path: 'var/tmp', mode: 0o1777 },
]

export function addSkeleton(root: Rootfs, mtime: number): void {
  for (const { path, mode, uid = 0 } of folders) {
    if (!root.get(path)) root.put(folder({ path, mode, uid, gid: uid }, mtime))
  }
}

/** Makes the working folder unless something else has; it belongs to root unless the recipe says otherwise. */
export function addFolder(
  root: Rootfs,
  path: string,
  owner: { uid: number; gid: number; mode: number; mtime: number },
): void {
  const name = root.canonical(path)
  if (name === '' || root.resolve(name)) return
  root.put(folder({ path: name, mode: owner.mode, uid: owner.uid, gid: owner.gid }, owner.mtime))
}

function folder(entry: { path: string; mode: number; uid: number; gid: number }, mtime: number): RootNode {
  return { ...entry, type: 'directory', size: 0, mtime, origin: { kind: 'effect', effect: 'skeleton' } }
}
