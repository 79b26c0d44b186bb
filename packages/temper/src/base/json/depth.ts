import { TemperError } from '../error.ts'

/**
 * Refuses JSON text that is nested deeper than `limit` before a parser sees it, since the limit must not depend on
 * the size of a stack, and counts the members that its objects are written with. Throws `limit-exceeded`; text that is
 * not JSON is the parser's business.
 */
export function countJsonMembers(
  text: string,
  options: { readonly limit: number; readonly where: string },
): number {
  let depth = 0
  let members = 0
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (char === 0x22) i = stringEnd(text, i)
    else if (char === 0x3a) members++
    else if (char === 0x7b || char === 0x5b) {
      if (++depth > options.limit) {
        throw new TemperError(
          'limit-exceeded',
          `${options.where}: nested deeper than ${options.limit} levels`,
        )
      }
    } else if (char === 0x7d || char === 0x5d) depth--
  }
  return members
}

/** The place of the quotation mark that ends a string, or the end of the text. Most of a document is in strings. */
export function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0
    while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++
    if (backslashes % 2 === 0) return at
  }
  return text.length
}
