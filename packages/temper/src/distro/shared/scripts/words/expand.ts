import { type Environment, getVariable } from '../environment.ts'
import type { Fuel } from '../fuel.ts'
import type { Node, Word, WordPart } from '../parse/syntax.ts'
import type { ScriptWorld, Value } from '../world.ts'
import { namesAssignedIn } from './arithmetic-names.ts'
import {
  dependsOnCharacters,
  escapePattern,
  hasPattern,
  isAscii,
  removeAffix,
  unescapePattern,
} from './pattern.ts'

export interface Expander {
  readonly environment: Environment
  readonly world: ScriptWorld
  readonly fuel: Fuel
  /** Runs a command substitution; its output without trailing line ends. */
  substitute(body: Node): Value
}

/** Longest value that is followed; longer ones become unknown. */
const maximumLength = 1 << 16
const maximumFields = 4096

/** A field under construction: text with pattern characters of quoted parts escaped. */
interface Field {
  pattern: Value
  quoted: boolean
}

/** Expands words to fields: substitution, field splitting, pathname expansion, quote removal (POSIX 2.6). */
export function expandWords(words: readonly Word[], expander: Expander): Value[] {
  const fields: Value[] = []
  for (const word of words) {
    for (const field of expandToFields(word, expander)) {
      if (field.pattern === undefined) fields.push(undefined)
      else if (!hasPattern(field.pattern)) fields.push(unescapePattern(field.pattern))
      else {
        const paths = globHere(field.pattern, expander)
        if (paths === undefined) fields.push(undefined)
        else if (paths.length === 0) fields.push(unescapePattern(field.pattern))
        else fields.push(...paths.slice(0, maximumFields))
      }
      if (fields.length > maximumFields) expander.fuel.spend(Number.MAX_SAFE_INTEGER)
    }
  }
  expander.fuel.spend(fields.length)
  return fields
}

/** Names that match, as the pattern has them: relative ones below the present folder. */
function globHere(pattern: string, { world, environment }: Expander): readonly string[] | undefined {
  if (pattern.startsWith('/')) return world.glob(pattern)
  const { folder } = environment
  if (folder === undefined) return undefined
  const start = folder === '/' ? '/' : `${folder}/`
  return world.glob(`${escapePattern(start)}${pattern}`)?.map((path) => path.slice(start.length))
}

/** Expands to one string: for assignments, redirections and case subjects. */
export function expandToValue(word: Word, expander: Expander): Value {
  return expandAll(word, { expander, written: (value) => value })
}

/** Expands to a pattern: quoted characters are escaped with a backslash. */
export function expandToPattern(word: Word, expander: Expander): Value {
  return expandAll(word, {
    expander,
    written: (value, part) => (part.quoted ? escapePattern(value) : value),
  })
}

function expandAll(
  word: Word,
  { expander, written }: { readonly expander: Expander; written(value: string, part: WordPart): string },
): Value {
  let text = ''
  for (const part of word) {
    const value = partValue(part, expander)
    if (value === undefined) return undefined
    text += written(value, part)
    expander.fuel.spend(value.length)
    if (text.length > maximumLength) return undefined
  }
  return text
}

function expandToFields(word: Word, expander: Expander): Field[] {
  const fields: Field[] = []
  let current: Field | undefined
  const append = (text: Value, options: { readonly quoted: boolean }) => {
    current ??= { pattern: '', quoted: false }
    current.quoted ||= options.quoted
    if (text === undefined || current.pattern === undefined) current.pattern = undefined
    // A backslash that comes out of a variable quotes nothing.
    else current.pattern += options.quoted ? escapePattern(text) : text.replaceAll('\\', '\\\\')
    if ((current.pattern?.length ?? 0) > maximumLength) current.pattern = undefined
  }
  const finish = () => {
    if (current && (current.quoted || current.pattern !== '')) fields.push(current)
    current = undefined
  }
  const close = () => {
    append('', { quoted: true })
    finish()
  }
  const add = (part: WordPart, options: { readonly inArgument: boolean }): void => {
    expander.fuel.spend(1)
    // What stands in for a parameter keeps its own quotes: ${1+"$@"}.
    const instead = part.kind === 'parameter' ? argumentInstead(part, expander) : undefined
    if (part.kind === 'parameter' && instead === undefined && isEachParameter(part)) {
      expander.environment.positional.forEach((value, i) => {
        if (i > 0) finish()
        if (part.quoted || value === undefined) append(value, { quoted: part.quoted })
        else splitInto(value, expander, { append, finish, close })
      })
      return
    }
    if (instead !== undefined) {
      if (part.quoted && instead.length === 0) append('', { quoted: true })
      for (const each of instead) add(each, { inArgument: true })
      return
    }
    const value = partValue(part, expander)
    expander.fuel.spend(value?.length ?? 0)
    const isText = part.kind === 'text' && !options.inArgument
    if (part.quoted || isText || value === undefined) append(value, { quoted: part.quoted })
    else splitInto(value, expander, { append, finish, close })
  }
  for (const part of word) add(part, { inArgument: false })
  finish()
  return fields
}

/** Whether a parameter is each positional one as a field of its own: `"$@"`, `$@`, `$*`, but not `"$*"` (POSIX 2.5.2). */
function isEachParameter({ name, operator, quoted }: Parameter): boolean {
  return (name === '@' || (name === '*' && !quoted)) && /^(?::?-)?$/.test(operator ?? '')
}

/** Where the pieces of a value go. */
interface Pieces {
  append(text: string, options: { quoted: boolean }): void
  finish(): void
  /** Ends a field that is there even when it is empty. */
  close(): void
}

function splitInto(value: string, { environment }: Expander, target: Pieces): void {
  const separators = environment.variables.has('IFS') ? environment.variables.get('IFS') : undefined
  if (separators !== undefined) {
    splitAt(value, separators, target)
    return
  }
  value.split(/[ \t\n]+/).forEach((piece, i) => {
    if (i > 0) target.finish()
    if (piece !== '') target.append(piece, { quoted: false })
  })
}

/** Splits at separators of the script's own (POSIX 2.6.5): blanks among them count as one, any other ends a field. */
function splitAt(value: string, separators: string, target: Pieces): void {
  const isBlank = (char: string | undefined) =>
    char !== undefined && separators.includes(char) && /\s/.test(char)
  let start = 0
  for (let at = 0; at <= value.length; at++) {
    const char = value[at]
    if (char !== undefined && !separators.includes(char)) continue
    if (at > start) target.append(value.slice(start, at), { quoted: false })
    if (char === undefined) return
    // Blanks around another separator belong to it.
    let end = at
    while (isBlank(value[end])) end++
    const hard = value[end]
    if (hard !== undefined && separators.includes(hard)) {
      target.close()
      end++
      while (isBlank(value[end])) end++
    } else target.finish()
    start = end
    at = end - 1
  }
}

function partValue(part: WordPart, expander: Expander): Value {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'home':
      return homeOf(part.of, expander)
    case 'unknown':
      return undefined
    case 'arithmetic':
      return arithmetic(part, expander)
    case 'command':
      return expander.substitute(part.body)
    case 'parameter':
      return parameterValue(part, expander)
  }
}

/** Sums and differences of numbers and variables; anything else is unknown, and so is what it assigns. */
function arithmetic(
  { text, expression }: WordPart & { readonly kind: 'arithmetic' },
  expander: Expander,
): Value {
  const plain = expandToValue(expression, expander) ?? ''
  if (plain.length > 200 || !/^\s*-?\w+(?:\s*[-+]\s*\w+)*\s*$/.test(plain)) {
    for (const name of namesAssignedIn(text)) expander.environment.variables.set(name, undefined)
    return undefined
  }
  let sum = 0
  for (const [, sign, name = ''] of plain.matchAll(/([-+]?)\s*(\w+)/g)) {
    const value = /^\d/.test(name) ? name : getVariable(expander.environment, name)
    // Leading zeros make octal numbers, and x hexadecimal ones.
    if (value === undefined || !/^(?:0|[1-9]\d{0,11})$/.test(value || '0')) return undefined
    sum += (sign === '-' ? -1 : 1) * Number(value || '0')
  }
  return String(sum)
}

function lookUp(name: string, { environment }: Expander): Value {
  if (name === '@' || name === '*') {
    const separators = environment.variables.has('IFS') ? environment.variables.get('IFS') : ' '
    if (separators === undefined || environment.positional.includes(undefined)) return undefined
    return environment.positional.join(separators.slice(0, 1))
  }
  if (name === '#') return String(environment.positional.length)
  if (name === '0') return environment.variables.get('0') ?? 'sh'
  if (/^[1-9][0-9]*$/.test(name)) {
    const index = Number(name) - 1
    return index < environment.positional.length ? environment.positional[index] : ''
  }
  if (name === '-' || name === '$' || name === '!') return undefined
  if (name === '?') return environment.variables.has('?') ? environment.variables.get('?') : '0'
  return getVariable(environment, name)
}

type Parameter = WordPart & { readonly kind: 'parameter' }

/** The argument of `${…-…}` or `${…+…}` when it is what the parameter expands to; undefined when it is not. */
function argumentInstead(part: Parameter, expander: Expander): Word | undefined {
  const kind = part.operator?.at(-1)
  if (kind !== '-' && kind !== '+') return undefined
  const value = lookUp(part.name, expander)
  if (value === undefined) return undefined
  return isPresent(part, value, expander) === (kind === '+') ? part.argument : undefined
}

/** Whether a parameter counts as there: set, and with a colon in its operator not empty. */
function isPresent({ name, operator }: Parameter, value: string, { environment }: Expander): boolean {
  if (operator?.startsWith(':')) return value !== ''
  return (
    environment.variables.has(name) ||
    (/^[1-9]/.test(name) ? Number(name) <= environment.positional.length : /^[#?$0-]$/.test(name)) ||
    (/^[@*]$/.test(name) && environment.positional.length > 0)
  )
}

function parameterValue(part: Parameter, expander: Expander): Value {
  const value = lookUp(part.name, expander)
  const operator = part.operator
  if (operator === undefined) return value
  // Shells count bytes, or characters where they know the character set.
  if (operator === 'length') return value === undefined || !isAscii(value) ? undefined : String(value.length)
  if (operator === 'other' || value === undefined) return undefined
  if (operator === '#' || operator === '##' || operator === '%' || operator === '%%') {
    const pattern = expandToPattern(part.argument, expander)
    if (pattern === undefined || dependsOnCharacters(pattern, value)) return undefined
    return removeAffix(value, pattern, { operator, fuel: expander.fuel })
  }
  const present = isPresent(part, value, expander)
  switch (operator.at(-1)) {
    case '+':
      return present ? expandToValue(part.argument, expander) : ''
    case '=': {
      if (present) return value
      const assigned = expandToValue(part.argument, expander)
      expander.environment.variables.set(part.name, assigned)
      return assigned
    }
    case '-':
      return present ? value : expandToValue(part.argument, expander)
    default:
      return value
  }
}

/** Somebody's home (POSIX 2.6.1): of nobody that there is, the word stays as it is written. */
function homeOf(name: string, { environment, world }: Expander): Value {
  if (name === '') return environment.variables.get('HOME')
  const account = world.account(name)
  return account === undefined ? `~${name}` : account.home
}
