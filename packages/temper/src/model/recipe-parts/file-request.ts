/** A file, or a folder of files, that a recipe brings from elsewhere. */
export interface FileRequest {
  /** Path in the image, leading slash. */
  readonly path: string
  /** File beside the recipe, or an https address (then with `checksum`). */
  readonly source: string
  readonly checksum?: string
  /** Of a folder: patterns of what stays out, as in a `.dockerignore`, relative to the folder. */
  readonly ignore?: readonly string[]
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Set for an archive, whose content goes below `path`. */
  readonly unpack?: {
    /** Folders at the start of each name that are left out. */
    readonly strip: number
    /** Whether files may be executed as the archive says, or have the permissions above. */
    readonly modes: 'kept' | 'given'
  }
  /** Values of vars that are filled in; absent when the file is taken as it is. */
  readonly template?: Readonly<Record<string, string>>
  /** Platforms ("linux/amd64") whose images get it. Absent: all. */
  readonly platforms?: readonly string[]
}

/** Something that a recipe puts into the image, with its bytes at hand. */
export interface RecipeFile {
  /** Where it goes, and with which attributes. */
  readonly request: Pick<FileRequest, 'source' | 'path' | 'mode' | 'uid' | 'gid' | 'platforms'>
  /** The request in the recipe that it follows from, since a folder has many files. Absent: `request`. */
  readonly asked?: object
  /** The application package that it belongs to; hardening leaves out of it what it leaves out of packages. */
  readonly dependency?: string
  /** Whether only build steps get it, and the image does not. */
  readonly forSteps?: boolean
  /** Default: a file. */
  readonly type?: 'directory' | 'symlink'
  /** Bytes of a file; else empty. */
  readonly content: Uint8Array
  /** What a link points to. */
  readonly target?: string
}
