import { type ErrorCode, errorCodes } from './error-code.ts'
import { type NextStep, plainWords, type StepWords, sayStep } from './next-step.ts'

/** Exit codes of the CLI, documented in docs/reference/exit-codes.md. */
export const exitCodes = { ok: 0, refused: 1, input: 2, environment: 3, internal: 70 } as const

export interface TemperErrorOptions {
  /** What to do next, in words that hold wherever the error is shown: they name no option and no command. */
  readonly hint?: string
  /** What to do next, as an action that the surface has words for; these words follow `hint`. */
  readonly next?: NextStep
  /** Structured facts for programs: names, paths, expected and found values. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/**
 * The one error family. The message says what was being done, to what, what was expected and what was
 * found; hint and next step say what to do; the code is stable and decides the exit code.
 */
export class TemperError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly next: NextStep | undefined
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: TemperErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'TemperError'
    this.code = code
    this.hint = options.hint
    this.next = options.next
    this.details = options.details ?? {}
  }

  /** Everything that is known about what to do next, with the step in the words of a surface, else in plain ones. */
  advice(words: StepWords = plainWords): string | undefined {
    const step = this.next === undefined ? undefined : sayStep(this.next, words)
    const said = [this.hint, step].filter((text) => text !== undefined)
    return said.length === 0 ? undefined : said.join(' ')
  }

  /** The process exit code for this error. */
  get exitCode(): number {
    return exitCodes[errorCodes[this.code].kind]
  }
}
