import type { Digest } from '../base/digest.ts'
import type { FileEntry } from './package-content.ts'

/** One entry of a package as it goes into the image: same object, other name or attributes. */
export interface SegmentEntry extends FileEntry {
  /** Path in the package archive. */
  readonly archivePath: string
}

/**
 * The part of a layer that one package makes: a tar fragment (headers, contents, padding, no end marker)
 * cut into members that are compressed independently.
 */
export interface Segment {
  /** Over package digest, entries, compressor and format version. */
  readonly key: Digest
  /** Bytes compressed and uncompressed. */
  readonly size: number
  readonly uncompressedSize: number
}
