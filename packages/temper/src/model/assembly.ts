import type { FileEntry } from './package/package-content.ts'

/**
 * One entry of a package as it goes into the image: the same object, possibly under another name or with other
 * attributes.
 */
export interface SegmentEntry extends FileEntry {
  /** Path in the package archive. */
  readonly archivePath: string
}
