import { posix } from 'node:path'
import type { EffectNode } from '../../../model/root.ts'
import { canonicalPath, lookUp } from '../../../model/tree/look-up.ts'
import type { CommandResult, Value } from '../scripts/world.ts'
import { type CommandLine, readOptions } from './command-line.ts'
import type { CommandModel, EffectContext } from './effect.ts'
import type { Stage } from './stage.ts'

const refused: CommandResult = { status: 1, output: '' }

/** Commands of coreutils that query paths, as far as the answer is known. */
export function pathReaders(context: EffectContext): Readonly<Record<string, CommandModel>> {
  const { stage } = context
  return {
    basename: ({ arguments: words }) => basename(words),
    dirname: ({ arguments: words }) => dirname(words),
    readlink: ({ arguments: words }) => readlink(words, stage),
    realpath: ({ arguments: words }) => realpath(words, stage),
    stat: ({ arguments: words }) => stat(words, context),
  }
}

/** Options and operands, or undefined when a word is not known or an option is none of these. */
function understood(
  words: readonly Value[],
  { flags: allowed, valued = [] }: { readonly flags: readonly string[]; readonly valued?: readonly string[] },
): (Omit<CommandLine, 'operands'> & { readonly operands: readonly string[] }) | undefined {
  const { flags, values, operands } = readOptions(words, { valued })
  const known = operands.filter((word) => word !== undefined)
  if (words.includes(undefined) || known.length === 0) return undefined
  if ([...flags].some((flag) => !allowed.includes(flag))) return undefined
  if ([...values.keys()].some((name) => !valued.includes(name))) return undefined
  return { flags, values, operands: known }
}

/** A line for each operand; what one of them is not there for is left out and told in the status. */
function lines(answers: readonly (string | undefined)[]): CommandResult {
  const known = answers.filter((line) => line !== undefined)
  return {
    status: known.length === answers.length ? 0 : 1,
    output: known.map((line) => `${line}\n`).join(''),
  }
}

function basename(words: readonly Value[]): CommandResult | undefined {
  const line = understood(words, { flags: ['-a', '--multiple'], valued: ['-s', '--suffix'] })
  if (line === undefined) return undefined
  const { flags, values, operands } = line
  const several = values.size > 0 || flags.size > 0
  if (!several && operands.length > 2) return refused
  const suffix = several ? ([...values.values()][0] ?? '') : (operands[1] ?? '')
  return lines((several ? operands : operands.slice(0, 1)).map((path) => baseOf(path, suffix)))
}

function baseOf(path: string, suffix: string): string {
  const name = path.replace(/(?<=.)\/+$/s, '').replace(/^.*\/(?=.)/s, '')
  return name !== suffix && suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name
}

function dirname(words: readonly Value[]): CommandResult | undefined {
  const line = understood(words, { flags: [] })
  return line && lines(line.operands.map(folderOf))
}

function folderOf(path: string): string {
  const whole = path.replace(/\/+$/, '')
  if (whole === '') return path === '' ? '.' : '/'
  const end = whole.lastIndexOf('/')
  return end < 0 ? '.' : whole.slice(0, end).replace(/\/+$/, '') || '/'
}

function readlink(words: readonly Value[], stage: Stage): CommandResult | undefined {
  const line = understood(words, {
    flags: [
      '-n',
      '--no-newline',
      '-q',
      '-s',
      '-v',
      '-f',
      '--canonicalize',
      '-e',
      '--canonicalize-existing',
      '-m',
      '--canonicalize-missing',
    ],
  })
  if (line === undefined) return undefined
  const { flags, operands } = line
  const must = mustExist(flags)
  const targets = operands.map((path) =>
    must === undefined ? targetOf(path, stage) : realOf(path, must, stage),
  )
  const result = lines(targets)
  const joined = (flags.has('-n') || flags.has('--no-newline')) && operands.length === 1
  return joined ? { ...result, output: result.output?.replace(/\n$/, '') } : result
}

/** Without a look at links. */
const lexical: readonly string[] = ['-s', '--strip', '--no-symlinks']

function realpath(words: readonly Value[], stage: Stage): CommandResult | undefined {
  const line = understood(words, {
    flags: [
      '-q',
      '--quiet',
      '-e',
      '--canonicalize-existing',
      '-m',
      '--canonicalize-missing',
      '-P',
      '--physical',
      ...lexical,
    ],
  })
  if (line === undefined) return undefined
  if (lexical.some((flag) => line.flags.has(flag))) {
    // Links are not followed: then only one that may be missing follows from its name alone.
    const isPlain = mustExist(line.flags) === 'nothing' && line.operands.every((path) => path.startsWith('/'))
    return isPlain
      ? lines(line.operands.map((path) => posix.normalize(path).replace(/(?<=.)\/+$/, '')))
      : undefined
  }
  return lines(line.operands.map((path) => realOf(path, mustExist(line.flags) ?? 'folders', stage)))
}

/** What of a path has to be there for it to have a real one. */
type MustExist = 'all' | 'folders' | 'nothing'

function mustExist(flags: ReadonlySet<string>): MustExist | undefined {
  if (flags.has('-m') || flags.has('--canonicalize-missing')) return 'nothing'
  if (flags.has('-e') || flags.has('--canonicalize-existing')) return 'all'
  return flags.has('-f') || flags.has('--canonicalize') ? 'folders' : undefined
}

function targetOf(path: string, stage: Stage): string | undefined {
  const node = path.endsWith('/') ? undefined : stage.get(stage.canonical(path))
  return node?.type === 'symlink' ? (node.target ?? '') : undefined
}

function realOf(path: string, must: MustExist, stage: Stage): string | undefined {
  if (path === '') return undefined
  const end = lookUp(stage, path)
  if (end.outcome === 'found') return `/${end.path}`
  if (must === 'nothing') return `/${canonicalPath(stage, path, { followLast: true })}`
  // The last part may be missing, with or without a slash behind it.
  const isLast = end.outcome === 'missing' && end.rest.every((part) => part === '')
  return must === 'folders' && isLast ? `/${end.path}` : undefined
}

function stat(words: readonly Value[], context: EffectContext): CommandResult | undefined {
  const { stage } = context
  const line = understood(words, { flags: ['-L', '--dereference'], valued: ['-c', '--format'] })
  const format = line?.values.get('-c') ?? line?.values.get('--format')
  if (line === undefined || format === undefined) return undefined
  const entries = line.operands.map((path) => {
    const follow = line.flags.size > 0 || path.endsWith('/')
    const node = follow ? stage.resolve(path) : stage.get(stage.canonical(path))
    return node && { node, path }
  })
  const texts = entries.map((each) => each && formatted(format, each, context))
  // null: something in the format is not known.
  return texts.includes(null) ? undefined : lines(texts.map((text) => text ?? undefined))
}

function formatted(
  format: string,
  { node, path }: { readonly node: EffectNode; readonly path: string },
  { stage, accounts }: EffectContext,
): string | null {
  const values: Readonly<Record<string, () => string | undefined>> = {
    a: () => node.mode.toString(8),
    u: () => String(node.uid),
    g: () => String(node.gid),
    U: () => accounts.findUser(String(node.uid))?.name ?? 'UNKNOWN',
    G: () => accounts.findGroup(String(node.gid))?.name ?? 'UNKNOWN',
    n: () => path,
    s: () => (node.type === 'file' && !stage.isForgotten(node.path) ? String(node.size) : undefined),
    '%': () => '%',
  }
  let known = true
  const text = format.replace(/%(.?)/gs, (_, letter: string) => {
    const value = Object.hasOwn(values, letter) ? values[letter]?.() : undefined
    if (value === undefined) known = false
    return value ?? ''
  })
  return known ? text : null
}
