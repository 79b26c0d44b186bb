export interface OpenDaemonOptions {
  /** Where to look for it, the likeliest first. */
  readonly sockets: readonly string[]
  /** Folder for an archive that is handed out. */
  readonly temporaryDir: string
  /** Ends every request. */
  readonly signal?: AbortSignal
}
