import type { Value } from '../scripts/world.ts'

export interface CommandLine {
  /** Options without values; clusters (`-sf`) are taken apart. */
  readonly flags: ReadonlySet<string>
  /** Options with values; undefined when the value is not known. */
  readonly values: ReadonlyMap<string, Value>
  readonly operands: readonly Value[]
}

/**
 * Takes options and operands apart (POSIX utility syntax guidelines, with long options). `valued` names
 * the options that take a value; `modes`: a word such as `-x` or `-w` may be a mode of chmod.
 */
export function readOptions(
  words: readonly Value[],
  options: { readonly valued?: readonly string[]; readonly modes?: boolean },
): CommandLine {
  const valued = new Set(options.valued ?? [])
  const flags = new Set<string>()
  const values = new Map<string, Value>()
  const operands: Value[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]
    if (word === '--') {
      operands.push(...words.slice(i + 1))
      break
    }
    if (word === undefined || !word.startsWith('-') || word === '-' || isModeWord(word, options)) {
      operands.push(word)
    } else if (word.startsWith('--')) {
      const [name = '', value] = word.split(/=(.*)/s)
      if (value !== undefined) values.set(name, value)
      else if (valued.has(name)) values.set(name, words[++i])
      else flags.add(name)
    } else {
      for (let at = 1; at < word.length; at++) {
        const flag = `-${word[at]}`
        if (!valued.has(flag)) {
          flags.add(flag)
          continue
        }
        const rest = word.slice(at + 1)
        values.set(flag, rest === '' ? words[++i] : rest)
        break
      }
    }
  }
  return { flags, values, operands }
}

function isModeWord(word: string, options: { readonly modes?: boolean }): boolean {
  return options.modes === true && /^-[rwxXst]+$/.test(word)
}

/**
 * Reads a mode of chmod(1), octal or symbolic, as applied to `before`; undefined when it is neither. The mask holds for
 * what a symbolic mode says of nobody in particular.
 */
export function parseMode(
  text: Value,
  before: number,
  { umask = 0 }: { readonly umask?: number } = {},
): number | undefined {
  if (text === undefined) return undefined
  if (/^[0-7]{1,5}$/.test(text)) {
    const bits = Number.parseInt(text, 8)
    return bits <= 0o7777 ? bits : undefined
  }
  let mode = before
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause)
    if (!match) return undefined
    const [, who = '', operator = '', permissions = ''] = match
    const masked = who === '' ? umask : 0
    mode = applyClause(mode, { who: who === '' ? 'a' : who, operator, permissions, masked })
  }
  return mode
}

function applyClause(
  mode: number,
  clause: {
    readonly who: string
    readonly operator: string
    readonly permissions: string
    /** Bits that stay as they are. */
    readonly masked: number
  },
): number {
  const { who, operator, permissions, masked } = clause
  const everyone = who.includes('a')
  let bits = 0
  let mask = 0
  for (const [letter, shift, special] of [
    ['u', 6, 0o4000],
    ['g', 3, 0o2000],
    ['o', 0, 0],
  ] as const) {
    if (!everyone && !who.includes(letter)) continue
    mask |= 0o7 << shift
    if (permissions.includes('r')) bits |= 4 << shift
    if (permissions.includes('w')) bits |= 2 << shift
    if (permissions.includes('x') || (permissions.includes('X') && (mode & 0o111) !== 0)) bits |= 1 << shift
    if (permissions.includes('s')) bits |= special
  }
  if (permissions.includes('t')) bits |= 0o1000
  bits &= ~masked
  if (operator === '+') return mode | bits
  return operator === '-' ? mode & ~bits : (mode & ~mask) | bits
}
