import type { FileEntry } from '../../model/package/package-content.ts'
import type { Whiteout } from './whiteout.ts'

/** An entry of a layer without its content; it has owners, permissions and times only on request. */
export interface ListedEntry
  extends Pick<FileEntry, 'path' | 'type' | 'target'>,
    Partial<Pick<FileEntry, 'size' | 'mode' | 'uid' | 'gid' | 'mtime' | 'xattrs'>> {
  /** SHA-256 in hex; files only. */
  readonly sha256?: string
}

/** The entries of one layer by itself. */
export interface LayerListing {
  readonly whiteouts: readonly Whiteout[]
  /** In the order of the archive. */
  readonly entries: readonly ListedEntry[]
}
