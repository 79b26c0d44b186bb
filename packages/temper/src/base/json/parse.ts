import { tryUtf8 } from '../bytes.ts'
import { TemperError } from '../error.ts'
import { printableLine } from '../printable.ts'
import { countJsonMembers } from './depth.ts'
import { type RepeatedNames, repeatedNames } from './repeated.ts'

/** How JSON from outside is read. */
export interface JsonOptions {
  /** Name of what is read, for errors. */
  readonly where: string
  /** Limit on nested objects and lists; Infinity for a reader that does not recurse. */
  readonly depth: number
  /** Makes the error that says what was found instead, such as "bytes that are not UTF-8". */
  readonly refuse: (found: string) => Error
  /**
   * What becomes of a document whose objects have a name more than once, of which only the last member is read: another
   * reader may see the first. It is refused (default), told to this function, or read as the program that the document
   * is made for reads it.
   */
  readonly repeated?: 'last' | ((names: RepeatedNames) => void)
}

/**
 * Parses JSON from outside: strict UTF-8, nesting bounded before the parser sees it, no name twice in an object. Throws
 * also `limit-exceeded`.
 */
export function parseJson(source: Uint8Array | string, options: JsonOptions): unknown {
  const { where, depth, refuse, repeated } = options
  const text = typeof source === 'string' ? source : tryUtf8(source)
  if (text === undefined) throw refuse('bytes that are not UTF-8')
  const unlimited = depth === Number.POSITIVE_INFINITY
  const members = unlimited && repeated === 'last' ? 0 : countJsonMembers(text, { limit: depth, where })
  const value = parsed(text, refuse)
  const names = repeated === 'last' ? undefined : repeatedNames(text, members, value)
  if (names === undefined) return value
  if (repeated === undefined || repeated === 'last')
    throw refuse(`the name ${describeJson(names.name)} twice in one object`)
  repeated(names)
  return value
}

function parsed(text: string, refuse: JsonOptions['refuse']): unknown {
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
    return parseJson(source, {
      where: '',
      depth,
      refuse: (found) => new SyntaxError(found),
      repeated: 'last',
    })
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
