import type { Builtin } from './shell.ts'
import type { Status, Value } from './world.ts'

/** `getopts OPTIONS NAME` (POSIX utilities, getopts); OPTIND is the next word, and a mark where it is within one. */
export const getopts: Builtin = ([options, name, ...given], shell) => {
  const { variables, positional } = shell.environment
  const words = given.length > 0 ? given : positional
  const [index = '1', within = '1'] = (variables.get('OPTIND') ?? '1').split('.')
  const word = words[Number(index) - 1]
  const set = (option: Value, next: string, argument: Value, status: Status) => {
    if (name !== undefined) variables.set(name, option)
    variables.set('OPTIND', next)
    variables.set('OPTARG', argument)
    return status
  }
  const known =
    options !== undefined && name !== undefined && !(Number(index) <= words.length && word === undefined)
  if (!known) return set(undefined, '1', undefined, undefined)
  const next = String(Number(index) + 1)
  if (word === undefined || !/^-./s.test(word)) return set('?', index, '', 1)
  if (word === '--') return set('?', next, '', 1)
  const letter = word[Number(within)] ?? ''
  const place = options.indexOf(letter, options.startsWith(':') ? 1 : 0)
  const last = Number(within) + 1 >= word.length
  const after = last ? next : `${index}.${Number(within) + 1}`
  if (place < 0 || letter === ':') return set('?', after, options.startsWith(':') ? letter : '', 0)
  if (options[place + 1] !== ':') return set(letter, after, '', 0)
  if (!last) return set(letter, next, word.slice(Number(within) + 1), 0)
  // An argument that is missing.
  if (Number(index) >= words.length) {
    const silent = options.startsWith(':')
    return set(silent ? ':' : '?', next, silent ? letter : '', 0)
  }
  return set(letter, String(Number(index) + 2), words[Number(index)], 0)
}
