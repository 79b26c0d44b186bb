import { evaluateTest } from './condition.ts'
import { getopts } from './getopts.ts'
import { ShellSyntaxError } from './parse/cursor.ts'
import { parseScript } from './parse/parse.ts'
import { runText } from './run-text.ts'
import type { Builtin, CommandSource, Shell } from './shell.ts'
import type { Status, Value } from './world.ts'

/** `echo`, as dash has it: backslash escapes are followed when they are the simple ones. */
function echo(words: readonly Value[], shell: Shell): Status {
  const plain = [...words]
  let newline = '\n'
  while (plain[0] !== undefined && /^-[ne]+$/.test(plain[0])) if (plain.shift()?.includes('n')) newline = ''
  if (plain.includes(undefined)) shell.emit(undefined)
  else {
    const text = plain.join(' ')
    shell.emit(/\\[^n\\t]/.test(text) ? undefined : followEscapes(text) + newline)
  }
  return 0
}

function followEscapes(text: string): string {
  return text.replace(/\\(n|t|\\)/g, (_, char: string) => (char === 'n' ? '\n' : char === 't' ? '\t' : '\\'))
}

/** `printf` with `%s` and `%d` only. */
function printf(words: readonly Value[], shell: Shell): Status {
  const [format, ...values] = words
  const holes = format?.match(/%./g) ?? []
  const simple = holes.every((hole) => hole === '%s' || hole === '%d' || hole === '%%')
  if (format === undefined || !simple || words.includes(undefined) || /\\[^nt\\]/.test(format)) {
    shell.emit(undefined)
    return 0
  }
  const perRound = holes.filter((hole) => hole !== '%%').length
  const rounds = perRound === 0 ? 1 : Math.max(1, Math.ceil(values.length / perRound))
  for (let round = 0; round < rounds; round++)
    shell.emit(
      followEscapes(format).replace(/%(.)/g, (_, type: string) =>
        type === '%' ? '%' : (values.shift() ?? ''),
      ),
    )
  return 0
}

function test(words: readonly Value[], shell: Shell): Status {
  const result = evaluateTest(words, {
    world: shell.world,
    absolute: (path) => shell.absolute(path),
    user: shell.user,
  })
  return result === undefined ? undefined : result ? 0 : 1
}

function closing(bracket: string): Builtin {
  return (words, shell) => test(words.at(-1) === bracket ? words.slice(0, -1) : words, shell)
}

function assignAll(words: readonly Value[], shell: Shell): Status {
  for (const word of words) {
    const match = word === undefined ? null : /^([A-Za-z_]\w*)=(.*)$/s.exec(word)
    if (match?.[1] !== undefined) shell.environment.variables.set(match[1], match[2])
    else if (word === undefined) shell.environment.tainted = true
  }
  return 0
}

/** `local`: what its names were before the function comes back when that ends. */
function local(words: readonly Value[], shell: Shell): Status {
  const { variables, locals } = shell.environment
  for (const word of words) {
    const name = word === undefined ? undefined : /^[A-Za-z_]\w*/.exec(word)?.[0]
    if (name === undefined || locals === undefined || locals.has(name)) continue
    locals.set(name, variables.has(name) ? { value: variables.get(name) } : undefined)
  }
  return assignAll(words, shell)
}

/** `break` and `continue`, of as many loops as they say. */
function endRounds([count]: readonly Value[], shell: Shell, { next }: { readonly next: boolean }): Status {
  // Where there is no loop it means nothing.
  if (shell.loops === 0) return 0
  const loops = Math.min(shell.loops, count === undefined ? 1 : Math.max(1, number(count) ?? 1))
  shell.signal = { kind: 'loop', status: 0, next, loops }
  return 0
}

/** A path without "." and "..", as shells keep the current folder: by name, links not followed. */
function normalised(path: Value): Value {
  if (!path?.startsWith('/')) return undefined
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

function number(value: Value): Status {
  return value !== undefined && /^\d{1,3}$/.test(value) ? Number(value) : undefined
}

function lastStatus(shell: Shell): Status {
  const last = shell.environment.variables.get('?')
  return last === undefined ? undefined : Number(last)
}

/** Runs another text in the same shell. */
function source(text: string, shell: Shell, { line, text: words }: CommandSource): Status {
  return runText(text, shell, { source: { line, text: words }, run: (node) => shell.run(node) })
}

const dot: Builtin = ([path], shell, node) => {
  const absolute = shell.absolute(path)
  // debconf's functions are known to the world by name; the file itself starts a dialogue with a program.
  if (absolute === '/usr/share/debconf/confmodule') return 0
  const text = absolute === undefined ? undefined : shell.world.read(absolute)
  if (text !== undefined) return source(text, shell, node)
  shell.environment.tainted = true
  // What a file that is not there would have defined is missed where it is used.
  if (absolute !== undefined && shell.world.probe(absolute, { follow: true }) === null) return 0
  return 'external'
}

const locate: Builtin = (words, shell) => {
  const names = words.filter((word) => word === undefined || !/^-[a-zA-Z]+$/.test(word))
  let status: Status = 0
  for (const name of names) {
    if (name === undefined) return undefined
    const known = shell.environment.functions.has(name) || builtins.has(name)
    const path = known ? name : shell.world.find(name)
    if (path === undefined) status = undefined
    else if (path === null) status = 1
    shell.emit(path === undefined ? undefined : path === null ? '' : `${path}\n`)
  }
  return status
}

const command: Builtin = (words, shell, node) => {
  if (words[0] === '-v' || words[0] === '-V') return locate(words.slice(1), shell, node)
  const rest = words[0] === '-p' ? words.slice(1) : words
  return rest.length === 0 ? 0 : shell.command(node, rest)
}

/** `alias NAME=TEXT`: as a function of that name, which scripts cannot tell from it. */
const alias: Builtin = (words, shell) => {
  for (const word of words) {
    const [, name, text] = /^([\w-]{1,100})=(.*)$/s.exec(word ?? '') ?? []
    if (name === undefined || text === undefined) return 'external'
    // "alias ls='ls -l'" would call itself.
    if (text.split(/\s/).includes(name)) return 'external'
    shell.fuel.spend(text.length)
    try {
      shell.environment.functions.set(name, parseScript(`${text} "$@"`))
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error
      return 'external'
    }
  }
  return 0
}

const set: Builtin = (words, shell) => {
  const dashes = words.indexOf('--')
  if (dashes >= 0) shell.environment.positional = words.slice(dashes + 1)
  else if (words.length > 0 && words[0] !== undefined && !/^[-+]/.test(words[0]))
    shell.environment.positional = words
  return 0
}

/** `read NAME…`: the next line of what the script gives; undefined names when it gives nothing that is known. */
const read: Builtin = (words, shell) => {
  const { variables } = shell.environment
  const separators = variables.has('IFS') ? variables.get('IFS') : ' \t\n'
  const names = words.filter((word) => word !== undefined && !word.startsWith('-')) as string[]
  const raw = words.some((word) => /^-\w*r/.test(word ?? ''))
  if (shell.input === undefined || separators === undefined || (!raw && shell.input.includes('\\'))) {
    for (const name of names) variables.set(name, undefined)
    return shell.input === '' ? 1 : undefined
  }
  const end = shell.input.indexOf('\n')
  const line = end < 0 ? shell.input : shell.input.slice(0, end)
  shell.fuel.spend(line.length + 1)
  shell.input = end < 0 ? '' : shell.input.slice(end + 1)
  assignFields(names.length === 0 ? ['REPLY'] : names, line, { separators, variables })
  // A last line without its end is read, and reported as the end.
  return end < 0 ? 1 : 0
}

/** Splits a line into as many fields as there are names; the last takes the rest (POSIX 2.6.5). */
function assignFields(
  names: readonly string[],
  line: string,
  { separators, variables }: { readonly separators: string; readonly variables: Map<string, Value> },
): void {
  const blank = (char: string | undefined) =>
    char !== undefined && /\s/.test(char) && separators.includes(char)
  let at = 0
  while (blank(line[at])) at++
  names.forEach((name, index) => {
    let end = at
    const last = index === names.length - 1
    if (last) end = line.length
    else while (end < line.length && !separators.includes(line[end] as string)) end++
    let stop = end
    if (last) while (stop > at && blank(line[stop - 1])) stop--
    variables.set(name, line.slice(at, stop))
    at = end
    while (blank(line[at])) at++
    if (!last && line[at] !== undefined && separators.includes(line[at] as string) && !blank(line[at])) at++
    if (!last) while (blank(line[at])) at++
  })
}

/** `su … USER -c TEXT`: the text runs as that user. */
const su: Builtin = (words, shell, node) => {
  const at = words.findIndex((word) => word === '-c' || word === '--command')
  const text = at < 0 ? undefined : words[at + 1]
  if (text === undefined) return 'external'
  const others = words.filter(
    (_, i) => i !== at && i !== at + 1 && words[i - 1] !== '-s' && words[i - 1] !== '--shell',
  )
  const name = others.find((word) => word === undefined || !word.startsWith('-')) ?? 'root'
  const { user } = shell
  shell.user = shell.world.account(name)
  const status = source(text, shell, node)
  shell.user = user
  return status
}

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [':', () => 0],
  ['true', () => 0],
  ['false', () => 1],
  ['echo', echo],
  ['printf', printf],
  ['test', test],
  ['[', closing(']')],
  ['[[', closing(']]')],
  ['export', assignAll],
  ['readonly', assignAll],
  ['local', local],
  ['declare', assignAll],
  ['typeset', assignAll],
  ['which', locate],
  ['type', locate],
  ['hash', locate],
  ['command', command],
  ['builtin', command],
  ['.', dot],
  ['source', dot],
  ['set', set],
  ['alias', alias],
  ['unalias', () => 0],
  ['read', read],
  ['getopts', getopts],
  ['su', su],
  ['runuser', su],
  ['trap', () => 0],
  ['wait', () => 0],
  ['ulimit', () => 0],
  ['shopt', () => 0],
  ['times', () => 0],
  [
    'unset',
    (words, shell) => {
      for (const word of words)
        if (word !== undefined) {
          if (words[0] === '-f') shell.environment.functions.delete(word)
          else shell.environment.variables.delete(word)
        }
      return 0
    },
  ],
  [
    'shift',
    (words, shell) => {
      const { positional } = shell.environment
      const count = words.length === 0 ? 1 : number(words[0])
      shell.environment.positional =
        count === undefined ? positional.map(() => undefined) : positional.slice(count)
      return 0
    },
  ],
  [
    'umask',
    ([mask], shell) => {
      if (mask !== undefined && /^[0-7]{1,4}$/.test(mask)) shell.environment.umask = Number.parseInt(mask, 8)
      return 0
    },
  ],
  [
    'cd',
    ([path], shell) => {
      // Home and "-" are not known here.
      const folder = path === undefined || path.startsWith('-') ? undefined : normalised(shell.absolute(path))
      if (folder !== undefined && shell.world.probe(folder, { follow: true }) === null) return 2
      shell.environment.folder = folder
      return 0
    },
  ],
  [
    'pwd',
    (_, shell) => {
      shell.emit(shell.environment.folder === undefined ? undefined : `${shell.environment.folder}\n`)
      return 0
    },
  ],
  [
    'eval',
    (words, shell, node) => {
      if (words.includes(undefined)) return 'external'
      return source(words.join(' '), shell, node)
    },
  ],
  [
    'exec',
    (words, shell, node) => {
      if (words.length === 0) return 0
      const status = shell.command(node, words)
      shell.signal = { kind: 'exit', status: status ?? 0 }
      return status
    },
  ],
  [
    'exit',
    ([code], shell, { line }) => {
      const status = code === undefined ? lastStatus(shell) : number(code)
      shell.signal = { kind: 'exit', status, line: shell.sourceLine ?? line }
      return status
    },
  ],
  [
    'return',
    ([code], shell) => {
      const status = code === undefined ? lastStatus(shell) : number(code)
      shell.signal = { kind: 'return', status }
      return status
    },
  ],
  ['break', (words, shell) => endRounds(words, shell, { next: false })],
  ['continue', (words, shell) => endRounds(words, shell, { next: true })],
])
