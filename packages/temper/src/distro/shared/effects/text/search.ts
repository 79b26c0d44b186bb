import { matchesPattern } from '../../scripts/words/pattern.ts'
import type { CommandResult, Value } from '../../scripts/world.ts'
import type { CommandCall, EffectContext } from '../effect.ts'
import type { FilterWorld } from './input.ts'

const no: CommandResult = { status: 1, output: '' }
/** Most files that a search may look at. */
const mostFiles = 20_000

interface Place {
  /** The path as find prints it, which begins with the given start. */
  readonly shown: string
  /** In the tree. */
  readonly path: string
  readonly depth: number
}

type Test = (place: Place) => boolean

interface Search {
  readonly tests: readonly Test[]
  readonly least: number
  readonly most: number
  /** What is done with every result: a command, or the character that ends each name. */
  readonly commands: readonly (readonly string[])[]
  readonly end: string
  readonly prints: boolean
  /** Links are followed (`-follow`). */
  readonly follows: boolean
}

/**
 * `find` (find(1)) over the tree, with -type, -name, -user and their like, -print, -print0 and -exec. The commands of
 * -exec are followed as a script.
 */
export function find(call: CommandCall, world: FilterWorld): CommandResult | undefined {
  const { stage } = world.context
  const options = call.arguments.findIndex((word) => !/^-[HLP]$/.test(word ?? ''))
  const words = options < 0 ? [] : call.arguments.slice(options)
  const followed = call.arguments[options - 1]
  const count = words.findIndex((word) => word === undefined || /^[-!(]/.test(word))
  const starts = count < 0 ? words : words.slice(0, count)
  if (words.includes(undefined) || starts.length === 0) return undefined
  const present = starts.filter(
    (start): start is string => start !== undefined && stage.get(stage.canonical(start)) !== undefined,
  )
  // A search below a folder that is not there finds nothing.
  if (present.length === 0) return no
  const search = readSearch(words.slice(starts.length) as readonly string[], world)
  if (search === undefined) return undefined
  const matched: Place[] = []
  for (const start of present) {
    const all = followed === '-L' || search.follows
    const followsStart = all || followed === '-H'
    const places = placesBelow(start, { ...search, follows: all, followsStart }, world)
    if (places === undefined) return undefined
    matched.push(...places)
  }
  const status = present.length === starts.length ? 0 : 1
  if (matched.length === 0) return { status, output: '' }
  if (search.commands.length === 0)
    return { status, output: matched.map(({ shown }) => `${shown}${search.end}`).join('') }
  if (search.prints) return undefined
  const lines = search.commands.flatMap((command) =>
    linesFor(
      command,
      matched.map(({ shown }) => shown),
    ),
  )
  return { status: undefined, output: undefined, follow: scriptOf(lines) }
}

/** Most commands that xargs may run one after the other. */
const mostRounds = 200

/** `xargs [-0] [-r] [-n 1] [-I {}] COMMAND` (xargs(1)) with input that is known. */
export function xargs(call: CommandCall): CommandResult | undefined {
  const words = [...call.arguments]
  let zero = false
  let each = false
  let replaced: string | undefined
  for (; words[0] === undefined || words[0].startsWith('-'); words.shift()) {
    const [word] = words
    const inserted = /^-I(.+)$|^-i$/.exec(word ?? '')
    if (word === '-0' || word === '--null') zero = true
    else if (word === '-n1' || word === '-L1' || (/^-[nL]$/.test(word ?? '') && words[1] === '1')) {
      each = true
      if (word?.length === 2) words.shift()
    } else if (inserted) replaced = inserted[1] ?? '{}'
    else if (word === '-I') {
      replaced = words[1]
      if (replaced === undefined) return undefined
      words.shift()
    } else if (word !== '-r' && word !== '--no-run-if-empty' && word !== '-t') return undefined
  }
  const { input } = call
  if (input === '') return { status: 0, output: '' }
  if (input === undefined || words.includes(undefined) || words.length === 0) return undefined
  if (!zero && /['"\\]/.test(input)) return undefined
  const names = zero ? input.split('\0') : input.split(replaced === undefined ? /\s+/ : /\n\s*/)
  if (replaced !== undefined || each) {
    const all = names.filter((name) => name !== '')
    if (all.length > mostRounds) return undefined
    const command = words as string[]
    const lines = all.map((name) =>
      (replaced === undefined
        ? [...command, name]
        : command.map((word) => word.replaceAll(replaced ?? '{}', () => name.trimStart()))
      )
        .map(quoted)
        .join(' '),
    )
    return { status: undefined, output: undefined, follow: scriptOf(lines) }
  }
  const line = [...(words as string[]), ...names.filter((name) => name !== '')].map(quoted).join(' ')
  return { status: undefined, output: undefined, follow: scriptOf([line]) }
}

function scriptOf(lines: readonly string[]): string {
  return `#!/bin/sh\n${lines.join('\n')}\n`
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** `{} +` gets all names at once, `{} ;` one after the other. */
function linesFor(command: readonly string[], names: readonly string[]): readonly string[] {
  const words = command.slice(0, -1)
  if (command.at(-1) === '+')
    return [
      words
        .flatMap((word) => (word === '{}' ? names : [word]))
        .map(quoted)
        .join(' '),
    ]
  return names.map((name) => words.map((word) => quoted(word.replaceAll('{}', name))).join(' '))
}

function placesBelow(
  start: string,
  search: Search & { readonly followsStart: boolean },
  { context, fuel }: FilterWorld,
): readonly Place[] | undefined {
  const { stage } = context
  // A link that is named is not followed, unless a slash is behind it.
  const isFollowed = search.followsStart || start.endsWith('/')
  const path = (isFollowed ? stage.realPath(start) : undefined) ?? stage.canonical(start)
  const queue: Place[] = [{ shown: start, path, depth: 0 }]
  const places: Place[] = []
  for (let at = 0; at < queue.length; at++) {
    const place = queue[at] as Place
    fuel.spend(1 + search.tests.length)
    if (queue.length > mostFiles) return undefined
    // What is behind links would be looked at, too.
    if (search.follows && stage.get(place.path)?.type === 'symlink') return undefined
    if (place.depth >= search.least && search.tests.every((test) => test(place))) places.push(place)
    if (place.depth >= search.most || stage.get(place.path)?.type !== 'directory') continue
    for (const name of stage.list(place.path))
      queue.push({
        shown: `${place.shown.replace(/\/$/, '')}/${name}`,
        path: `${place.path === '' ? '' : `${place.path}/`}${name}`,
        depth: place.depth + 1,
      })
  }
  return places
}

function readSearch(words: readonly string[], world: FilterWorld): Search | undefined {
  let tests: Test[] = []
  const branches: { readonly tests: readonly Test[]; readonly prints: boolean }[] = []
  let prints = false
  const commands: (readonly string[])[] = []
  const limits = { least: 0, most: Number.POSITIVE_INFINITY, end: '\n', prints: false, follows: false }
  for (let at = 0; at < words.length; at++) {
    const negated = words[at] === '!' || words[at] === '-not'
    if (negated) at++
    const word = words[at]
    const value = words[at + 1] ?? ''
    if ((word === '-o' || word === '-or') && !negated && commands.length === 0) {
      branches.push({ tests, prints })
      tests = []
      prints = false
    } else if (word === '-exec') {
      const end = words.findIndex((each, i) => i > at && (each === ';' || each === '+'))
      if (end < 0 || negated) return undefined
      commands.push(words.slice(at + 1, end + 1))
      at = end
    } else if (word === '-delete') {
      if (negated) return undefined
      commands.push(['rm', '-rf', '{}', ';'])
    } else if (word === '-empty') {
      const { stage } = world.context
      tests.push((place) => isEmpty(place, stage) !== negated)
    } else if (word === '-follow' || word === '-xdev' || word === '-mount' || word === '-depth') {
      // The tree has one file system, and what links lead to is elsewhere in it.
      if (negated) return undefined
      if (word === '-follow') limits.follows = true
    } else if (word === '-print' || word === '-print0') {
      limits.prints = true
      prints = true
      limits.end = word === '-print0' ? '\0' : '\n'
    } else if (word === '-maxdepth' || word === '-mindepth') {
      if (!/^\d{1,3}$/.test(value)) return undefined
      if (word === '-maxdepth') limits.most = Number(value)
      else limits.least = Number(value)
      at++
    } else {
      const test = testOf(word ?? '', value, world)
      // Tests behind a command would only hold for what comes after it.
      if (test === undefined || commands.length > 0 || prints) return undefined
      tests.push((place) => test(place) !== negated)
      at++
    }
  }
  if (branches.length === 0) return { tests, commands, ...limits }
  // A command would only be for what the last of them finds.
  if (commands.length > 0) return undefined
  branches.push({ tests, prints })
  // Where one of them prints, the others print nothing, though what they find is not asked of those behind them.
  const any: Test = (place) => {
    const first = branches.find((branch) => branch.tests.every((test) => test(place)))
    return first !== undefined && (first.prints || !limits.prints)
  }
  return { tests: [any], commands, ...limits }
}

function isEmpty({ path }: Place, stage: EffectContext['stage']): boolean {
  const node = stage.get(path)
  return node?.type === 'directory' ? stage.list(path).length === 0 : node?.type === 'file' && node.size === 0
}

const types: Readonly<Record<string, string>> = { f: 'file', d: 'directory', l: 'symlink' }

function testOf(word: string, value: string, { context, fuel }: FilterWorld): Test | undefined {
  const { stage, accounts }: EffectContext = context
  const node = ({ path }: Place) => stage.get(path)
  if (word === '-type' && Object.hasOwn(types, value)) return (place) => node(place)?.type === types[value]
  if (word === '-name') return ({ shown }) => matchesPattern(value, shown.replace(/^.*\//s, ''), fuel)
  if (word === '-iname')
    return ({ shown }) => matchesPattern(value.toLowerCase(), shown.replace(/^.*\//s, '').toLowerCase(), fuel)
  if (word === '-path' || word === '-wholename') return ({ shown }) => matchesPattern(value, shown, fuel)
  if (word === '-uid' && /^\d{1,9}$/.test(value)) return (place) => node(place)?.uid === Number(value)
  if (word === '-gid' && /^\d{1,9}$/.test(value)) return (place) => node(place)?.gid === Number(value)
  const uid: Value | number = /^\d+$/.test(value) ? Number(value) : accounts.findUser(value)?.uid
  if (word === '-user') return (place) => uid !== undefined && node(place)?.uid === uid
  const gid: Value | number = /^\d+$/.test(value) ? Number(value) : accounts.findGroup(value)?.gid
  return word === '-group' ? (place) => gid !== undefined && node(place)?.gid === gid : undefined
}
