/**
 * A file that is put elsewhere when it is unpacked from other packages. Paths are in the image, without leading
 * slash.
 */
export interface Diversion {
  /** The package whose own file keeps the path. */
  readonly by: string
  readonly from: string
  readonly to: string
}
