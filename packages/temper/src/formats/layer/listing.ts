import type { FileEntry } from '../../model/package/package-content.ts'
import type { Whiteout } from './whiteout.ts'

/** An entry of a layer without its content; owners, permissions and times only where they were asked for. */
export interface ListedEntry
  extends Pick<FileEntry, 'path' | 'type' | 'target'>,
    Partial<Pick<FileEntry, 'size' | 'mode' | 'uid' | 'gid' | 'mtime' | 'xattrs'>> {
  /** SHA-256 in hex; files only. */
  readonly sha256?: string
}

/** What one layer says by itself. */
export interface LayerListing {
  readonly whiteouts: readonly Whiteout[]
  /** In the order of the archive. */
  readonly entries: readonly ListedEntry[]
}
