import { Fuel, OutOfFuel } from '../scripts/fuel.ts'
import type { CommandResult } from '../scripts/world.ts'
import { readOptions } from './command-line.ts'
import type { CommandCall, CommandModel, EffectContext } from './effect.ts'
import { pathReaders } from './path-readers.ts'
import { date } from './text/date.ts'
import { filters } from './text/filters.ts'

const ok = (output: string): CommandResult => ({ status: 0, output })
const no: CommandResult = { status: 1, output: '' }

/** Commands that only answer queries, as far as the answer is known. */
export function readers(context: EffectContext): Readonly<Record<string, CommandModel>> {
  return {
    ...pathReaders(context),
    ...bounded(context),
    cat: (call) => cat(call, context),
    getent: ({ arguments: [kind, name] }) => getent(kind, name, context),
    id: ({ arguments: words }) => identify(words, context),
    ls: (call) => listFiles(call, context),
    diff: (call) => compareFiles(call, context),
    cmp: (call) => compareFiles(call, context),
    ...hostNames,
    date: (call) => date(call),
    // Nothing runs yet.
    pidof: () => no,
    pgrep: () => no,
  }
}

/** The machine that an image is made on has no name in it, and the one that it will run on has none yet. */
const hostNames: Readonly<Record<string, CommandModel>> = {
  hostname: ({ arguments: words }) => {
    if (words.some((word) => !word?.startsWith('-'))) return undefined
    const short =
      words.length === 0 || words.every((word) => /^-(?:f|s|a|-fqdn|-long|-short)$/.test(word ?? ''))
    return ok(short ? 'localhost\n' : '\n')
  },
  dnsdomainname: () => ok(''),
  domainname: () => ok('(none)\n'),
}

/** `ls` (ls(1)) without options that say more of each file. */
function listFiles({ arguments: words }: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const { flags, operands } = readOptions(words, {})
  if (operands.length === 0 || operands.includes(undefined)) return undefined
  const [named, folders]: [string[], string[]] = [[], []]
  let status = 0
  for (const path of [...operands].sort()) {
    const node = path === undefined ? undefined : (stage.resolve(path) ?? stage.get(stage.canonical(path)))
    if (path === undefined || node === undefined) status = 2
    else if (node.type === 'directory' && !flags.has('-d')) folders.push(path)
    else named.push(path)
  }
  if ([...flags].some((flag) => !/^-[1aAd]$/.test(flag)) || folders.length + Math.min(named.length, 1) > 1)
    return { status, output: folders.length + named.length === 0 ? '' : undefined }
  const hidden = flags.has('-a') ? ['.', '..'] : []
  const all = flags.has('-a') || flags.has('-A')
  const listed = folders.flatMap((folder) => [
    ...hidden,
    ...stage.list(stage.realPath(folder) ?? folder).filter((name) => all || !name.startsWith('.')),
  ])
  return { status, output: [...named, ...listed].map((name) => `${name}\n`).join('') }
}

/** Whether two files are the same; what differs is only known when it does not matter. */
function compareFiles(
  { words: [name], arguments: words }: CommandCall,
  { stage }: EffectContext,
): CommandResult | undefined {
  const { flags, operands } = readOptions(words, {})
  const [a, b] = operands
  if (a === undefined || b === undefined || operands.length !== 2) return undefined
  if (stage.resolve(a) === undefined || stage.resolve(b) === undefined) return { status: 2, output: '' }
  const [first, second] = [stage.content(a), stage.content(b)]
  if (first === undefined || second === undefined) return undefined
  const same = Buffer.compare(first, second) === 0
  const silent = flags.has('--quiet') || flags.has('--silent') || (name === 'cmp' && flags.has('-s'))
  if (same && name === 'diff' && (flags.has('-s') || flags.has('--report-identical-files')))
    return ok(`Files ${a} and ${b} are identical\n`)
  if (same || silent) return { status: same ? 0 : 1, output: '' }
  const brief = name === 'diff' && (flags.has('-q') || flags.has('--brief'))
  return { status: 1, output: brief ? `Files ${a} and ${b} differ\n` : undefined }
}

/** Text that scripts of one image may have worked on: some hundred times what real ones need. */
const filterFuel = 20_000_000

/** Filters share what they may spend; after that nothing is known of what they print. */
function bounded(context: EffectContext): Readonly<Record<string, CommandModel>> {
  const models = filters({ context, fuel: new Fuel(filterFuel) })
  return Object.fromEntries(
    Object.entries(models).map(([name, model]): [string, CommandModel] => [
      name,
      (call) => orUnknown(model, call),
    ]),
  )
}

function orUnknown(model: CommandModel, call: CommandCall): CommandResult | undefined {
  try {
    return model(call)
  } catch (error) {
    // A pattern that asks for too much, or groups within groups that repeat for very long.
    if (error instanceof OutOfFuel || error instanceof RangeError) return undefined
    throw error
  }
}

function cat({ arguments: words, input }: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const { flags, operands } = readOptions(words, {})
  if (flags.size > 0 && ![...flags].every((flag) => flag === '-u')) return undefined
  // What is left of the input is read once.
  let left = input
  const texts = (operands.length === 0 ? ['-'] : operands).map((file) => {
    if (file !== '-') return file === undefined ? undefined : file === '/dev/null' ? '' : stage.text(file)
    const text = left
    left = ''
    return text
  })
  if (operands.length === 0) return { status: 0, output: input }
  return texts.includes(undefined) ? undefined : ok(texts.join(''))
}

function getent(
  kind: string | undefined,
  name: string | undefined,
  { accounts }: EffectContext,
): CommandResult | undefined {
  if (name === undefined) return undefined
  // The machine has no name that others know, and there is no network.
  if (/^(?:hosts|ahosts|ahostsv[46]|networks)$/.test(kind ?? '') && name !== 'localhost')
    return { status: 2, output: '' }
  if (kind === 'passwd') {
    const user = accounts.knowsUser(name)
    return user
      ? ok(`${user.name}:x:${user.uid}:${user.gid}:${user.comment}:${user.home}:/usr/sbin/nologin\n`)
      : { status: 2, output: '' }
  }
  if (kind !== 'group') return undefined
  const group = accounts.knowsGroup(name)
  return group ? ok(`${group.name}:x:${group.gid}:${group.members.join(',')}\n`) : { status: 2, output: '' }
}

function identify(words: CommandCall['arguments'], { accounts }: EffectContext): CommandResult | undefined {
  if (words.includes(undefined)) return undefined
  const flags = words
    .filter((word) => word?.startsWith('-'))
    .join('')
    .replace(/-/g, '')
  const name = words.find((word) => !word?.startsWith('-')) ?? 'root'
  const user = accounts.knowsUser(name)
  if (!user) return no
  switch ([...flags].sort().join('')) {
    case 'u':
      return ok(`${user.uid}\n`)
    case 'g':
      return ok(`${user.gid}\n`)
    case 'nu':
      return ok(`${user.name}\n`)
    case 'Gn':
      return ok(`${accounts.groupsOf(user).join(' ')}\n`)
    default:
      return { status: 0, output: undefined }
  }
}
