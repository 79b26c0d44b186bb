export interface WrapOptions {
  /** Width that no line exceeds, unless a single word does. */
  readonly columns: number
  readonly indent: string
  /** Between words of a line; its visible part stays at the end of a line. */
  readonly separator: string
}

// What style.ts writes; node:util knows more, and takes milliseconds to load.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the codes
const colors = /\x1b\[\d{1,2}m/g

/** Words as indented lines, each ended by a line break. Words may carry colours. */
export function wrap(words: readonly string[], options: WrapOptions): string {
  const { columns, indent, separator } = options
  const lines: string[] = []
  let line = ''
  let width = 0
  for (const [index, word] of words.entries()) {
    const size = word.replaceAll(colors, '').length
    const tail = index < words.length - 1 ? separator.trimEnd().length : 0
    if (line !== '' && width + separator.length + size + tail > columns) {
      lines.push(`${line}${separator.trimEnd()}`)
      line = ''
    }
    width = line === '' ? indent.length + size : width + separator.length + size
    line = line === '' ? `${indent}${word}` : `${line}${separator}${word}`
  }
  if (line !== '') lines.push(line)
  return lines.map((each) => `${each}\n`).join('')
}
