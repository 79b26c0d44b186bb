import type { Digest } from '../../base/digest.ts'

/** A file that a layer brings and that is not in the finished tree; everybody who has the image still has the file. */
export interface HiddenFile {
  /** The path as its layer writes it, without leading slash. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly digest: Digest
  /**
   * What became of it: a later layer deleted it, replaced it, or brought the same bytes again (with other
   * permissions, or needlessly); or the same layer has it twice.
   */
  readonly by: 'deleted' | 'replaced' | 'repeated'
  /** Position of the layer that did so. */
  readonly hiddenIn: number
}

/** What one layer adds to an image, and which part of it later layers hide. */
export interface LayerContents {
  /** Number of files, folders and links. */
  readonly entries: number
  readonly files: number
  /** Bytes of its files. */
  readonly bytes: number
  /** In the order of the archive. */
  readonly hidden: readonly HiddenFile[]
}
