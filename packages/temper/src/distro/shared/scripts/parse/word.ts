import type { Cursor } from './cursor.ts'
import type { Word, WordPart } from './syntax.ts'

/** Parses one word: up to an unquoted blank or operator (POSIX 2.3, Token Recognition). */
export function parseWord(cursor: Cursor): Word {
  return cursor.nested(() => {
    const parts: WordPart[] = []
    // Somebody's home: of whom is known only where the script runs.
    const tilde = cursor.match(/~[\w.-]*(?=[/ \t\r\n\v\f;&|()<>]|$)/y)
    if (tilde !== undefined) parts.push({ kind: 'home', of: tilde.slice(1), quoted: true })
    while (!cursor.ended) {
      const plain = cursor.match(/[^ \t\r\n\v\f;&|()<>\\'"$`]+/y)
      if (plain !== undefined) pushText(parts, plain, { quoted: false })
      else if (/[ \t\r\n\v\f;&|()<>]/.test(cursor.peek())) break
      else parsePiece(cursor, parts)
    }
    return parts
  })
}

/** A word of at least one character: loops over words must get on. */
export function parseSomeWord(cursor: Cursor): Word {
  const start = cursor.position
  const word = parseWord(cursor)
  if (cursor.position === start) cursor.fail(`unexpected "${cursor.peek()}"`)
  return word
}

/** The text of a here-document: like double quotes, but `"` is an ordinary character. */
export function parseHereDocument(cursor: Cursor): Word {
  const parts: WordPart[] = []
  while (!cursor.ended) parseQuotedPiece(cursor, parts, { plain: /[^\\$`]+/y, escapes: '\\$`\n' })
  return parts
}

function parsePiece(cursor: Cursor, parts: WordPart[]): void {
  const char = cursor.peek()
  if (char === '\\') {
    cursor.take()
    const escaped = cursor.take()
    if (escaped !== '\n') pushText(parts, escaped, { quoted: true })
  } else if (char === "'") parseSingleQuotes(cursor, parts)
  else if (char === '"') parseDoubleQuotes(cursor, parts)
  else if (char === '$') parseDollar(cursor, parts, { quoted: false })
  else if (char === '`') parseBackquotes(cursor, parts, { quoted: false })
  else pushText(parts, cursor.take(), { quoted: false })
}

function parseSingleQuotes(cursor: Cursor, parts: WordPart[]): void {
  cursor.take()
  const end = cursor.text.indexOf("'", cursor.position)
  if (end < 0) cursor.fail("a ' is not closed")
  pushText(parts, cursor.take(end - cursor.position), { quoted: true })
  cursor.take()
}

function parseDoubleQuotes(cursor: Cursor, parts: WordPart[]): void {
  const { line } = cursor
  cursor.take()
  const before = parts.length
  while (cursor.peek() !== '"') {
    if (cursor.ended) cursor.fail('a " is not closed', { line })
    parseQuotedPiece(cursor, parts, { plain: /[^"\\$`]+/y, escapes: '"\\$`\n' })
  }
  // Empty quotes are an empty word; "$@" of nothing is none.
  if (parts.length === before) pushText(parts, '', { quoted: true })
  cursor.take()
}

function parseQuotedPiece(
  cursor: Cursor,
  parts: WordPart[],
  syntax: { readonly plain: RegExp; readonly escapes: string },
): void {
  const plain = cursor.match(syntax.plain)
  if (plain !== undefined) pushText(parts, plain, { quoted: true })
  else if (cursor.peek() === '$') parseDollar(cursor, parts, { quoted: true })
  else if (cursor.peek() === '`') parseBackquotes(cursor, parts, { quoted: true })
  else {
    cursor.take()
    const next = cursor.peek()
    const escaped = next !== '' && syntax.escapes.includes(next)
    if (!escaped) pushText(parts, '\\', { quoted: true })
    else if (cursor.take() !== '\n') pushText(parts, next, { quoted: true })
  }
}

interface Quoting {
  readonly quoted: boolean
}

function parseDollar(cursor: Cursor, parts: WordPart[], { quoted }: Quoting): void {
  cursor.take()
  if (cursor.startsWith('((')) {
    const { line } = cursor
    const text = takeArithmetic(cursor)
    parts.push({ kind: 'arithmetic', text, expression: parseHereDocument(cursor.inner(text, line)), quoted })
  } else if (cursor.peek() === '(') {
    cursor.take()
    const body = cursor.nested(() => cursor.parseCommands(cursor))
    if (cursor.peek() !== ')') cursor.fail('a $( is not closed')
    cursor.take()
    parts.push({ kind: 'command', body, quoted })
  } else if (cursor.peek() === '{') {
    cursor.take()
    parts.push(cursor.nested(() => parseBraces(cursor, { quoted })))
  } else if (cursor.peek() === "'" && !quoted) {
    cursor.take()
    if (cursor.match(/(?:[^'\\]|\\[\s\S])*'/y) === undefined) cursor.fail("a $' is not closed")
    parts.push({ kind: 'unknown', quoted: true })
  } else {
    const name = cursor.match(/[A-Za-z_]\w*|[0-9@*#?$!-]/y)
    if (name === undefined) pushText(parts, '$', { quoted: true })
    else parts.push({ kind: 'parameter', name, operator: undefined, argument: [], quoted })
  }
}

/** Takes `((…))` with balanced parentheses; the text between. */
export function takeArithmetic(cursor: Cursor): string {
  const start = cursor.position
  let depth = 0
  while (!cursor.ended) {
    const char = cursor.take()
    if (char === '(') depth++
    else if (char === ')') {
      depth--
      if (depth === 0) return cursor.text.slice(start + 2, cursor.position - 2)
    }
  }
  cursor.fail('a (( is not closed')
}

/** After `${`: parameter expansion (POSIX 2.6.2). */
function parseBraces(cursor: Cursor, { quoted }: Quoting): WordPart {
  const length = cursor.match(/#(?=[A-Za-z_0-9@*])/y)
  const name = cursor.match(/[A-Za-z_]\w*|[0-9]+|[@*#?$!-]/y)
  if (name === undefined) {
    parseUntilBrace(cursor, { quoted })
    return { kind: 'unknown', quoted }
  }
  const operator = cursor.match(/:[-=?+]|[-=?+]|##?|%%?/y)
  const known = operator !== undefined || cursor.peek() === '}'
  // Quotes around the whole do not quote a pattern in it: "${path##*/}".
  const isPattern = operator !== undefined && /[#%]/.test(operator)
  const argument = parseUntilBrace(cursor, { quoted: quoted && !isPattern })
  if (length !== undefined) return { kind: 'parameter', name, operator: 'length', argument: [], quoted }
  return { kind: 'parameter', name, operator: known ? operator : 'other', argument, quoted }
}

function parseUntilBrace(cursor: Cursor, { quoted }: Quoting): Word {
  const parts: WordPart[] = []
  while (cursor.peek() !== '}') {
    if (cursor.ended) cursor.fail('a ${ is not closed')
    const plain = cursor.match(/[^}\\'"$`]+/y)
    if (plain !== undefined) pushText(parts, plain, { quoted })
    else if (quoted && cursor.peek() === "'") pushText(parts, cursor.take(), { quoted })
    // Quotes around the whole hold for what is substituted in it, too: "${v:-$w}" is one word.
    else if (quoted && cursor.peek() !== '"')
      parseQuotedPiece(cursor, parts, { plain: /[^}\\'"$`]+/y, escapes: '"\\$`}\n' })
    else parsePiece(cursor, parts)
  }
  cursor.take()
  return parts
}

function parseBackquotes(cursor: Cursor, parts: WordPart[], { quoted }: Quoting): void {
  const { line } = cursor
  const raw = cursor.match(/`(?:[^`\\]|\\[\s\S])*`/y)
  if (raw === undefined) cursor.fail('a ` is not closed')
  const text = raw.slice(1, -1).replace(quoted ? /\\([\\$`"])/g : /\\([\\$`])/g, '$1')
  const inner = cursor.inner(text, line)
  const body = inner.parseCommands(inner)
  if (!inner.ended) inner.fail('unexpected text in backquotes')
  parts.push({ kind: 'command', body, quoted })
}

function pushText(parts: WordPart[], text: string, { quoted }: Quoting): void {
  parts.push({ kind: 'text', text, quoted })
}
