import type { Fuel } from '../../../scripts/fuel.ts'
import { compileRegexp, type Regexp } from '../regexp.ts'
import { formatted, numberText } from './format.ts'
import { AwkError, type AwkPlace, type Expression } from './syntax.ts'
import { withoutEscapes } from './tokens.ts'

/** Text from outside counts as a number where it looks like one. */
export class Input {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Cell = number | string | Input | undefined

export interface AwkStart {
  readonly records: readonly string[]
  /** `-v NAME=VALUE` and `-F`. */
  readonly variables: Readonly<Record<string, string>>
  /** Undefined for what is not known. */
  environment(name: string): string | undefined
  readonly fuel: Fuel
}

/** Variables, fields and what expressions make of them. */
export class Evaluator {
  readonly start: AwkStart
  readonly cells = new Map<string, Cell>()
  record = ''
  readonly #arrays = new Map<string, Map<string, Cell>>()
  readonly #regexps = new Map<string, Regexp>()
  #fields: string[] = []

  constructor(start: AwkStart) {
    this.start = start
    const initial = { FS: ' ', OFS: ' ', ORS: '\n', RS: '\n', SUBSEP: '\x1c', NR: 0, FNR: 0 }
    for (const [name, value] of Object.entries(initial)) this.cells.set(name, value)
    for (const [name, value] of Object.entries(start.variables))
      this.cells.set(name, new Input(withoutEscapes(value)))
  }

  value(expression: Expression): Cell {
    this.start.fuel.spend(1)
    switch (expression.kind) {
      case 'number':
      case 'string':
        return expression.value
      case 'regexp':
        return this.#regexp(expression.source).find(this.record) === undefined ? 0 : 1
      case 'group':
        return this.value(expression.of)
      case 'variable':
      case 'element':
      case 'field':
        return this.#read(expression)
      case 'unary':
        if (expression.operator === '!') return this.truth(expression.of) ? 0 : 1
        return (expression.operator === '-' ? -1 : 1) * this.number(this.value(expression.of))
      case 'step': {
        const before = this.number(this.#read(expression.place))
        this.#assign(expression.place, before + expression.by)
        return expression.before ? before + expression.by : before
      }
      case 'binary':
        return this.#binary(expression)
      case 'in':
        return this.array(expression.array).has(this.key(expression.keys)) ? 1 : 0
      case 'choice':
        return this.value(this.truth(expression.test) ? expression.yes : expression.no)
      case 'assign':
        return this.#assignment(expression)
      case 'call':
        return this.#call(expression.name, expression.arguments)
    }
  }

  #assignment({ operator, place, value }: Expression & { kind: 'assign' }): Cell {
    const right = this.value(value)
    const result =
      operator === '='
        ? right
        : this.#calculate(operator.replace(/=$/, ''), this.number(this.#read(place)), this.number(right))
    this.#assign(place, result)
    return result
  }

  #binary({ operator, left, right }: Expression & { kind: 'binary' }): Cell {
    if (operator === '&&') return this.truth(left) && this.truth(right) ? 1 : 0
    if (operator === '||') return this.truth(left) || this.truth(right) ? 1 : 0
    if (operator === '~' || operator === '!~') {
      const matches = this.#pattern(right).find(this.text(this.value(left))) !== undefined
      return matches === (operator === '~') ? 1 : 0
    }
    const [a, b] = [this.value(left), this.value(right)]
    if (operator === ' ') return this.text(a) + this.text(b)
    if (/^(?:[<>]=?|[!=]=)$/.test(operator)) return this.#compare(operator, a, b) ? 1 : 0
    return this.#calculate(operator, this.number(a), this.number(b))
  }

  #calculate(operator: string, a: number, b: number): number {
    if ((operator === '/' || operator === '%') && b === 0) throw new AwkError('division by zero')
    const results: Readonly<Record<string, number>> = {
      '+': a + b,
      '-': a - b,
      '*': a * b,
      '/': a / b,
      '%': a % b,
      '^': a ** b,
      '**': a ** b,
    }
    const result = results[operator]
    if (result === undefined) throw new AwkError(operator)
    return result
  }

  #compare(operator: string, a: Cell, b: Cell): boolean {
    const numbers = [a, b].every(
      (cell) => cell === undefined || typeof cell === 'number' || looksNumeric(cell),
    )
    const [x, y] = numbers ? [this.number(a), this.number(b)] : [this.text(a), this.text(b)]
    const order = x < y ? -1 : x > y ? 1 : 0
    const holds: Readonly<Record<string, boolean>> = {
      '<': order < 0,
      '<=': order <= 0,
      '==': order === 0,
      '!=': order !== 0,
      '>': order > 0,
      '>=': order >= 0,
    }
    return holds[operator] ?? false
  }

  truth(expression: Expression): boolean {
    const value = this.value(expression)
    if (typeof value === 'number') return value !== 0
    if (value instanceof Input) return looksNumeric(value) ? Number(value.text) !== 0 : value.text !== ''
    return value !== undefined && value !== ''
  }

  #read(place: AwkPlace): Cell {
    if (place.kind === 'field') {
      const index = this.number(this.value(place.index))
      if (index === 0) return new Input(this.record)
      const field = this.#fields[index - 1]
      return field === undefined ? undefined : new Input(field)
    }
    if (place.kind === 'variable')
      return place.name === 'NF' ? this.#fields.length : this.cells.get(place.name)
    const key = this.key(place.keys)
    if (place.name === 'ENVIRON') {
      const value = this.start.environment(key)
      if (value === undefined) throw new AwkError(`the variable ${key} is not known`)
      return new Input(value)
    }
    const array = this.array(place.name)
    // Looking makes it.
    if (!array.has(key)) array.set(key, undefined)
    return array.get(key)
  }

  #assign(place: AwkPlace, value: Cell): void {
    if (place.kind === 'element') this.array(place.name).set(this.key(place.keys), value)
    else if (place.kind === 'variable') {
      if (place.name === 'NF') throw new AwkError('NF is assigned')
      this.cells.set(place.name, value)
    } else {
      const index = this.number(this.value(place.index))
      if (index === 0) this.setRecord(this.text(value))
      else if (index < 1 || index > 1000) throw new AwkError('no such field')
      else {
        while (this.#fields.length < index) this.#fields.push('')
        this.#fields[index - 1] = this.text(value)
        this.record = this.#fields.join(this.text(this.cells.get('OFS')))
      }
    }
  }

  setRecord(record: string): void {
    this.start.fuel.spend(record.length + 1)
    this.record = record
    this.#fields = this.#split(record, this.text(this.cells.get('FS')))
  }

  #split(text: string, separator: string): string[] {
    if (separator === ' ') return text.split(/[ \t\n]+/).filter((field) => field !== '')
    if (text === '') return []
    if (separator.length === 1 && separator !== '\\') return text.split(separator)
    const regexp = this.#regexp(separator)
    const fields: string[] = []
    let from = 0
    for (
      let match = regexp.find(text, from);
      match !== undefined && match.end > match.start;
      match = regexp.find(text, from)
    ) {
      fields.push(text.slice(from, match.start))
      from = match.end
    }
    return [...fields, text.slice(from)]
  }

  #call(name: string, given: readonly Expression[]): Cell {
    const text = (index: number) => {
      const expression = given[index]
      return expression === undefined ? this.record : this.text(this.value(expression))
    }
    const number = (index: number) => {
      const expression = given[index]
      return expression === undefined ? undefined : this.number(this.value(expression))
    }
    switch (name) {
      case 'length': {
        const [first] = given
        const array = first?.kind === 'variable' ? this.#arrays.get(first.name) : undefined
        return array === undefined ? text(0).length : array.size
      }
      case 'index':
        return text(0).indexOf(text(1)) + 1
      case 'substr': {
        const from = Math.round(number(1) ?? 1)
        // Programs differ in what lies before the first character.
        if (from < 1) throw new AwkError('substr() before the start')
        const end = given.length > 2 ? from + Math.round(number(2) ?? 0) : Number.POSITIVE_INFINITY
        return text(0).slice(from - 1, Math.max(0, end - 1))
      }
      case 'tolower':
        return text(0).toLowerCase()
      case 'toupper':
        return text(0).toUpperCase()
      case 'int':
        return Math.trunc(number(0) ?? 0)
      case 'sprintf':
        return this.format(given.map((each) => this.value(each)))
      case 'split':
        return this.#splitInto(given)
      case 'match': {
        const match = given[1] && this.#pattern(given[1]).find(text(0))
        this.cells.set('RSTART', match === undefined ? 0 : match.start + 1)
        this.cells.set('RLENGTH', match === undefined ? -1 : match.end - match.start)
        return match === undefined ? 0 : match.start + 1
      }
      case 'sub':
      case 'gsub':
        return this.#substitute(given, { all: name === 'gsub' })
    }
    throw new AwkError(`${name}()`)
  }

  #splitInto([source, into, separator]: readonly Expression[]): Cell {
    if (source === undefined || into?.kind !== 'variable') throw new AwkError('split()')
    const text = this.text(this.value(source))
    const by =
      separator === undefined
        ? this.text(this.cells.get('FS'))
        : separator.kind === 'regexp'
          ? separator.source
          : this.text(this.value(separator))
    const pieces = this.#split(text, separator?.kind === 'regexp' && by === ' ' ? '[ ]' : by)
    const array = this.array(into.name)
    array.clear()
    pieces.forEach((piece, i) => void array.set(String(i + 1), new Input(piece)))
    return pieces.length
  }

  #substitute(
    [pattern, replacement, target]: readonly Expression[],
    { all }: { readonly all: boolean },
  ): Cell {
    if (pattern === undefined || replacement === undefined) throw new AwkError('sub()')
    const place: Expression = target ?? { kind: 'field', index: { kind: 'number', value: 0 } }
    if (place.kind !== 'variable' && place.kind !== 'element' && place.kind !== 'field')
      throw new AwkError('sub() on a value')
    const regexp = this.#pattern(pattern)
    const text = this.text(this.#read(place))
    const into = this.text(this.value(replacement))
    let [made, from, count] = ['', 0, 0]
    while (from <= text.length) {
      const match = regexp.find(text, from)
      if (match === undefined || (count > 0 && !all)) break
      const whole = match.groups[0] ?? ''
      made +=
        text.slice(from, match.start) +
        into.replace(/\\&|&|\\\\/g, (mark) => (mark === '&' ? whole : mark.slice(1)))
      count++
      from = match.end
      // What matches nothing goes on with the next character.
      if (match.end === match.start) made += text[from++] ?? ''
      this.start.fuel.spend(whole.length + into.length + 1)
    }
    if (count > 0) this.#assign(place, made + text.slice(from))
    return count
  }

  format([format, ...values]: readonly Cell[]): string {
    return formatted(this.text(format), {
      text: () => this.text(values.shift()),
      number: () => this.number(values.shift()),
    })
  }

  array(name: string): Map<string, Cell> {
    const present = this.#arrays.get(name) ?? new Map<string, Cell>()
    this.#arrays.set(name, present)
    return present
  }

  key(keys: readonly Expression[]): string {
    return keys.map((key) => this.text(this.value(key))).join(this.text(this.cells.get('SUBSEP')))
  }

  /** A regular expression as it stands, or a text that is one. */
  #pattern(expression: Expression): Regexp {
    return this.#regexp(expression.kind === 'regexp' ? expression.source : this.text(this.value(expression)))
  }

  #regexp(source: string): Regexp {
    const known = this.#regexps.get(source)
    if (known) return known
    const pattern = source.replace(/\\([tn"/])/g, (_, char: string) =>
      char === 't' ? '\t' : char === 'n' ? '\n' : char,
    )
    const made = compileRegexp(pattern, { extended: true, ignoreCase: false, fuel: this.start.fuel })
    if (made === undefined) throw new AwkError('a regular expression that is not understood')
    this.#regexps.set(source, made)
    return made
  }

  text(cell: Cell): string {
    if (cell instanceof Input) return cell.text
    return typeof cell === 'number' ? numberText(cell) : (cell ?? '')
  }

  number(cell: Cell): number {
    if (typeof cell === 'number') return cell
    const text = cell instanceof Input ? cell.text : (cell ?? '')
    if (isDisputed(text)) throw new AwkError('a number that programs read differently')
    return Number(/^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/.exec(text)?.[0] ?? 0)
  }
}

/** Some take hexadecimal numbers and those without end, as strtod(3) does, others do not. */
function isDisputed(text: string): boolean {
  return /^\s*[-+]?(?:0x[0-9a-f]|inf|nan)/i.test(text)
}

function looksNumeric(cell: string | Input): boolean {
  if (cell instanceof Input && isDisputed(cell.text)) throw new AwkError('what may be a number')
  return cell instanceof Input && /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(cell.text)
}
