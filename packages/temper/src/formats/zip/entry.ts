/** A file in a zip archive, as the central directory describes it (APPNOTE.TXT, 4.3.12). */
export interface ZipEntry {
  /** With "/" between parts, relative, without "..": checked. */
  readonly name: string
  /** 0 stored, 8 deflate; others cannot be read. */
  readonly method: number
  readonly encrypted: boolean
  readonly crc32: number
  /** Bytes in the archive. */
  readonly packedSize: number
  /** Bytes once unpacked, as the archive promises; reading checks it. */
  readonly size: number
  /** Kind and permissions as stat(2) has them, where a Unix made the archive (4.4.2, 4.4.15). */
  readonly unixMode?: number
  /** Where the local header begins in the source. */
  readonly headerOffset: number
}

export interface ZipLimits {
  /** Entries of the directory, folders included. Default 1,000,000. */
  readonly entries?: number
  /** Bytes of the directory. Default 256 MiB. */
  readonly directoryBytes?: number
  /** Bytes of one entry once unpacked. Default 256 MiB. */
  readonly entryBytes?: number
}

/** Unpacked bytes that are left to a task, across all archives that it opens, nested ones included. */
export interface ZipBudget {
  left: number
}

export interface ZipOptions {
  /** What is being read, for errors. */
  readonly what: string
  readonly limits?: ZipLimits
  /** Lowered by all that is unpacked. Default 4 GiB for this archive. */
  readonly budget?: ZipBudget
}
