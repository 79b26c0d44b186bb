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
