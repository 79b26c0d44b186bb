/** Characters of an excerpt, and what stands in it for the secret. */
const excerptLength = 120
const replacement = '[redacted]'

/** Characters behind the secret. What is before it gets the rest. */
const afterLength = 20
const beforeLength = excerptLength - replacement.length - afterLength

/** Line and column of a place in a text, from 1. */
export function positionOf(text: string, index: number): { readonly line: number; readonly column: number } {
  let line = 1
  let start = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) {
    line++
    start = at + 1
  }
  return { line, column: index - start + 1 }
}

/** The line around a secret, with it replaced. Nothing else on it that looks like one is shown: all long words are cut. */
export function excerptOf(text: string, start: number, end: number): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const newline = text.indexOf('\n', end)
  const before = text.slice(Math.max(lineStart, start - beforeLength), start)
  const after = text.slice(end, Math.min(newline < 0 ? text.length : newline, end + afterLength))
  const shown = `${before}${replacement}${after}`.replaceAll(/(?<!\[)[A-Za-z0-9+/_=-]{24,}/g, '[…]')
  return shown
    .replaceAll(/[^\x20-\x7e…]/g, ' ')
    .trim()
    .slice(0, excerptLength)
}
