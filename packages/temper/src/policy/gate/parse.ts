import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'
import { closest } from '../../base/suggestion.ts'
import { type Severity, severities } from '../../model/advisory/advisory.ts'
import { type FindingMeasure, findingMeasures, findingWords } from './conditions/finding.ts'
import { targetWords } from './conditions/target.ts'
import type { GateCondition, GateExpression } from './rule.ts'

/** Longest text of rules, and most rules of one scan. */
const limits = { characters: 2000, rules: 100 } as const

const words = [...findingWords, 'secret', ...targetWords] as const
const measures = Object.keys(findingMeasures) as readonly FindingMeasure[]
/** What others call them. */
const synonyms: ReadonlyMap<string, Severity> = new Map([
  ['moderate', 'medium'],
  ['important', 'high'],
])
const known: readonly string[] = [...severities, ...words, ...measures]
const unitSeconds: Readonly<Record<string, number>> = {
  h: 3600,
  d: 86_400,
  w: 604_800,
  m: 2_592_000,
  y: 31_536_000,
}
const unit = /\s*(?:hours?|days?|weeks?|months?|years?|[hdwmy])(?![a-z0-9])/iy
const older = /\s*(?:>|older\s+than\b)/iy

/**
 * Reads rules of a gate (docs/reference/gate.md): rules are separated by commas, the conditions of one by "+", an age
 * comes last: "critical,kev,high+fixable>7d,epss>0.5". Throws `bad-usage` that points at what is wrong.
 */
export function parseGate(text: string): readonly GateExpression[] {
  if (text.length > limits.characters)
    throw new TemperError(
      'bad-usage',
      `The gate: expected at most ${limits.characters} characters, found ${text.length}`,
    )
  const parser = new GateParser(text)
  const rules = parser.rules()
  if (rules.length > limits.rules)
    throw new TemperError(
      'bad-usage',
      `The gate: expected at most ${limits.rules} rules, found ${rules.length}`,
    )
  return rules
}

class GateParser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  rules(): GateExpression[] {
    const rules = [this.#rule()]
    while (this.#take(',')) rules.push(this.#rule())
    if (this.#at < this.#text.length) throw this.#wrong('expected "," or "+" or an age such as ">7d"')
    return rules
  }

  #rule(): GateExpression {
    this.#blanks()
    const start = this.#at
    const conditions = [this.#condition()]
    while (this.#take('+')) conditions.push(this.#condition())
    const olderThan = this.#match(older) === undefined ? undefined : this.#age()
    const text = this.#text
      .slice(start, this.#at)
      .replaceAll(/\s/g, '')
      .toLowerCase()
      .replace('olderthan', '>')
    this.#check(conditions, olderThan, start)
    return { text, conditions, ...(olderThan === undefined ? {} : { olderThan }) }
  }

  #condition(): GateCondition {
    this.#blanks()
    const start = this.#at
    const word = this.#match(/[a-z][a-z-]*/iy)?.toLowerCase()
    if (word === undefined) throw this.#wrong(`expected a condition: ${known.join(', ')}`)
    if (word === 'severity' && this.#match(/\s*>=/y) !== undefined) return this.#severity()
    for (const measure of measures) if (measure === word) return this.#number(measure)
    for (const name of words) if (name === word) return { kind: name }
    const severity = severityOf(word)
    if (severity !== undefined) return { kind: 'severity', severity }
    const near = closest(word, known)
    throw this.#wrong(
      near === undefined
        ? `expected a condition: ${known.join(', ')}`
        : `expected a condition (did you mean "${near}"?)`,
      start,
    )
  }

  /** "severity>=high" means the same as "high". */
  #severity(): GateCondition {
    this.#blanks()
    const start = this.#at
    const word = this.#match(/[a-z]+/iy)?.toLowerCase() ?? ''
    const severity = severityOf(word)
    if (severity === undefined) throw this.#wrong(`expected ${severities.join(', ')}`, start)
    return { kind: 'severity', severity }
  }

  #number(of: FindingMeasure): GateCondition {
    this.#blanks()
    const operator = this.#match(/>=?/y)
    if (operator !== '>' && operator !== '>=')
      throw this.#wrong(
        `expected ">" or ">=" and a number after "${of}", as in "${of}>${of === 'epss' ? '0.5' : '7'}"`,
      )
    this.#blanks()
    const start = this.#at
    const { most } = findingMeasures[of]
    const digits = this.#match(/(?:\d{1,3}(?:\.\d{1,6})?|\.\d{1,6})(?![\d.%a-z])/iy)
    const value = Number(digits)
    if (digits === undefined || value > most) throw this.#wrong(`expected a number from 0 to ${most}`, start)
    return { kind: 'number', of, operator, value }
  }

  #age(): number {
    this.#blanks()
    const start = this.#at
    const amount = this.#match(/\d{1,5}(?!\d)/y)
    const seconds = unitSeconds[this.#match(unit)?.trim().charAt(0).toLowerCase() ?? '']
    if (amount === undefined || seconds === undefined)
      throw this.#wrong(
        'expected an age: a number with h, d, w, m or y for hours, days, weeks, months or years, as in ">7d"',
        start,
      )
    return Number(amount) * seconds
  }

  /** Conditions that cannot be met together are a mistake that would let everything pass. */
  #check(conditions: readonly GateCondition[], olderThan: number | undefined, start: number): void {
    const kinds = conditions.map((condition) => condition.kind)
    for (const alone of targetWords)
      if (kinds.includes(alone) && (kinds.length > 1 || olderThan !== undefined))
        throw this.#wrong(`"${alone}" is not about findings: it has to stand alone`, start)
    const forSecrets = kinds.every((kind) => kind === 'secret' || kind === 'severity')
    if (kinds.includes('secret') && (!forSecrets || olderThan !== undefined))
      throw this.#wrong('only the severity of a secret is known: write "secret", or "secret+high"', start)
  }

  #blanks(): void {
    this.#match(/\s+/y)
  }

  #take(char: string): boolean {
    this.#blanks()
    if (this.#text[this.#at] !== char) return false
    this.#at++
    return true
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const matched = pattern.exec(this.#text)?.[0]
    if (matched !== undefined) this.#at += matched.length
    return matched
  }

  #wrong(problem: string, at: number = this.#at): TemperError {
    const rest =
      at >= this.#text.length ? 'the end' : `"${printableLine(this.#text.slice(at), { most: 20 })}"`
    const from = Math.max(0, at - 60)
    const line = printableLine(this.#text.slice(from, at + 40).replaceAll(/\s/g, ' '), { most: 400 })
    // What was read so far is words, signs and white space, each one column wide.
    const caret = `${' '.repeat(at - from)}^`
    return new TemperError(
      'bad-usage',
      `The gate, column ${at + 1}: ${problem}; found ${rest}\n  ${line}\n  ${caret}`,
      {
        hint: 'For example: critical,kev,high+fixable>7d. docs/reference/gate.md has all conditions.',
        details: { text: this.#text, column: at + 1 },
      },
    )
  }
}

function severityOf(word: string): Severity | undefined {
  return severities.find((name) => name === word) ?? synonyms.get(word)
}
