/** A file in a zip archive, as the central directory describes it (APPNOTE.TXT, 4.3.12). */
export interface ZipEntry {
  /** Checked to be a relative path, with "/" between parts and without "..". */
  readonly name: string
  /** 0 stored, 8 deflate; others cannot be read. */
  readonly method: number
  readonly encrypted: boolean
  readonly crc32: number
  /** Bytes in the archive. */
  readonly packedSize: number
  /** Bytes once unpacked, as the archive promises; reading checks it. */
  readonly size: number
  /** Kind and permissions as in stat(2), if the archive was made on Unix (4.4.2, 4.4.15). */
  readonly unixMode?: number
  /** Where the local header begins in the source. */
  readonly headerOffset: number
}

export interface ZipLimits {
  /** Limit on directory entries, including folders. Default 1,000,000. */
  readonly entries?: number
  /** Limit on the bytes of the directory. Default 256 MiB. */
  readonly directoryBytes?: number
  /** Limit on the bytes of one unpacked entry. Default 256 MiB. */
  readonly entryBytes?: number
}

/** The unpacked bytes that a task has left, across all archives that it opens, including nested ones. */
export interface ZipBudget {
  left: number
}

export interface ZipOptions {
  /** What is being read, for errors. */
  readonly what: string
  readonly limits?: ZipLimits
  /** Reduced by everything that is unpacked. Default 4 GiB for this archive. */
  readonly budget?: ZipBudget
}
