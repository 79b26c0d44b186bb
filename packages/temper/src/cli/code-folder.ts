import { statSync } from 'node:fs'

/** What others could do to a folder: write into it (inode(7), "The file mode component"). */
const othersWrite = 0o022

/**
 * Whether nobody but this user and root can have put anything into a folder, or it is not there yet. V8 runs what it is given
 * as compiled code without a look at it: from a cache that is shared with others it would be theirs.
 */
export function isOwnFolder(path: string, user = process.getuid?.()): boolean {
  try {
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat === undefined || user === undefined) return true
    return (stat.uid === user || stat.uid === 0) && (stat.mode & othersWrite) === 0
  } catch {
    return false
  }
}

/** Does what makes folders so that others cannot write into them, however open this user's own ones are. */
export function withoutOthers(make: () => void): void {
  const before = process.umask(othersWrite)
  process.umask(before | othersWrite)
  try {
    make()
  } finally {
    process.umask(before)
  }
}
