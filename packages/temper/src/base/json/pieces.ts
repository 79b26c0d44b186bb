import { MadeList } from './made-list.ts'

/** Characters of a piece, about: large enough that pieces cost nothing. */
const pieceSize = 64 * 1024

/** Values that have no more parts than this, strings counted by their length, are written in one go. */
const smallSize = 16 * 1024

/**
 * The text that `JSON.stringify(value, undefined, indent)` gives, in pieces: for values whose text is longer than one
 * string can be (2²⁹ characters). No piece ends inside of a character.
 */
export function* jsonTextPieces(value: unknown, indent = 0): Generator<string, void, void> {
  yield* joinedPieces(partsOf(value, { indent, depth: 0 }))
}

/** Short texts put together to longer ones, so that writing them costs no more than it has to. */
export function* joinedPieces(texts: Iterable<string>): Generator<string, void, void> {
  let open = ''
  for (const text of texts) {
    open += text
    if (open.length < pieceSize) continue
    yield open
    open = ''
  }
  if (open !== '') yield open
}

interface Place {
  readonly indent: number
  readonly depth: number
}

function* partsOf(value: unknown, place: Place): Generator<string, void, void> {
  if (typeof value === 'string') return yield* stringParts(value)
  if (typeof value !== 'object' || value === null || isWhole(value)) return yield wholeValue(value, place)
  const [open, close] = isList(value) ? '[]' : '{}'
  const pad = place.indent === 0 ? '' : `\n${' '.repeat(place.indent * (place.depth + 1))}`
  let separator = `${open}${pad}`
  for (const [name, member] of membersOf(value)) {
    yield name === undefined
      ? separator
      : `${separator}${JSON.stringify(name)}:${place.indent === 0 ? '' : ' '}`
    yield* partsOf(member, { indent: place.indent, depth: place.depth + 1 })
    separator = `,${pad}`
  }
  // What is large has members; those of an object may all be undefined. Of a list that is made nobody knows.
  if (!separator.startsWith(',')) return yield `${open}${close}`
  yield `${pad.slice(0, pad.length - place.indent)}${close}`
}

function isWhole(value: object): boolean {
  return !(value instanceof MadeList) && (isOwnText(value) || sizeOf(value, smallSize) >= 0)
}

function isList(value: object): value is Iterable<unknown> {
  return Array.isArray(value) || value instanceof MadeList
}

/** Dates and the like write themselves. */
function isOwnText(value: object): boolean {
  return 'toJSON' in value && typeof value.toJSON === 'function'
}

function* membersOf(value: object): Generator<readonly [string | undefined, unknown], void, void> {
  if (isList(value)) {
    for (const item of value) yield [undefined, item]
    return
  }
  for (const [name, member] of Object.entries(value)) if (isWritten(member)) yield [name, member]
}

function isWritten(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol'
}

/** In a list what cannot be written is null. Line breaks are between values only: in strings they are escaped. */
function wholeValue(value: unknown, { indent, depth }: Place): string {
  const text = JSON.stringify(value, undefined, indent) ?? 'null'
  return indent === 0 || depth === 0 ? text : text.replaceAll('\n', `\n${' '.repeat(indent * depth)}`)
}

function* stringParts(text: string): Generator<string, void, void> {
  if (text.length <= pieceSize) return yield JSON.stringify(text)
  yield '"'
  for (let from = 0; from < text.length; ) {
    const last = text.charCodeAt(from + pieceSize - 1)
    const to = from + pieceSize - (last >= 0xd800 && last < 0xdc00 ? 1 : 0)
    yield JSON.stringify(text.slice(from, to)).slice(1, -1)
    from = to
  }
  yield '"'
}

/** What is left of an allowance when all parts of a value are taken from it; below zero when it is not enough. */
function sizeOf(value: unknown, allowance: number): number {
  if (typeof value === 'string') return allowance - value.length
  let left = allowance - 1
  if (typeof value !== 'object' || value === null) return left
  if (value instanceof MadeList) return -1
  if (Array.isArray(value)) {
    for (const item of value) {
      left = sizeOf(item, left)
      if (left < 0) return left
    }
    return left
  }
  for (const name in value) {
    left = sizeOf((value as Record<string, unknown>)[name], left - name.length)
    if (left < 0) return left
  }
  return left
}
