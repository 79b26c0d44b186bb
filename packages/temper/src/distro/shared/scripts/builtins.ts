import { evaluateTest } from './condition.ts'
import { getopts } from './getopts.ts'
import { ShellSyntaxError } from './parse/cursor.ts'
import { parseScript } from './parse/parse.ts'
import { prefixes } from './prefixes.ts'
import { echo, printf } from './print.ts'
import { read } from './read.ts'
import { runText } from './run-text.ts'
import type { Builtin, CommandSource, Shell } from './shell.ts'
import { umask } from './umask.ts'
import type { Status, Value } from './world.ts'

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

/** `export`: scripts that are called see these variables, whether or not they are set here. */
function exportAll(words: readonly Value[], shell: Shell): Status {
  const names = words.flatMap((word) => /^[A-Za-z_]\w*/.exec(word ?? '')?.[0] ?? [])
  shell.environment.exported = new Set([...shell.environment.exported, ...names])
  return assignAll(words, shell)
}

/** `declare` and `typeset` of bash: local in functions, exported with -x. */
const declare: Builtin = (words, shell) => {
  if (words.includes('-x')) return exportAll(words, shell)
  return words.includes('-g') ? assignAll(words, shell) : local(words, shell)
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

interface Locating {
  /** Whether the shell's own commands are found first. */
  readonly own: boolean
  /** The status when there is nothing of that name. */
  readonly absent: number
  /** Whether the output is a path or name per line rather than a sentence. */
  readonly plain: boolean
}

function locate(words: readonly Value[], shell: Shell, { own, absent, plain }: Locating): Status {
  const names = words.filter((word) => word === undefined || !/^-[a-zA-Z]+$/.test(word))
  let status: Status = 0
  for (const name of names) {
    if (name === undefined) return undefined
    const known = own && (shell.environment.functions.has(name) || builtins.has(name))
    const path = known ? name : shell.world.find(name)
    if (path === undefined) status = undefined
    else if (path === null) status = absent
    shell.emit(path === null ? '' : path === undefined || !plain ? undefined : `${path}\n`)
  }
  return status
}

/** dash says 127 of names that it does not know, others say 1. */
const locateOwn = (words: readonly Value[], shell: Shell, options: { readonly plain: boolean }) =>
  locate(words, shell, { own: true, absent: shell.dialect === 'dash' ? 127 : 1, ...options })

const command: Builtin = (words, shell, node) => {
  if (words[0] === '-v' || words[0] === '-V')
    return locateOwn(words.slice(1), shell, { plain: words[0] === '-v' })
  const rest = words[0] === '-p' ? words.slice(1) : words
  return rest.length === 0 ? 0 : shell.command(node, rest, { functions: false })
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

/** `trap TEXT EXIT`: the text runs when the script or the subshell ends. What signals would do is not asked. */
function trap(words: readonly Value[], { environment }: Shell): Status {
  const [text, ...signals] = words[0] === '--' ? words.slice(1) : words
  // "trap EXIT" and "trap - EXIT" take it back.
  if (signals.length === 0 || signals.some((signal) => signal === 'EXIT' || signal === '0'))
    environment.atExit =
      signals.length === 0 || text === '-' || text === '' ? undefined : { text, certain: true }
  return 0
}

/** `runuser -u USER [--] COMMAND`: the command runs as that user. */
const asUser: Builtin = (words, shell, node) => {
  const [option, name, ...rest] = words
  const command = rest[0] === '--' ? rest.slice(1) : rest
  if (option !== '-u' || name === undefined || command.length === 0) return 'external'
  const { user } = shell
  shell.user = shell.world.account(name)
  const status = shell.command(node, command, { functions: false })
  shell.user = user
  return status
}

/** `su … USER -c TEXT`: the text runs as that user. */
const su: Builtin = (words, shell, node) => {
  const at = words.findIndex((word) => word === '-c' || word === '--command')
  const text = at < 0 ? undefined : words[at + 1]
  if (text === undefined) return asUser(words, shell, node)
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
  ['export', exportAll],
  ['readonly', assignAll],
  ['local', local],
  ['declare', declare],
  ['typeset', declare],
  // A program, which knows nothing of what the shell has itself.
  ['which', (words, shell) => locate(words, shell, { own: false, absent: 1, plain: true })],
  ['type', (words, shell) => locateOwn(words, shell, { plain: false })],
  ['hash', (words, shell) => locate(words, shell, { own: true, absent: 1, plain: false })],
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
  ['trap', trap],
  ['wait', () => 0],
  ['ulimit', () => 0],
  ['shopt', () => 0],
  ...prefixes,
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
  ['umask', umask],
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
