import { AwkError, type AwkPlace, type Expression } from './syntax.ts'
import type { Token } from './tokens.ts'

export const maximumDepth = 60

/** Operators that stand between two operands, the loosest first. */
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['in'],
  ['~', '!~'],
  ['<', '<=', '!=', '==', '>', '>='],
  ['concatenation'],
  ['+', '-'],
  ['*', '/', '%'],
]

const assignments = new Set(['=', '+=', '-=', '*=', '/=', '%=', '^=', '**='])

/** Reads expressions; statements are read by what extends it. */
export class ExpressionParser {
  readonly tokens: readonly Token[]
  at = 0
  depth = 0
  /** In the list of `print` without parentheses ">" would redirect. */
  noGreater = false

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens
  }

  /** In parentheses ">" compares again. */
  inside<T>(read: () => T): T {
    const before = this.noGreater
    this.noGreater = false
    const parsed = read()
    this.noGreater = before
    return parsed
  }

  expression(): Expression {
    if (++this.depth > maximumDepth) throw new AwkError('nested too deeply')
    const parsed = this.#assignment()
    this.depth--
    return parsed
  }

  #assignment(): Expression {
    const left = this.#choice()
    const operator = this.token.text
    if (this.token.kind !== 'operator' || !assignments.has(operator)) return left
    if (left.kind !== 'variable' && left.kind !== 'element' && left.kind !== 'field')
      throw new AwkError('assignment to a value')
    this.at++
    this.newlines()
    return { kind: 'assign', operator, place: left, value: this.expression() }
  }

  #choice(): Expression {
    const test = this.#level(0)
    if (!this.takes('?')) return test
    this.newlines()
    const yes = this.expression()
    this.newlines()
    this.expect(':')
    this.newlines()
    return { kind: 'choice', test, yes, no: this.expression() }
  }

  #level(index: number): Expression {
    const names = levels[index]
    if (names === undefined) return this.#unary()
    let left = this.#level(index + 1)
    for (;;) {
      if (names[0] === 'concatenation') {
        if (!this.#beginsOperand()) return left
        left = { kind: 'binary', operator: ' ', left, right: this.#level(index + 1) }
        continue
      }
      const operator = this.token.text
      const isWord = operator === 'in'
      if (this.token.kind !== (isWord ? 'word' : 'operator') || !names.includes(operator)) return left
      if (operator === '>' && this.noGreater) return left
      this.at++
      if (operator === '&&' || operator === '||') this.newlines()
      if (isWord)
        left = {
          kind: 'in',
          keys: left.kind === 'call' && left.name === '' ? left.arguments : [left],
          array: this.name(),
        }
      else left = { kind: 'binary', operator, left, right: this.#level(index + 1) }
    }
  }

  #beginsOperand(): boolean {
    const { kind, text } = this.token
    if (kind === 'word') return text !== 'in' && text !== 'else'
    if (kind === 'operator')
      return ['$', '!', '(', '-', '+', '++', '--'].includes(text) && !/^[-+]$/.test(text)
    return kind === 'number' || kind === 'string' || kind === 'call' || kind === 'regexp'
  }

  #unary(): Expression {
    const { kind, text } = this.token
    if (kind === 'operator' && (text === '!' || text === '-' || text === '+')) {
      this.at++
      return { kind: 'unary', operator: text, of: this.#unary() }
    }
    const base = this.#stepped()
    if (!this.is('^') && !this.is('**')) return base
    this.at++
    return { kind: 'binary', operator: '^', left: base, right: this.#unary() }
  }

  #stepped(): Expression {
    const { text, kind } = this.token
    if (kind === 'operator' && (text === '++' || text === '--')) {
      this.at++
      return { kind: 'step', by: text === '++' ? 1 : -1, before: true, place: this.#place(this.#operand()) }
    }
    const operand = this.#operand()
    const after = this.token.text
    const isPlace = operand.kind === 'variable' || operand.kind === 'element' || operand.kind === 'field'
    if (!isPlace || this.token.kind !== 'operator' || (after !== '++' && after !== '--')) return operand
    this.at++
    return { kind: 'step', by: after === '++' ? 1 : -1, before: false, place: operand }
  }

  #place(target: Expression): AwkPlace {
    if (target.kind === 'variable' || target.kind === 'element' || target.kind === 'field') return target
    throw new AwkError('no variable')
  }

  #operand(): Expression {
    const { kind, text } = this.token
    this.at++
    switch (kind) {
      case 'number':
        return { kind: 'number', value: Number(text) }
      case 'string':
        return { kind: 'string', value: text }
      case 'regexp':
        return { kind: 'regexp', source: text }
      case 'call':
        this.expect('(')
        return { kind: 'call', name: text, arguments: this.inside(() => this.list(')')) }
      case 'word':
        if (text === 'getline') throw new AwkError('getline')
        if (text === 'length') return { kind: 'call', name: text, arguments: [] }
        if (!this.takes('[')) return { kind: 'variable', name: text }
        return { kind: 'element', name: text, keys: this.inside(() => this.list(']')) }
    }
    if (text === '$') return { kind: 'field', index: this.#stepped() }
    if (text !== '(') throw new AwkError(`unexpected ${text}`)
    const list = this.inside(() => this.list(')'))
    const [only] = list
    if (list.length === 1 && only !== undefined) return { kind: 'group', of: only }
    return { kind: 'call', name: '', arguments: list }
  }

  list(close: string): readonly Expression[] {
    const expressions: Expression[] = []
    this.newlines()
    while (!this.takes(close)) {
      if (expressions.length > 0) {
        this.expect(',')
        this.newlines()
      }
      expressions.push(this.expression())
      this.newlines()
    }
    return expressions
  }

  get token(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '' }
  }

  is(text: string): boolean {
    return this.token.kind === 'operator' && this.token.text === text
  }

  takes(text: string): boolean {
    const isNext = this.is(text)
    if (isNext) this.at++
    return isNext
  }

  expect(text: string): void {
    if (!this.takes(text)) throw new AwkError(`expected ${text}, found ${this.token.text}`)
  }

  name(): string {
    const { kind, text } = this.token
    if (kind !== 'word') throw new AwkError('expected a name')
    this.at++
    return text
  }

  newline(): boolean {
    if (this.token.kind !== 'newline') return false
    this.at++
    return true
  }

  newlines(): void {
    while (this.newline());
  }
}
