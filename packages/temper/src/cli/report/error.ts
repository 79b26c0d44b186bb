import { constants } from 'node:buffer'
import { exitCodes, TemperError } from '../../base/error.ts'
import type { ErrorCode } from '../../base/error-code.ts'
import { fileError } from '../../base/file.ts'
import { redactText, redactValue } from '../../base/http/redact.ts'
import { StopRequest } from '../host.ts'
import type { Style } from '../style.ts'
import { advice } from './advice.ts'
import { commandLineWords } from './next-step.ts'

/** An error as a person or a script gets it. */
export interface DescribedError {
  readonly code: ErrorCode
  readonly message: string
  readonly hint: string
  readonly details: Readonly<Record<string, unknown>>
  readonly exitCode: number
}

/**
 * Any thrown value as one of the documented errors, without passwords, whatever the message quotes. An unforeseen one
 * is reported as a defect.
 */
export function describeError(error: unknown, signal: AbortSignal): DescribedError {
  const stop: unknown = signal.reason
  if (signal.aborted && stop instanceof StopRequest) {
    return {
      code: 'interrupted',
      message: `Interrupted: ${stop.message}; nothing was left half-written`,
      hint: advice.interrupted,
      details: {},
      exitCode: stop.exitCode,
    }
  }
  const known = asTemperError(error)
  return {
    code: known.code,
    message: redactText(known.message),
    hint: redactText(known.advice(commandLineWords) ?? advice[known.code]),
    details: redactValue(known.details) as DescribedError['details'],
    exitCode: known.exitCode,
  }
}

const tooLong = `The result is longer than one text can be: at most ${constants.MAX_STRING_LENGTH} characters`

function asTemperError(error: unknown): TemperError {
  if (error instanceof TemperError) return error
  const path = error instanceof Error && 'path' in error ? error.path : undefined
  const converted = fileError('use', typeof path === 'string' ? path : 'a file', error)
  if (typeof path === 'string' && converted instanceof TemperError) return converted
  if (error instanceof RangeError && error.message === 'Invalid string length')
    return new TemperError('limit-exceeded', tooLong, {
      details: { most: constants.MAX_STRING_LENGTH },
      cause: error,
    })
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return new TemperError('internal', `Something went wrong that should not have: ${text}`, { cause: error })
}

/** The object of `--json`. */
export function errorJson(error: DescribedError): { readonly error: Readonly<Record<string, unknown>> } {
  return {
    error: {
      code: error.code,
      message: error.message,
      hint: error.hint,
      exitCode: error.exitCode,
      details: error.details,
    },
  }
}

/** Two or more lines for people: what happened, then the next step. */
export function errorText(error: DescribedError, style: Style): string {
  const head = `${style.bad(style.bold('error'))}${style.dim(`[${error.code}]`)}: ${indentFurtherLines(error.message)}`
  return `${head}\n${style.bold('next')}: ${indentFurtherLines(error.hint)}\n`
}

function indentFurtherLines(text: string): string {
  return text.trimEnd().replaceAll('\n', '\n  ')
}

export const knownExitCodes: readonly { readonly code: number; readonly meaning: string }[] = [
  { code: exitCodes.ok, meaning: 'Done.' },
  {
    code: exitCodes.refused,
    meaning:
      'A check failed: a policy or the gate (--fail-on), a verification, a control, hardening, the proof of closure, a test, --strict, or a comparison that found a difference.',
  },
  {
    code: exitCodes.input,
    meaning: 'Bad usage or bad input: the command line, the recipe, the lock, a damaged file.',
  },
  {
    code: exitCodes.environment,
    meaning: 'The environment failed: network, mirror, registry, disk, or a missing program.',
  },
  { code: exitCodes.internal, meaning: 'A defect in Temper. Please report it.' },
  { code: 130, meaning: 'Stopped by Ctrl-C (SIGINT).' },
  { code: 143, meaning: 'Stopped by SIGTERM.' },
]
