export interface OpenDaemonOptions {
  /** Where to look for the daemon, the likeliest place first. */
  readonly sockets: readonly string[]
  /** Folder for an archive that the daemon exports. */
  readonly temporaryDir: string
  /** Ends every request. */
  readonly signal?: AbortSignal
}
