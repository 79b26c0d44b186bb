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
  /** It is an archive, whose content goes below `path`. */
  readonly unpack?: {
    /** Folders at the start of each name that are left out. */
    readonly strip: number
    /** Whether files may be executed as the archive says, or have the permissions above. */
    readonly modes: 'kept' | 'given'
  }
  /** Values of the vars that are written out in it; absent: it is taken as it is. */
  readonly template?: Readonly<Record<string, string>>
  /** "linux/amd64": it goes into the images of these alone. Absent: into all. */
  readonly platforms?: readonly string[]
}

/** Something that a recipe puts into the image, with its bytes at hand. */
export interface RecipeFile {
  /** Where it goes, and with which attributes. */
  readonly request: Pick<FileRequest, 'source' | 'path' | 'mode' | 'uid' | 'gid' | 'platforms'>
  /** The request in the recipe that it follows from, itself: a folder has many files. Absent: `request`. */
  readonly asked?: object
  /** The application's package that it is of: what hardening leaves out of packages it leaves out of this too. */
  readonly dependency?: string
  /** Default: a file. */
  readonly type?: 'directory' | 'symlink'
  /** Bytes of a file; else empty. */
  readonly content: Uint8Array
  /** What a link points to. */
  readonly target?: string
}
