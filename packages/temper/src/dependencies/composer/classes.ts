/** What may stand before the name of a class: no variable, member or constant of another. */
const declaration =
  /(?<![\w\x80-\xff$:>])(?:(?:(class|interface|trait|enum)\s+([a-zA-Z_\x80-\xff:][\w\x80-\xff:-]*))|(namespace)(\s+[a-zA-Z_\x80-\xff][\w\x80-\xff]*(?:\s*\\\s*[a-zA-Z_\x80-\xff][\w\x80-\xff]*)*)?\s*[{;])/gi

/**
 * Classes, interfaces, traits and enumerations that a file of PHP declares, with their namespaces, in their order. As
 * Composer finds them: by their declarations, outside of texts and comments, without parsing the language.
 */
export function declaredClasses(source: Uint8Array): readonly string[] {
  // One character a byte: names may hold any bytes above 127.
  const text = Buffer.from(source.buffer, source.byteOffset, source.length).toString('latin1')
  if (!/\b(?:class|interface|trait|enum)\s/i.test(text)) return []
  const classes: string[] = []
  let namespace = ''
  for (const [, type = '', name = '', isNamespace, own = ''] of codeOf(text).matchAll(declaration)) {
    if (isNamespace !== undefined) namespace = `${own.replace(/\s/g, '')}\\`
    else if (name !== 'extends' && name !== 'implements')
      classes.push(`${namespace}${plainName(type, name)}`.replace(/^\\+/, ''))
  }
  return classes.map((name) => Buffer.from(name, 'latin1').toString('utf8'))
}

/** "enum Suit: string" is matched with its colon. */
function plainName(type: string, name: string): string {
  if (type.toLowerCase() === 'enum' && name.includes(':')) return name.slice(0, name.lastIndexOf(':'))
  return name
}

/** What ends each thing that holds no code. */
const special =
  /\?>|"|'|<<<[ \t]*(['"]?)([a-zA-Z_\x80-\xff][\w\x80-\xff]*)\1(?:\r\n|\n|\r)|\/\/|\/\*|#(?!\[)/g

/** The file without texts and comments, of which "null" and a space are left, and without what is not PHP. */
function codeOf(text: string): string {
  const parts: string[] = []
  let at = text.indexOf('<?')
  while (at >= 0 && at < text.length) {
    special.lastIndex = at
    const match = special.exec(text)
    if (match === null) {
      parts.push(text.slice(at))
      break
    }
    parts.push(text.slice(at, match.index))
    const [opening, , label] = match
    const after = match.index + opening.length
    if (opening === '?>') {
      parts.push('?>')
      at = text.indexOf('<?', after)
    } else if (label !== undefined) {
      parts.push('null')
      at = endOfHeredoc(text, after, label)
    } else if (opening === '"' || opening === "'") {
      parts.push('null')
      at = endOfString(text, after, opening)
    } else if (opening === '/*') {
      parts.push(' ')
      at = endAfter(text, '*/', after)
    } else at = endOfLine(text, after)
  }
  return parts.join('')
}

function endAfter(text: string, end: string, from: number): number {
  const at = text.indexOf(end, from)
  return at < 0 ? text.length : at + end.length
}

function endOfString(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === quote) return at + 1
  }
  return text.length
}

/** At the end of its line, or before the end of PHP, which comments of one line do not hide. */
function endOfLine(text: string, from: number): number {
  const end = /[\r\n]|\?>/g
  end.lastIndex = from
  return end.exec(text)?.index ?? text.length
}

/** Behind its label, which stands first in a line. */
function endOfHeredoc(text: string, from: number, label: string): number {
  for (let line = from; line < text.length; ) {
    const start = /[ \t]*/y
    start.lastIndex = line
    const first = line + (start.exec(text)?.[0].length ?? 0)
    const after = first + label.length
    if (text.startsWith(label, first) && !/[\w\x80-\xff]/.test(text[after] ?? '')) return after
    const end = text.indexOf('\n', line)
    line = end < 0 ? text.length : end + 1
  }
  return text.length
}
