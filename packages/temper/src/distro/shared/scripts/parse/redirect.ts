import type { Cursor } from './cursor.ts'
import type { Redirect, Word } from './syntax.ts'
import { parseWord } from './word.ts'

/** Parses one redirection (POSIX 2.7) or returns undefined when none is here. */
export function parseRedirect(cursor: Cursor): Redirect | undefined {
  if (!cursor.looksAt(/[0-9]{0,2}[<>]|&>/y)) return undefined
  const digits = cursor.match(/[0-9]{1,2}/y)
  const symbol = cursor.match(/&>>?|<<-|<<<|<<|<&|<>|<|>>|>&|>\||>/y)
  if (symbol === undefined) cursor.fail('unexpected redirection')
  if (/^[<>]$/.test(symbol) && cursor.peek() === '(') cursor.fail('process substitution')
  cursor.match(/(?:[ \t]|\\\n)+/y)
  const start = cursor.position
  const target = parseWord(cursor)
  if (cursor.position === start) cursor.fail(`nothing after "${symbol}"`)
  const operator = operatorOf(symbol)
  const descriptor = digits === undefined ? (operator.startsWith('<') ? 0 : 1) : Number(digits)
  const redirect: Redirect = { descriptor, operator, target }
  if (symbol === '<<' || symbol === '<<-') {
    const raw = cursor.text.slice(start, cursor.position)
    cursor.pending.push({
      redirect,
      delimiter: literalText(target),
      stripTabs: symbol === '<<-',
      literal: /['"\\]/.test(raw),
    })
  }
  return redirect
}

function operatorOf(symbol: string): Redirect['operator'] {
  switch (symbol) {
    case '<<':
    case '<<-':
    case '<<<':
      return '<<'
    case '&>':
    case '>|':
      return '>'
    case '&>>':
      return '>>'
    case '<':
    case '>':
    case '>>':
    case '<&':
    case '>&':
    case '<>':
      return symbol
    default:
      return '>'
  }
}

function literalText(word: Word): string {
  return word.map((part) => (part.kind === 'text' ? part.text : '')).join('')
}

/** Reads the bodies of the here-documents that the line just ended has announced. */
export function readHereDocuments(cursor: Cursor, parse: (inner: Cursor) => Word): void {
  const pending = cursor.pending
  if (pending.length === 0) return
  cursor.pending = []
  for (const document of pending) {
    const line = cursor.line
    let body = ''
    for (;;) {
      if (cursor.ended) break
      const raw = cursor.match(/[^\n]*/y) ?? ''
      cursor.take()
      const text = document.stripTabs ? raw.replace(/^\t+/, '') : raw
      if (text === document.delimiter) break
      body += `${text}\n`
    }
    document.redirect.target = document.literal
      ? [{ kind: 'text', text: body, quoted: true }]
      : parse(cursor.inner(body, line))
  }
}
