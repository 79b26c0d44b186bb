import { timeOf } from '../format/fields.ts'

/*
 * OpenVEX 0.2.0 has no member for the end of a statement, and its schema allows no further ones. So Temper writes
 * it as the last line of the status notes, where people read it too.
 */

const line = /(?:^|\n)Expires: ([0-9TtZz:.+-]{10,40})\s*$/

/** Splits the expiry of a statement from its notes. */
export function splitExpiry(notes: string | undefined): {
  readonly text: string | undefined
  readonly expires: string | undefined
} {
  const match = notes === undefined ? null : line.exec(notes)
  const expires = timeOf(match?.[1])
  if (notes === undefined || match === null || expires === undefined)
    return { text: notes, expires: undefined }
  const text = notes.slice(0, match.index).trimEnd()
  return { text: text === '' ? undefined : text, expires }
}

/** Notes with the expiry of the statement as their last line. */
export function joinExpiry(text: string | undefined, expires: string | undefined): string | undefined {
  if (expires === undefined) return text
  return `${text === undefined ? '' : `${text}\n`}Expires: ${expires}`
}
