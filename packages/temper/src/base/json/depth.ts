import { TemperError } from '../error.ts'

/**
 * Refuses JSON text that is nested deeper than `limit`, before a parser sees it: how deep that can go must not
 * depend on the size of a stack. Throws `limit-exceeded`; text that is not JSON is the parser's business.
 */
export function assertJsonDepth(
  text: string,
  options: { readonly limit: number; readonly where: string },
): void {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    if (inString) {
      if (char === 0x5c) i++
      else if (char === 0x22) inString = false
    } else if (char === 0x22) inString = true
    else if (char === 0x7b || char === 0x5b) {
      if (++depth > options.limit) {
        throw new TemperError(
          'limit-exceeded',
          `${options.where}: nested deeper than ${options.limit} levels`,
        )
      }
    } else if (char === 0x7d || char === 0x5d) depth--
  }
}
