import { Cursor } from './cursor.ts'
import { parseRedirect, readHereDocuments } from './redirect.ts'
import type { Assignment, Node, Redirect, Word } from './syntax.ts'
import { parseHereDocument, parseSomeWord, parseWord, takeArithmetic } from './word.ts'

/**
 * Parses a shell script (POSIX shell grammar, and what of bash can be skipped over).
 * Throws ShellSyntaxError for anything else; time is linear in the length of the text.
 */
export function parseScript(text: string, options: { readonly line?: number } = {}): Node {
  const cursor = new Cursor(text, { line: options.line ?? 1, depth: 0, parseCommands: parseSequence })
  const script = parseSequence(cursor)
  if (!cursor.ended) cursor.fail(`unexpected "${cursor.peek()}"`)
  return script
}

const reserved =
  /(?:if|then|elif|else|fi|do|done|case|esac|while|until|for|function|\{|\}|!|\[\[)(?=[ \t\r\n\v\f;&|()<>]|$)/y
/** Branches of one `if` that are followed. */
const maximumArms = 200

const closers = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', 'esac', '}'])

function peekReserved(cursor: Cursor): string | undefined {
  reserved.lastIndex = cursor.position
  return reserved.exec(cursor.text)?.[0]
}

/** Skips blanks, comments, line ends (starting here-documents) and nothing else. */
function skipLines(cursor: Cursor): void {
  for (;;) {
    cursor.skipBlanks()
    if (cursor.peek() !== '\n') return
    cursor.take()
    readHereDocuments(cursor, parseHereDocument)
  }
}

function parseSequence(cursor: Cursor): Node {
  const items: Node[] = []
  for (;;) {
    skipLines(cursor)
    if (cursor.ended || cursor.peek() === ')' || cursor.startsWith(';;')) break
    if (cursor.peek() === ';' || cursor.peek() === '&') {
      cursor.take()
      continue
    }
    const word = peekReserved(cursor)
    if (word !== undefined && closers.has(word)) break
    items.push(cursor.nested(() => parseAndOr(cursor)))
  }
  const only = items.length === 1 ? items[0] : undefined
  return only ?? { kind: 'sequence', items }
}

function parseAndOr(cursor: Cursor): Node {
  const first = parsePipeline(cursor)
  const rest: { operator: 'and' | 'or'; node: Node }[] = []
  for (;;) {
    cursor.skipBlanks()
    const operator = cursor.match(/&&|\|\|/y)
    if (operator === undefined) break
    skipLines(cursor)
    rest.push({ operator: operator === '&&' ? 'and' : 'or', node: parsePipeline(cursor) })
  }
  return rest.length === 0 ? first : { kind: 'chain', first, rest }
}

function parsePipeline(cursor: Cursor): Node {
  let negated = false
  while (peekReserved(cursor) === '!') {
    cursor.take()
    cursor.skipBlanks()
    negated = !negated
  }
  const stages = [parseCommand(cursor)]
  for (;;) {
    cursor.skipBlanks()
    if (cursor.peek() !== '|' || cursor.peek(1) === '|') break
    cursor.take()
    if (cursor.peek() === '&') cursor.take()
    skipLines(cursor)
    stages.push(parseCommand(cursor))
  }
  const only = stages.length === 1 && !negated ? stages[0] : undefined
  return only ?? { kind: 'pipeline', negated, stages }
}

function parseCommand(cursor: Cursor): Node {
  cursor.skipBlanks()
  const start = { position: cursor.position, line: cursor.line }
  const body = cursor.nested(() => parseCompound(cursor))
  if (body === undefined) return parseSimple(cursor)
  const redirects: Redirect[] = []
  for (;;) {
    cursor.skipBlanks()
    const redirect = parseRedirect(cursor)
    if (redirect === undefined) break
    redirects.push(redirect)
  }
  if (redirects.length === 0) return body
  return { kind: 'redirected', line: start.line, text: sourceText(cursor, start.position), body, redirects }
}

function parseCompound(cursor: Cursor): Node | undefined {
  if (cursor.startsWith('((')) {
    const { line } = cursor
    return { kind: 'opaque', line, text: `((${takeArithmetic(cursor)}))` }
  }
  if (cursor.peek() === '(') {
    cursor.take()
    const body = parseSequence(cursor)
    expect(cursor, ')')
    return { kind: 'subshell', body }
  }
  const word = peekReserved(cursor)
  if (word === undefined || word === '!' || word === '[[') return undefined
  if (closers.has(word)) cursor.fail(`unexpected "${word}"`)
  cursor.take(word.length)
  if (word === '{') {
    const body = parseSequence(cursor)
    expect(cursor, '}')
    return body
  }
  if (word === 'if') return parseIf(cursor)
  if (word === 'case') return parseCase(cursor)
  if (word === 'for') return parseFor(cursor)
  if (word === 'function') return parseFunctionKeyword(cursor)
  const condition = parseSequence(cursor)
  return { kind: 'while', until: word === 'until', condition, body: parseDo(cursor) }
}

function parseIf(cursor: Cursor): Node {
  const arms: { condition: Node; body: Node }[] = []
  for (;;) {
    const condition = parseSequence(cursor)
    expect(cursor, 'then')
    arms.push({ condition, body: parseSequence(cursor) })
    const next = peekReserved(cursor)
    if (next !== 'elif') break
    if (arms.length >= maximumArms) cursor.fail(`more than ${maximumArms} branches`)
    cursor.take(4)
  }
  let otherwise: Node | undefined
  if (peekReserved(cursor) === 'else') {
    cursor.take(4)
    otherwise = parseSequence(cursor)
  }
  expect(cursor, 'fi')
  return { kind: 'if', arms, otherwise }
}

function parseCase(cursor: Cursor): Node {
  cursor.skipBlanks()
  const subject = parseWord(cursor)
  skipLines(cursor)
  if (cursor.match(/in(?=[ \t\r\n\v\f;&|()]|$)/y) === undefined) cursor.fail('expected "in" after "case"')
  const arms: { patterns: Word[]; body: Node }[] = []
  for (;;) {
    skipLines(cursor)
    if (peekReserved(cursor) === 'esac') break
    if (cursor.ended) cursor.fail('a case has no esac')
    if (cursor.peek() === '(') cursor.take()
    const patterns: Word[] = []
    do {
      cursor.skipBlanks()
      patterns.push(parseWord(cursor))
      cursor.skipBlanks()
    } while (cursor.match(/\|/y) !== undefined)
    expect(cursor, ')')
    arms.push({ patterns, body: parseSequence(cursor) })
    if (cursor.match(/;;&?|;&/y) === undefined) break
  }
  skipLines(cursor)
  expect(cursor, 'esac')
  return { kind: 'case', subject, arms }
}

function parseFor(cursor: Cursor): Node {
  cursor.skipBlanks()
  const { line } = cursor
  if (cursor.startsWith('((')) {
    const text = `for ((${takeArithmetic(cursor)}))`
    parseDo(cursor)
    return { kind: 'opaque', line, text }
  }
  const variable = cursor.match(/[A-Za-z_]\w*/y)
  if (variable === undefined) cursor.fail('expected a name after "for"')
  skipLines(cursor)
  let words: Word[] | undefined
  if (cursor.match(/in(?=[ \t\r\n\v\f;]|\\\n|$)/y) !== undefined) {
    words = []
    for (;;) {
      cursor.skipBlanks()
      if (cursor.ended || /[\n;&|()<>]/.test(cursor.peek())) break
      words.push(parseSomeWord(cursor))
    }
  }
  return { kind: 'for', variable, words, body: parseDo(cursor) }
}

function parseDo(cursor: Cursor): Node {
  skipLines(cursor)
  if (cursor.peek() === ';') cursor.take()
  skipLines(cursor)
  expect(cursor, 'do')
  const body = parseSequence(cursor)
  expect(cursor, 'done')
  return body
}

function parseFunctionKeyword(cursor: Cursor): Node {
  cursor.skipBlanks()
  const name = cursor.match(/[^ \t\r\n\v\f()<>;&|]+/y)
  if (name === undefined) cursor.fail('expected a name after "function"')
  cursor.skipBlanks()
  cursor.match(/\([ \t]*\)/y)
  skipLines(cursor)
  return { kind: 'function', name, body: parseCommand(cursor) }
}

function parseSimple(cursor: Cursor): Node {
  const name = cursor.match(/[A-Za-z_][\w.:-]*(?=[ \t]*\([ \t]*\))/y)
  if (name !== undefined) {
    cursor.match(/[ \t]*\([ \t]*\)/y)
    skipLines(cursor)
    return { kind: 'function', name, body: cursor.nested(() => parseCommand(cursor)) }
  }
  const { position, line } = cursor
  const assignments: Assignment[] = []
  const words: Word[] = []
  const redirects: Redirect[] = []
  if (peekReserved(cursor) === '[[') parseDoubleBrackets(cursor, words)
  for (;;) {
    cursor.skipBlanks()
    const redirect = parseRedirect(cursor)
    if (redirect !== undefined) redirects.push(redirect)
    else if (cursor.ended || /[\n;&|()]/.test(cursor.peek())) break
    else if (words.length === 0 && cursor.looksAt(/[A-Za-z_]\w*\+?=/y))
      assignments.push(parseAssignment(cursor))
    else words.push(parseSomeWord(cursor))
  }
  if (cursor.position === position) cursor.fail(`unexpected "${cursor.peek()}"`)
  if (cursor.peek() === '(') cursor.fail('unexpected "("')
  return { kind: 'simple', line, text: sourceText(cursor, position), assignments, words, redirects }
}

/** `[[ … ]]`: its operators become words, so that a condition can be looked at as `[` looks at it. */
function parseDoubleBrackets(cursor: Cursor, words: Word[]): void {
  for (;;) {
    skipLines(cursor)
    if (cursor.ended) cursor.fail('a [[ is not closed')
    const operator = cursor.match(/&&|\|\||[()<>;&|]/y)
    if (operator !== undefined) words.push([{ kind: 'text', text: operator, quoted: true }])
    else {
      const closed = cursor.looksAt(/\]\](?=[ \t\r\n\v\f;&|()<>]|$)/y)
      words.push(parseSomeWord(cursor))
      if (closed) return
    }
  }
}

function parseAssignment(cursor: Cursor): Assignment {
  const name = cursor.match(/[A-Za-z_]\w*/y) ?? ''
  const append = cursor.match(/\+/y) !== undefined
  cursor.take()
  if (cursor.peek() !== '(') return { name, value: parseWord(cursor), append }
  cursor.take()
  while (cursor.peek() !== ')') {
    if (cursor.ended) cursor.fail('an array is not closed')
    skipLines(cursor)
    if (/[;&|(<>]/.test(cursor.peek())) cursor.fail('unexpected operator in an array')
    if (cursor.peek() !== ')') parseSomeWord(cursor)
  }
  cursor.take()
  return { name, value: [{ kind: 'unknown', quoted: false }], append }
}

function expect(cursor: Cursor, word: string): void {
  skipLines(cursor)
  const next = word === ')' ? (cursor.peek() === ')' ? ')' : undefined) : peekReserved(cursor)
  if (next !== word) cursor.fail(`expected "${word}"`)
  cursor.take(word.length)
}

function sourceText(cursor: Cursor, start: number): string {
  const raw = cursor.text.slice(start, Math.min(cursor.position, start + 2000))
  const flat = raw.replace(/\\\n/g, ' ').replace(/\s+/g, ' ').trim()
  return flat.length > 160 ? `${flat.slice(0, 159)}…` : flat
}
