/** A file of other packages that is put elsewhere when it is unpacked. Paths in the image, no leading slash. */
export interface Diversion {
  /** The package whose own file keeps the path. */
  readonly by: string
  readonly from: string
  readonly to: string
}
