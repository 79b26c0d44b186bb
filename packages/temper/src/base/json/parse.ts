import { tryUtf8 } from '../bytes.ts'
import { TemperError } from '../error.ts'
import { printableLine } from '../printable.ts'
import { assertJsonDepth } from './depth.ts'

/** How JSON from outside is read. */
export interface JsonOptions {
  /** Name of what is read, for errors. */
  readonly where: string
  /** Limit on nested objects and lists; Infinity for a reader that does not recurse. */
  readonly depth: number
  /** Makes the error that says what was found instead, such as "bytes that are not UTF-8". */
  readonly refuse: (found: string) => Error
}

/** Parses JSON from outside: strict UTF-8, and nesting bounded before the parser sees it. Throws also `limit-exceeded`. */
export function parseJson(source: Uint8Array | string, { where, depth, refuse }: JsonOptions): unknown {
  const text = typeof source === 'string' ? source : tryUtf8(source)
  if (text === undefined) throw refuse('bytes that are not UTF-8')
  if (depth !== Number.POSITIVE_INFINITY) assertJsonDepth(text, { limit: depth, where })
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw refuse(`text that is not JSON (${printableLine(error.message, { most: 100 })})`)
  }
}

/**
 * Parses JSON from outside that is useful but not needed; undefined for anything that is not JSON, for bytes that are
 * not UTF-8, and for nesting deeper than `depth` levels (default 64).
 */
export function tryJson(source: Uint8Array | string | undefined, depth = 64): unknown {
  if (source === undefined) return undefined
  try {
    return parseJson(source, { where: '', depth, refuse: (found) => new SyntaxError(found) })
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof TemperError && error.code === 'limit-exceeded'))
      return undefined
    throw error
  }
}

/** A value as an error shows it: short, on one line. */
export function describeJson(value: unknown): string {
  if (value === undefined) return 'nothing'
  return printableLine(JSON.stringify(value) ?? typeof value, { most: 60 })
}
