import type { Ownership } from '../confined-folder.ts'

/** Who runs in the container, as far as it is known. */
export interface ContainerUser {
  readonly uid: number | undefined
  readonly gid: number | undefined
}

/**
 * Mount options of a tmpfs that takes the place of a folder: with the folder's own permissions and owner. Where
 * there is no folder, or one that the user cannot write to, everyone may write, as with docker run --tmpfs.
 */
export function tmpfsOptions(folder: Ownership | undefined, user: ContainerUser): readonly string[] {
  return folder !== undefined && canWrite(folder, user) ? sameAs(folder) : ['mode=1777']
}

/** Mount options that give a tmpfs exactly the permissions and owner of a folder. */
export function sameAs(folder: Ownership): readonly string[] {
  return [`mode=${folder.mode.toString(8).padStart(4, '0')}`, `uid=${folder.uid}`, `gid=${folder.gid}`]
}

function canWrite(folder: Ownership, user: ContainerUser): boolean {
  if (user.uid === 0) return true
  if (folder.uid === user.uid) return (folder.mode & 0o300) === 0o300
  if (folder.gid === user.gid) return (folder.mode & 0o030) === 0o030
  return (folder.mode & 0o003) === 0o003
}
