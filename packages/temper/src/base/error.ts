import { type ErrorCode, errorCodes } from './error-code.ts'

/** Exit codes of the CLI, documented in docs/reference/exit-codes.md. */
export const exitCodes = { ok: 0, refused: 1, input: 2, environment: 3, internal: 70 } as const

export interface TemperErrorOptions {
  /** The next step for the person who reads this. */
  readonly hint?: string
  /** Structured facts for `--json`: names, paths, expected and found values. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * The one error family. The message says what was being done, to what, what was expected and what was
 * found; the hint says what to do next; the code is stable and decides the exit code.
 */
export class TemperError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: TemperErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'TemperError'
    this.code = code
    this.hint = options.hint
    this.details = options.details ?? {}
  }

  /** The process exit code for this error. */
  get exitCode(): number {
    return exitCodes[errorCodes[this.code].kind]
  }
}
