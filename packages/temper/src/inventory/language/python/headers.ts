import { TemperError } from '../../../base/error.ts'

/**
 * The headers of METADATA or PKG-INFO (core metadata; the format of mail headers), until the empty line that the
 * description follows. Errors: `limit-exceeded`. Names in lower case; a header may come several times, and go on in indented lines.
 */
export function readHeaders(text: string): ReadonlyMap<string, readonly string[]> {
  const headers = new Map<string, string[]>()
  let last: string[] | undefined
  let count = 0
  for (let at = 0; at < text.length; ) {
    if (++count > lineLimit)
      throw new TemperError('limit-exceeded', `it has more than ${lineLimit} lines of headers`)
    const next = text.indexOf('\n', at)
    const end = next < 0 ? text.length : next
    const whole = text.slice(at, Math.min(end, at + longestLine))
    const line = whole.trimEnd()
    at = end + 1
    // A line of blanks is an empty line of what goes on, as of a licence in full.
    if (line === '' && !/^[ \t]/.test(whole)) break
    if (/^[ \t]/.test(whole)) {
      const more = last?.pop()
      if (last !== undefined && more !== undefined) last.push(`${more} ${line.trim()}`.slice(0, longestLine))
      continue
    }
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const key = line.slice(0, colon).toLowerCase()
    last = headers.get(key) ?? []
    last.push(line.slice(colon + 1).trim())
    headers.set(key, last)
  }
  return headers
}

const lineLimit = 20_000
const longestLine = 10_000
