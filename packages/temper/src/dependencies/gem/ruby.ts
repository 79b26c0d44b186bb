/** A text as `String#dump` of Ruby writes it. */
export function rubyString(text: string): string {
  let out = '"'
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0
    if (char === '"' || char === '\\') out += `\\${char}`
    else if (named.has(code)) out += named.get(code)
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`
    else if (code < 0x7f) out += char
    else if (code <= 0xffff) out += `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
    else out += `\\u{${code.toString(16).toUpperCase()}}`
  }
  return `${out.replace(/#(?=[{$@])/g, '\\#')}".freeze`
}

const named: ReadonlyMap<number, string> = new Map([
  [7, '\\a'],
  [8, '\\b'],
  [9, '\\t'],
  [10, '\\n'],
  [11, '\\v'],
  [12, '\\f'],
  [13, '\\r'],
  [27, '\\e'],
])

export function rubyList(texts: readonly string[]): string {
  return `[${texts.map(rubyString).join(', ')}]`
}
