import { appendFile } from 'node:fs/promises'

/** Something that somebody did and that may have to be explained later. */
export interface AuditEntry {
  /** Name of the token. */
  readonly who: string
  readonly action:
    | 'sign-in'
    | 'create-token'
    | 'revoke-token'
    | 'push-manifest'
    | 'delete-manifest'
    | 'delete-blob'
    | 'release'
    | 'sweep'
    | 'retire'
    | 'put-recipe'
    | 'run-job'
    | 'cancel-build'
    | 'retry-build'
    | 'rotate-key'
    | 'promote'
    | 'withdraw'
    | 'waive'
    | 'end-waiver'
    | 'watch'
    | 'unwatch'
  /** What it was done to. */
  readonly subject: string
  readonly detail?: Readonly<Record<string, unknown>>
}

/** Lines of JSON that are added to and never changed. */
export class AuditLog {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  async add(entry: AuditEntry, now: Date): Promise<void> {
    await appendFile(this.#path, `${JSON.stringify({ time: now.toISOString(), ...entry })}\n`, {
      mode: 0o600,
    })
  }
}
