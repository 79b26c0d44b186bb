import { AwkError } from './syntax.ts'

export interface Token {
  readonly kind: 'number' | 'string' | 'regexp' | 'word' | 'call' | 'operator' | 'newline' | 'end'
  readonly text: string
}

const operators =
  /(?:\*\*=|&&|\|\||\+\+|--|\+=|-=|\*=|\/=|%=|\^=|\*\*|==|<=|>=|!=|!~|>>|[-+*/%^!~?:<>=,;(){}[\]$|])/y

/** After these a slash divides; elsewhere it begins a regular expression. */
const divides = /^(?:number|string|word)$/

/** The words of a program of awk (POSIX utilities, awk). Errors: AwkError. */
export function readTokens(text: string): readonly Token[] {
  if (text.length > 20_000) throw new AwkError('too long')
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const matched = pattern.exec(text)?.[0]
    if (matched !== undefined) at += matched.length
    return matched
  }
  while (at < text.length) {
    if (take(/[ \t\r]+|\\\n|#[^\n]*/y) !== undefined) continue
    const last = tokens.at(-1)
    const operand = last !== undefined && (divides.test(last.kind) || /^[)\]$]$/.test(last.text))
    const [char = ''] = text.slice(at)
    if (char === '\n') {
      at++
      tokens.push({ kind: 'newline', text: '\n' })
    } else if (char === '"') tokens.push({ kind: 'string', text: withoutEscapes(delimited('"')) })
    else if (char === '/' && !operand) tokens.push({ kind: 'regexp', text: delimited('/') })
    else {
      const number = take(/(?:0x[0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/y)
      const word = number === undefined ? take(/[A-Za-z_]\w*/y) : undefined
      if (number !== undefined) tokens.push({ kind: 'number', text: number })
      // A function is called only with the parenthesis right behind its name.
      else if (word !== undefined) tokens.push({ kind: text[at] === '(' ? 'call' : 'word', text: word })
      else {
        const operator = take(operators)
        if (operator === undefined) throw new AwkError(`unexpected ${char}`)
        tokens.push({ kind: 'operator', text: operator })
      }
    }
  }
  return [...tokens, { kind: 'end', text: '' }]

  function delimited(mark: string): string {
    let literal = ''
    for (at++; text[at] !== mark; at++) {
      const char = text[at]
      if (char === undefined || char === '\n') throw new AwkError(`${mark} without end`)
      if (char !== '\\') literal += char
      else if (mark === '/' && text[at + 1] === '/') literal += text[++at]
      else literal += `\\${text[++at] ?? ''}`
    }
    at++
    return literal
  }
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  f: '\f',
  v: '\v',
  a: '\x07',
  b: '\b',
  '/': '/',
  '"': '"',
  '\\': '\\',
}

/** Backslashes in a string; those before what means nothing stay, for regular expressions. */
export function withoutEscapes(text: string): string {
  return text.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S])/g, (whole, code: string) => {
    if (/^x/.test(code) && code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8))
    return Object.hasOwn(escapes, code) ? (escapes[code] ?? '') : whole
  })
}
