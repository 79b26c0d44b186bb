import { appendFile } from 'node:fs/promises'

/** Something that somebody did and that may have to be explained later. */
export interface AuditEntry {
  /** Name of the token that did it. */
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
  /** The object of the action. */
  readonly subject: string
  readonly detail?: Readonly<Record<string, unknown>>
}

/** An audit log: lines of JSON that are only ever appended. */
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
