import * as z from 'zod'
import { show } from '../document/problem.ts'

export interface FormOptions {
  /** Limit on its length in characters. Default: 255. */
  readonly max?: number
  /** Adds to the error what is probably meant. */
  readonly advice?: (text: string) => string
}

/** Text of a given form; `expected` completes "expected …". */
export function form(pattern: RegExp, expected: string, options: FormOptions = {}) {
  const error = (issue: { input?: unknown }) => {
    const advice = typeof issue.input === 'string' ? (options.advice?.(issue.input) ?? '') : ''
    return `expected ${expected}, found ${show(issue.input)}${advice}`
  }
  return z
    .string({ error })
    .max(options.max ?? 255)
    .regex(pattern, { error })
}

/** Text that YAML may read as a number or a boolean; it is taken as it is written. */
export const text = z.union([z.string().max(64 * 1024), z.number(), z.boolean()], {
  error: (issue) => `expected text, found ${show(issue.input)}`,
})

export const shortText = z.string().max(1024)

/** A mapping of texts to texts. */
export function texts(name: RegExp, expected: string) {
  return z.record(form(name, expected), text, {
    error: (issue) => `expected a mapping of names to texts, found ${show(issue.input)}`,
  })
}

/** An absolute path in the image, normalised: no `.`, `..`, empty part or slash at the end. */
export const imagePath = form(
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it keeps out
  /^(\/(?!\.{1,2}(\/|$))[^/\x00-\x1f\x7f]+)+$/,
  'an absolute path like "/etc/app/app.conf", without "." or ".." and without a slash at its end',
  { max: 4096 },
)

/** Folder paths may be the root itself. */
export const folderPath = form(
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it keeps out
  /^(\/|(\/(?!\.{1,2}(\/|$))[^/\x00-\x1f\x7f]+)+)$/,
  'an absolute path like "/var/lib/app"',
  { max: 4096 },
)

/** 65535 and 4294967295 mean "no id" to the kernel and to programs. */
export const id = z
  .int({ error: (issue) => `expected a number from 0 to 4294967294, found ${show(issue.input)}` })
  .min(0, 'expected a number from 0 to 4294967294')
  .max(4294967294, 'expected a number from 0 to 4294967294')

/** Permission bits: a number (write it octal, 0o755) or octal digits in quotes. */
export const permissions = z.union(
  [
    z.int().min(0, { error: modeError }).max(0o7777, { error: modeError }),
    z.string().regex(/^(0o|0)?[0-7]{3,4}$/, { error: modeError }),
  ],
  { error: modeError },
)

function modeError(issue: { input?: unknown }): string {
  return `expected octal permissions like 0o755 or "0755", found ${showMode(issue.input)}`
}

function showMode(value: unknown): string {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
    ? `0o${value.toString(8)}`
    : show(value)
}

/** A command: a list of words, or one text that is split at white space. */
export const command = z.union([z.array(text).max(1000), z.string().max(64 * 1024)], {
  error: (issue) => `expected a command, as a list of words or as one text, found ${show(issue.input)}`,
})

export const checksum = form(/^sha256:[0-9a-f]{64}$/, 'a checksum "sha256:<64 hex digits, lower case>"')

/** A day, whether or not the calendar has it. */
export const date = form(/^\d{4}-\d{2}-\d{2}$/, 'a day like "2028-08-09"')
