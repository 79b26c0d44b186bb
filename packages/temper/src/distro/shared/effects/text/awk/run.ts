import { type AwkStart, Evaluator, Input } from './evaluate.ts'
import { AwkError, type AwkRule, type AwkStatement, type Expression } from './syntax.ts'

/** How a statement ends that is left early. */
type Left = 'next' | 'break' | 'continue' | 'exit' | undefined

/** Runs a program of awk over records. Errors: AwkError for what is not followed. */
export function runAwk(
  rules: readonly AwkRule[],
  start: AwkStart,
): { readonly status: number; readonly output: string } {
  return new Machine(start).run(rules)
}

class Machine extends Evaluator {
  readonly #ranges = new Set<AwkRule>()
  #output = ''
  #status = 0

  run(rules: readonly AwkRule[]): { readonly status: number; readonly output: string } {
    const when = (moment: AwkRule['when']) => rules.filter((rule) => rule.when === moment)
    const main = rules.filter((rule) => typeof rule.when !== 'string')
    let left = this.#rules(when('begin'))
    const last = when('end')
    if (left !== 'exit' && (main.length > 0 || last.length > 0)) {
      if (this.text(this.cells.get('RS')) !== '\n') throw new AwkError('records that are no lines')
      for (const record of this.start.records) {
        this.setRecord(record)
        for (const name of ['NR', 'FNR']) this.cells.set(name, this.number(this.cells.get(name)) + 1)
        left = this.#rules(main)
        if (left === 'exit') break
      }
    }
    this.#rules(last)
    return { status: this.#status, output: this.#output }
  }

  #rules(rules: readonly AwkRule[]): Left {
    for (const rule of rules) {
      if (typeof rule.when !== 'string' && !this.#fits(rule)) continue
      const left = rule.body === undefined ? this.#print(this.record) : this.#do(rule.body)
      if (left === 'exit' || left === 'next') return left
    }
    return undefined
  }

  #fits(rule: AwkRule): boolean {
    const [from, to] = rule.when as readonly Expression[]
    if (from === undefined) return true
    if (to === undefined) return this.truth(from)
    const inside = this.#ranges.has(rule)
    if (!inside && !this.truth(from)) return false
    if (this.truth(to)) this.#ranges.delete(rule)
    else this.#ranges.add(rule)
    return true
  }

  #print(text: string): Left {
    this.#write(`${text}${this.text(this.cells.get('ORS'))}`)
    return undefined
  }

  #write(text: string): void {
    this.start.fuel.spend(text.length + 1)
    if (this.#output.length + text.length > 1 << 18) throw new AwkError('too much output')
    this.#output += text
  }

  #do(statement: AwkStatement): Left {
    this.start.fuel.spend(1)
    switch (statement.kind) {
      case 'block':
        for (const each of statement.body) {
          const left = this.#do(each)
          if (left !== undefined) return left
        }
        return undefined
      case 'expression':
        this.value(statement.of)
        return undefined
      case 'print':
        return this.#printValues(statement)
      case 'if':
        if (this.truth(statement.test)) return this.#do(statement.yes)
        return statement.no && this.#do(statement.no)
      case 'loop':
        return this.#loop(statement)
      case 'each':
        return this.#each(statement)
      case 'delete':
        if (statement.keys === undefined) this.array(statement.array).clear()
        else this.array(statement.array).delete(this.key(statement.keys))
        return undefined
      case 'leave':
        return statement.how
      case 'exit':
        if (statement.status !== undefined) this.#status = this.number(this.value(statement.status)) & 0xff
        return 'exit'
    }
  }

  #printValues({ values, format }: AwkStatement & { kind: 'print' }): Left {
    const texts = values.map((each) => this.value(each))
    if (format) this.#write(this.format(texts))
    else if (texts.length === 0) this.#print(this.record)
    else this.#print(texts.map((each) => this.text(each)).join(this.text(this.cells.get('OFS'))))
    return undefined
  }

  #loop({ start, test, step, body, late }: AwkStatement & { kind: 'loop' }): Left {
    if (start) this.#do(start)
    let first = late
    while (first || test === undefined || this.truth(test)) {
      first = false
      const left = this.#do(body)
      if (left === 'break') break
      if (left === 'next' || left === 'exit') return left
      if (step) this.#do(step)
    }
    return undefined
  }

  #each({ variable, array, body }: AwkStatement & { kind: 'each' }): Left {
    for (const key of [...this.array(array).keys()]) {
      this.cells.set(variable, new Input(key))
      const left = this.#do(body)
      if (left === 'break') break
      if (left === 'next' || left === 'exit') return left
    }
    return undefined
  }
}
