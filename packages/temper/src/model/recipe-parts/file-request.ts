/** A file, or a folder of files, that a recipe brings from elsewhere. */
export interface FileRequest {
  /** Path in the image, leading slash. */
  readonly path: string
  /** File beside the recipe, or an https address (then with `checksum`). */
  readonly source: string
  readonly checksum?: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** Something that a recipe puts into the image, with its bytes at hand. */
export interface RecipeFile {
  /** Where it goes, and with which attributes. */
  readonly request: Pick<FileRequest, 'source' | 'path' | 'mode' | 'uid' | 'gid'>
  /** The request in the recipe that it follows from, itself: a folder has many files. Absent: `request`. */
  readonly asked?: object
  /** Default: a file. */
  readonly type?: 'directory' | 'symlink'
  /** Bytes of a file; else empty. */
  readonly content: Uint8Array
  /** What a link points to. */
  readonly target?: string
}
