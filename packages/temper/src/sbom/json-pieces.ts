import { constants } from 'node:buffer'
import { TemperError } from '../base/error.ts'
import { printableJson } from '../base/printable.ts'
import { releaseBytes } from '../base/release.ts'

/** A list that is written item by item, so that it is never in memory as a whole. */
export class Items {
  readonly items: Iterable<unknown>
  /** How many items are written in one go, since writing them one by one costs more in calls than in writing. */
  readonly batch: number

  constructor(items: Iterable<unknown>, options: { readonly batch?: number } = {}) {
    this.items = items
    this.batch = options.batch ?? 100
  }
}

/** Characters of a piece: large enough that pieces cost nothing. */
const pieceSize = 64 * 1024

/**
 * The text of a JSON object in pieces, with a line break at its end: the same text as that of `JSON.stringify`, members
 * that are undefined left out. Strings in it cannot steer a terminal: it can be printed as it is.
 */
export function* jsonPieces(members: Iterable<readonly [string, unknown]>): Generator<string, void, void> {
  let piece = '{'
  let first = true
  for (const [name, value] of members) {
    if (value === undefined) continue
    piece += `${first ? '' : ','}${JSON.stringify(name)}:`
    first = false
    if (!(value instanceof Items)) {
      piece += printableJson(value)
      continue
    }
    let separator = '['
    for (const batch of batches(value)) {
      // Without the brackets around the batch.
      piece += separator + printableJson(batch).slice(1, -1)
      separator = ','
      if (piece.length < pieceSize) continue
      yield piece
      piece = ''
    }
    piece += separator === '[' ? '[]' : ']'
  }
  yield `${piece}}\n`
}

function* batches({ items, batch: size }: Items): Generator<readonly unknown[], void, void> {
  let batch: unknown[] = []
  for (const item of items) {
    if (batch.push(item) < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Pieces of text as UTF-8. Each is given back once it is copied, so that a long text is in memory once. */
export function textBytes(pieces: Iterable<string>): Uint8Array {
  const parts = Array.from(pieces, (piece) => Buffer.from(piece))
  const whole = Buffer.allocUnsafeSlow(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
    releaseBytes(part)
  }
  return whole
}

/** Pieces as one text. Throws `limit-exceeded` where that is longer than one can be. */
export function wholeText(pieces: Iterable<string>): string {
  const all = [...pieces]
  const length = all.reduce((sum, piece) => sum + piece.length, 0)
  if (length <= constants.MAX_STRING_LENGTH) return all.join('')
  throw new TemperError(
    'limit-exceeded',
    `A document of ${length} characters is longer than one text can be: at most ${constants.MAX_STRING_LENGTH}`,
    { hint: 'Take it in pieces, or write it to a file.', details: { length } },
  )
}
