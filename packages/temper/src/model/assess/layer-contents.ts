import type { Digest } from '../../base/digest.ts'

/** A file that a layer brings and that is not in the finished tree: everybody who has the image has it still. */
export interface HiddenFile {
  /** As its layer writes it, without leading slash. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  readonly digest: Digest
  /**
   * What became of it: a later layer deleted it, put another file in its place, or brought the same bytes again (with
   * other permissions, or for nothing); or the same layer has it twice.
   */
  readonly by: 'deleted' | 'replaced' | 'repeated'
  /** Position of the layer that did so. */
  readonly hiddenIn: number
}

/** What one layer adds to an image, and what of that later layers hide. */
export interface LayerContents {
  /** Files, folders and links. */
  readonly entries: number
  readonly files: number
  /** Bytes of its files. */
  readonly bytes: number
  /** In the order of the archive. */
  readonly hidden: readonly HiddenFile[]
}
