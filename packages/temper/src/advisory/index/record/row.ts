/**
 * One row of a table. Keys are binary strings: UTF-8 bytes as code units from 0 to 255, so that the order of JavaScript's
 * strings is the order of bytes, and plain ASCII stays itself.
 */
export interface Row {
  readonly key: string
  readonly value: Uint8Array
}

const beyondAscii = /[\u0080-\uffff]/

/** Text as a key, or part of one. Lone surrogates become U+FFFD, as everywhere in UTF-8. */
export function keyText(text: string): string {
  return beyondAscii.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text
}

/** The text of a key. */
export function textOfKey(key: string): string {
  return beyondAscii.test(key) ? Buffer.from(key, 'latin1').toString('utf8') : key
}

/** Separates the parts of keys; readers make sure that no name contains it. */
export const separator = '\0'

/** Compares by key, then value, so that the result does not depend on the order of input. */
export function compareRows(a: Row, b: Row): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1
  return Buffer.compare(a.value, b.value)
}
