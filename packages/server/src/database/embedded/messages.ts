/** A request to the thread with the database. */
export interface Question {
  readonly id: number
  readonly text: string
  /** Absent: `text` may hold several statements. */
  readonly values?: readonly unknown[]
}

export interface Result {
  // biome-ignore lint/suspicious/noExplicitAny: whoever asks knows what its columns are
  readonly rows: any[]
  readonly affectedRows: number | undefined
}

/** PostgreSQL's report of a statement that failed. */
export interface Failure {
  readonly message: string
  /** SQLSTATE. */
  readonly code: unknown
  readonly detail: unknown
  readonly constraint: unknown
}

export type Answer = { readonly id: number } & (
  | { readonly results: readonly Result[] }
  | { readonly error: Failure }
)
