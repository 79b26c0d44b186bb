import type { CommandResult, Value } from '../../scripts/world.ts'
import type { CommandCall } from '../effect.ts'

interface Wanted {
  /** As getopt(3) takes them: "o:d:vh". */
  readonly short: string
  /** Names, with ":" when they take a value and "::" when they may. */
  readonly long: readonly string[]
  readonly words: readonly string[]
}

/** `getopt` (getopt(1)): options in order, each value quoted, then the operands. */
export function getopt({ arguments: words }: CommandCall): CommandResult | undefined {
  const wanted = readWanted(words)
  if (wanted === undefined) return undefined
  const options: string[] = []
  const operands: string[] = []
  const { short, long } = wanted
  const rest = [...wanted.words]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      operands.push(...rest)
      break
    }
    if (!/^-./s.test(word)) {
      operands.push(word)
      // "+": the first operand ends the options.
      if (!short.startsWith('+')) continue
      operands.push(...rest)
      break
    }
    const parsed = word.startsWith('--') ? longOption(word, long, rest) : shortOptions(word, short, rest)
    if (parsed === undefined) return { status: 1, output: undefined }
    options.push(...parsed)
  }
  const line = [...options, '--', ...operands.map(quoted)].map((word) => ` ${word}`).join('')
  return { status: 0, output: `${line}\n` }
}

function readWanted(words: readonly Value[]): Wanted | undefined {
  if (words.includes(undefined)) return undefined
  const rest = words.filter((word) => word !== undefined)
  let short: string | undefined
  const long: string[] = []
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      const first = short ?? rest.shift()
      return first === undefined ? undefined : { short: first, long, words: rest }
    }
    const [, name = '', joined] =
      /^(-[oln]|--(?:options|long|longoptions|name))(?:=?(.+))?$/s.exec(word) ?? []
    const value = joined ?? (name === '' ? undefined : rest.shift())
    if (value === undefined) return undefined
    if (name === '-o' || name === '--options') short = value
    else if (name.startsWith('-l') || name.startsWith('--long')) long.push(...value.split(/[\s,]+/))
  }
  return undefined
}

function longOption(word: string, long: readonly string[], rest: string[]): readonly string[] | undefined {
  const [, name = '', value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? []
  const known = long.filter((each) => each.replace(/:+$/, '') === name)
  // Part of a name stands for it, unless it could be another's.
  const [spec, ...others] =
    known.length > 0 ? known.slice(0, 1) : long.filter((each) => each.startsWith(name))
  if (spec === undefined || others.length > 0) return undefined
  const option = `--${spec.replace(/:+$/, '')}`
  if (!spec.endsWith(':')) return value === undefined ? [option] : undefined
  if (spec.endsWith('::')) return [option, quoted(value ?? '')]
  const given = value ?? rest.shift()
  return given === undefined ? undefined : [option, quoted(given)]
}

function shortOptions(word: string, short: string, rest: string[]): readonly string[] | undefined {
  const parsed: string[] = []
  for (let at = 1; at < word.length; at++) {
    const char = word[at] ?? ''
    const place = short.indexOf(char)
    if (place < 0 || /[:+]/.test(char)) return undefined
    parsed.push(`-${char}`)
    if (short[place + 1] !== ':') continue
    const joined = word.slice(at + 1)
    const value = joined !== '' || short[place + 2] === ':' ? joined : rest.shift()
    if (value === undefined) return undefined
    return [...parsed, quoted(value)]
  }
  return parsed
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
