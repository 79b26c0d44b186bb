import { ExpressionParser, maximumDepth } from './parse-expression.ts'
import { AwkError, type AwkRule, type AwkStatement, type Expression } from './syntax.ts'
import { readTokens } from './tokens.ts'

/** A program of awk without functions of its own, redirections or getline. Errors: AwkError for those and for what is wrong. */
export function parseAwk(text: string): readonly AwkRule[] {
  const parser = new Parser(readTokens(text))
  return parser.program()
}

class Parser extends ExpressionParser {
  program(): readonly AwkRule[] {
    const rules: AwkRule[] = []
    for (this.#skip(); this.token.kind !== 'end'; this.#skip()) rules.push(this.#rule())
    return rules
  }

  #rule(): AwkRule {
    const word = this.token.text
    if (word === 'function' || word === 'func') throw new AwkError('functions')
    if (word === 'BEGIN' || word === 'END') {
      this.at++
      return { when: word === 'BEGIN' ? 'begin' : 'end', body: this.#block() }
    }
    const when: Expression[] = []
    if (!this.is('{')) {
      when.push(this.expression())
      if (this.takes(',')) when.push(this.expression())
    }
    return { when, body: this.is('{') ? this.#block() : undefined }
  }

  #block(): AwkStatement {
    this.expect('{')
    const body: AwkStatement[] = []
    for (this.#skip(); !this.takes('}'); this.#skip()) body.push(this.#statement())
    return { kind: 'block', body }
  }

  #statement(): AwkStatement {
    if (++this.depth > maximumDepth) throw new AwkError('nested too deeply')
    const statement = this.#anyStatement()
    this.depth--
    return statement
  }

  #anyStatement(): AwkStatement {
    if (this.is('{')) return this.#block()
    if (this.takes(';')) return { kind: 'block', body: [] }
    switch (this.token.text) {
      case 'if':
        return this.#if()
      case 'while':
        return this.#while()
      case 'do':
        return this.#do()
      case 'for':
        return this.#for()
    }
    const statement = this.#simple()
    if (!this.is('}') && !this.takes(';') && !this.newline() && this.token.kind !== 'end')
      throw new AwkError(`unexpected ${this.token.text}`)
    return statement
  }

  #simple(): AwkStatement {
    const word = this.token.kind === 'word' || this.token.kind === 'call' ? this.token.text : ''
    switch (word) {
      case 'print':
      case 'printf':
        this.at++
        return this.#print(word === 'printf')
      case 'next':
      case 'break':
      case 'continue':
        this.at++
        return { kind: 'leave', how: word }
      case 'exit':
        this.at++
        return { kind: 'exit', status: this.#ends() ? undefined : this.expression() }
      case 'delete': {
        this.at++
        const array = this.name()
        return { kind: 'delete', array, keys: this.takes('[') ? this.list(']') : undefined }
      }
    }
    return { kind: 'expression', of: this.expression() }
  }

  #print(format: boolean): AwkStatement {
    const before = this.noGreater
    this.noGreater = true
    const values: Expression[] = []
    while (!this.#ends()) {
      values.push(this.expression())
      if (!this.takes(',')) break
      this.newlines()
    }
    this.noGreater = before
    if (this.is('>') || this.is('>>') || this.is('|')) throw new AwkError('redirections')
    const [only] = values
    // "print (a, b)" has its list in parentheses.
    const list = values.length === 1 && only?.kind === 'call' && only.name === '' ? only.arguments : values
    return { kind: 'print', values: list, format }
  }

  #if(): AwkStatement {
    this.at++
    const test = this.#parenthesis()
    this.newlines()
    const yes = this.#statement()
    const start = this.at
    this.#skip()
    if (this.token.text !== 'else') {
      this.at = start
      return { kind: 'if', test, yes, no: undefined }
    }
    this.at++
    this.newlines()
    return { kind: 'if', test, yes, no: this.#statement() }
  }

  #while(): AwkStatement {
    this.at++
    const test = this.#parenthesis()
    this.newlines()
    return { kind: 'loop', start: undefined, test, step: undefined, body: this.#statement(), late: false }
  }

  #do(): AwkStatement {
    this.at++
    this.newlines()
    const body = this.#statement()
    this.#skip()
    this.#expectWord('while')
    return { kind: 'loop', start: undefined, test: this.#parenthesis(), step: undefined, body, late: true }
  }

  #for(): AwkStatement {
    this.at++
    this.expect('(')
    const [first, second, third, fourth] = this.tokens.slice(this.at)
    if (first?.kind === 'word' && second?.text === 'in' && third?.kind === 'word' && fourth?.text === ')') {
      this.at += 4
      this.newlines()
      return { kind: 'each', variable: first.text, array: third.text, body: this.#statement() }
    }
    const start = this.is(';') ? undefined : this.#simple()
    this.expect(';')
    this.newlines()
    const test = this.is(';') ? undefined : this.expression()
    this.expect(';')
    this.newlines()
    const step = this.is(')') ? undefined : this.#simple()
    this.expect(')')
    this.newlines()
    return { kind: 'loop', start, test, step, body: this.#statement(), late: false }
  }

  #parenthesis(): Expression {
    this.expect('(')
    const inner = this.inside(() => this.expression())
    this.expect(')')
    return inner
  }

  #expectWord(text: string): void {
    if (this.token.text !== text) throw new AwkError(`expected ${text}`)
    this.at++
  }

  #ends(): boolean {
    return (
      this.is(';') ||
      this.is('}') ||
      this.token.kind === 'newline' ||
      this.token.kind === 'end' ||
      this.is('>') ||
      this.is('>>') ||
      this.is('|')
    )
  }

  /** Ends of lines and semicolons between statements. */
  #skip(): void {
    while (this.newline() || this.takes(';'));
  }
}
