/** Narrower than this nothing reads well. */
const narrowest = 40

// What style.ts writes.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the codes
const colors = /\x1b\[\d{1,2}m/g

/**
 * A text whose lines fit into a terminal: longer ones are broken at blanks, and go on below where the text of the line
 * began (behind the label of "  label  value"). Words that are longer than a line, as some addresses, stay whole.
 */
export function fold(text: string, columns: number): string {
  const width = Math.max(narrowest, columns)
  return text
    .split('\n')
    .map((line) => (visible(line) <= width ? line : foldLine(line, width)))
    .join('\n')
}

function foldLine(line: string, width: number): string {
  const start = hangingIndent(line, width)
  const indent = ' '.repeat(start)
  const lines: string[] = []
  let current = ''
  for (const piece of line.split(/(?<=\S)(?= )/)) {
    const word = piece.trimStart()
    if (current !== '' && visible(current) + visible(piece) > width && current.trim() !== '') {
      lines.push(current)
      current = `${indentFor(word, indent, width)}${word}`
    } else current += piece
  }
  lines.push(current)
  return lines.join('\n')
}

/** A digest that does not fit behind its label stays whole further to the left. */
function indentFor(word: string, indent: string, width: number): string {
  const room = Math.max(4, width - visible(word))
  return indent.slice(0, room)
}

/** Where lines go on: behind a label, at most in the middle; else a little further in than the line. */
function hangingIndent(line: string, width: number): number {
  const plain = line.replaceAll(colors, '')
  const label = /^ *\S+(?: \S+)* {2,}(?=\S)/.exec(plain)?.[0].length ?? 0
  const own = /^ */.exec(plain)?.[0].length ?? 0
  return label > 0 && label <= width / 2 ? label : Math.min(own + 2, Math.floor(width / 2))
}

/** Columns that a text takes. */
export function visible(text: string): number {
  let columns = 0
  for (const char of text.replaceAll(colors, '')) columns += isWide(char.codePointAt(0) ?? 0) ? 2 : 1
  return columns
}

/** Characters of two columns (Unicode Standard Annex #11): those of East Asia, and emoji. */
function isWide(code: number): boolean {
  return (
    code >= 0x1100 &&
    (code <= 0x115f ||
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0xffe0 && code <= 0xffe6) ||
      (code >= 0x1f300 && code <= 0x1faff) ||
      (code >= 0x20000 && code <= 0x3fffd))
  )
}
