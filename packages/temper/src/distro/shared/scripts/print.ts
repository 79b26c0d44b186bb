import type { Shell } from './shell.ts'
import type { Status, Value } from './world.ts'

/**
 * `echo`. dash knows `-n` alone and follows backslashes always; other shells know `-e`, and follow them only then.
 */
export function echo(words: readonly Value[], shell: Shell): Status {
  const { flags, rest } = shell.dialect === 'dash' ? plainOptions(words) : options(words)
  if (rest.includes(undefined)) {
    shell.emit(undefined)
    return 0
  }
  const text = rest.join(' ')
  const newline = flags.includes('n') ? '' : '\n'
  if (!flags.includes('e')) shell.emit(text + newline)
  else shell.emit(/\\[^n\\t]/.test(text) ? undefined : followEscapes(text) + newline)
  return 0
}

interface Options {
  readonly flags: string
  readonly rest: readonly Value[]
}

function plainOptions(words: readonly Value[]): Options {
  return words[0] === '-n' ? { flags: 'ne', rest: words.slice(1) } : { flags: 'e', rest: words }
}

/** The last of -e and -E counts. */
function options(words: readonly Value[]): Options {
  const end = words.findIndex((word) => !/^-[neE]+$/.test(word ?? ''))
  const rest = end < 0 ? [] : words.slice(end)
  const flags = words.slice(0, words.length - rest.length).join('')
  const follows = flags.lastIndexOf('e') > flags.lastIndexOf('E')
  return { flags: `${flags.includes('n') ? 'n' : ''}${follows ? 'e' : ''}`, rest }
}

function followEscapes(text: string): string {
  return text.replace(/\\(n|t|\\)/g, (_, char: string) => (char === 'n' ? '\n' : char === 't' ? '\t' : '\\'))
}

/** `printf` with `%s`, `%d` and `%%` only. */
export function printf(words: readonly Value[], shell: Shell): Status {
  const [format, ...values] = words[0] === '--' ? words.slice(1) : words
  const holes = format?.match(/%.?/gs) ?? []
  const simple = holes.every((hole) => hole === '%s' || hole === '%d' || hole === '%%')
  const known = format !== undefined && simple && !words.includes(undefined)
  if (!known || (words[0] !== '--' && format.startsWith('-')) || /\\[^nt\\]/.test(format)) {
    shell.emit(undefined)
    return 0
  }
  const perRound = holes.filter((hole) => hole !== '%%').length
  const rounds = perRound === 0 ? 1 : Math.max(1, Math.ceil(values.length / perRound))
  for (let round = 0; round < rounds; round++) shell.emit(filled(followEscapes(format), values))
  return 0
}

/** One round of a format, which takes its values off the list; undefined for what is no plain number where one is due. */
function filled(format: string, values: Value[]): Value {
  let known = true
  const text = format.replace(/%(.)/g, (_, type: string) => {
    if (type === '%') return '%'
    const value = values.shift() ?? ''
    if (type === 's') return value
    if (!/^(?:|0|-?[1-9]\d{0,11})$/.test(value)) known = false
    return value || '0'
  })
  return known ? text : undefined
}
