import { z } from 'zod'
import { tryJson } from '../temper.ts'

export interface ChildResult {
  readonly code: number
  /** What the command printed as JSON. */
  readonly json: unknown
}

/** What a command that fails prints (docs/reference/errors.md). */
const failure = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
})

export class ChildFailed extends Error {
  readonly code: string
  /** 1: refused, 2: wrong input, 3: a fault of the environment; anything else: the command broke. */
  readonly exitCode: number
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    message: string,
    facts: {
      readonly code: string
      readonly exitCode: number
      readonly details?: Readonly<Record<string, unknown>> | undefined
    },
  ) {
    super(message)
    this.name = 'ChildFailed'
    this.code = facts.code
    this.exitCode = facts.exitCode
    this.details = facts.details ?? {}
  }
}

/** The result that a command printed. Throws `ChildFailed` when it is an error or missing. */
export function resultOf(code: number, text: string): ChildResult {
  const json = tryJson(text)
  const failed = failure.safeParse(json)
  if (failed.success) {
    const { message, hint, code: name, details } = failed.data.error
    throw new ChildFailed(hint === undefined ? message : `${message}. ${hint}`, {
      code: name,
      exitCode: code,
      details,
    })
  }
  if (json === undefined)
    throw new ChildFailed(`It ended with exit code ${code} and no result`, {
      code: 'internal',
      exitCode: code,
    })
  return { code, json }
}
