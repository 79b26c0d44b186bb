import type { EffectNode } from '../../../../model/root.ts'
import type { CommandResult, Value } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall, EffectContext } from '../effect.ts'
import { parseMode } from '../file-mode.ts'
import type { Stage } from '../stage.ts'
import { below } from './below.ts'
import { ended, isBlocked, known, type Placing, placings } from './file-command.ts'
import { ownerIds } from './owner-ids.ts'

const targetOptions = ['-t', '--target-directory']

/** Whether copies were made: `failed` is what the program would say no to, `unknown` what is not known. */
type Copied = 'done' | 'failed' | 'unknown'

/** How `cp` was asked to copy. */
interface Manner {
  readonly recursive: boolean
  /** Whether links are copied as links. */
  readonly asLinks: boolean
  /** Whether to keep modes and owners. */
  readonly preserve: boolean
  /** Whether to remove an existing target first. */
  readonly replace: boolean
  readonly umask: number
}

const copyFlags: ReadonlySet<string> = new Set([
  '-r',
  '-R',
  '-a',
  '-d',
  '-P',
  '-L',
  '-H',
  '-p',
  '-f',
  '-v',
  '-n',
  '-T',
  '-u',
  '-x',
  '-Z',
  '--context',
  '--update',
  '--one-file-system',
  '--recursive',
  '--archive',
  '--no-dereference',
  '--dereference',
  '--force',
  '--verbose',
  '--no-clobber',
  '--no-target-directory',
  '--preserve',
  '--remove-destination',
])

/** `cp` (cp(1)), if all contents are available. */
export function copy(call: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const { flags, values, operands } = readOptions(call.arguments, { valued: targetOptions })
  const has = (...names: readonly string[]) => names.some((name) => flags.has(name))
  if (
    [...flags].some((flag) => !copyFlags.has(flag)) ||
    !onlyValues(values, /^-t$|^--(?:target-directory|preserve)$/)
  )
    return undefined
  const archive = has('-a', '--archive')
  const recursive = archive || has('-r', '-R', '--recursive')
  const manner: Manner = {
    recursive,
    asLinks: (recursive || has('-d', '-P', '--no-dereference')) && !has('-L', '-H', '--dereference'),
    preserve: archive || has('-p', '--preserve') || values.has('--preserve'),
    replace: has('--remove-destination'),
    umask: call.umask,
  }
  if (!known(operands)) return undefined
  const plain = has('-T', '--no-target-directory')
  const isFolder = (path: string) => !plain && stage.resolve(path)?.type === 'directory'
  const placements = placings(operands, { into: intoOf(values), isFolder })
  const wanted = placements?.filter(({ to }) => !has('-n', '--no-clobber') || !stage.get(stage.canonical(to)))
  if (wanted?.length === 0) return ended({ failed: false })
  if (!call.certain || wanted === undefined) return undefined
  // Which of two files is newer says nothing here: only what is not there yet is copied for sure.
  if (has('-u', '--update') && wanted.some(({ to }) => stage.get(stage.canonical(to)))) return undefined
  return eachOnce(wanted, (placing) => copyOne(stage, placing, manner))
}

function intoOf(values: ReadonlyMap<string, Value>): Value {
  return values.get('-t') ?? values.get('--target-directory')
}

function onlyValues(values: ReadonlyMap<string, Value>, fits: RegExp): boolean {
  return [...values].every(([name, value]) => value !== undefined && fits.test(name))
}

/** Does each placing; two that go to one place are a mistake. Undefined as soon as one is not known. */
function eachOnce(
  wanted: readonly Placing[],
  place: (placing: Placing) => Copied,
): CommandResult | undefined {
  const made = new Set<string>()
  let failed = false
  for (const placing of wanted) {
    const result = made.has(placing.to) ? 'failed' : place(placing)
    if (result === 'unknown') return undefined
    if (result === 'failed') failed = true
    else made.add(placing.to)
  }
  return ended({ failed })
}

function copyOne(stage: Stage, { from, to }: Placing, manner: Manner): Copied {
  const asLink = manner.asLinks && !from.endsWith('/')
  const source = asLink ? stage.get(stage.canonical(from)) : stage.resolve(from)
  if (isBlocked(stage, to)) return 'failed'
  if (source === undefined)
    return from === '/dev/null' ? writeFile(stage, { path: to, source: devNull }, manner) : 'failed'
  if (source.type !== 'directory') return copyNode(stage, { path: to, source }, manner)
  return manner.recursive ? copyTree(stage, { path: to, source }, manner) : 'failed'
}

/** Something to copy and where to. */
interface Copy {
  readonly path: string
  readonly source: Pick<EffectNode, 'type' | 'path' | 'mode' | 'uid' | 'gid' | 'target'>
}

const devNull = { type: 'file', path: '', mode: 0o666, uid: 0, gid: 0 } as const

function copyNode(stage: Stage, copied: Copy, manner: Manner): Copied {
  const { path, source } = copied
  const { type, target } = source
  if (type === 'file') return writeFile(stage, copied, manner)
  if (type !== 'symlink' || target === undefined) return 'unknown'
  if (stage.get(stage.canonical(path))?.type === 'directory' || path.endsWith('/')) return 'failed'
  stage.put({ path, type, mode: 0o777, target })
  return 'done'
}

/** A file is written where one is, through links, and has a mode of its own only when it is new. */
function writeFile(stage: Stage, { path, source }: Copy, manner: Manner): Copied {
  const content = source.path === '' ? new Uint8Array() : stage.content(source.path)
  if (content === undefined) return 'unknown'
  const link = stage.get(stage.canonical(path))
  const present = manner.replace ? link : stage.resolve(path)
  if (present?.path === source.path || present?.type === 'directory' || path.endsWith('/')) return 'failed'
  if (link?.type === 'symlink' && !manner.replace) {
    if (manner.asLinks) return 'unknown'
    if (present === undefined) return 'failed'
  }
  const at = present?.path ?? stage.canonical(path)
  const before = manner.replace ? undefined : present
  const { uid, gid, mode } = manner.preserve
    ? source
    : { ...stage.owner, mode: source.mode & 0o777 & ~manner.umask, ...before }
  stage.put({ path: at, type: 'file', mode, uid, gid, content })
  return 'done'
}

/** Copies a folder with all below it; links stay links. Changes nothing unless all of it can be copied. */
function copyTree(stage: Stage, { path, source }: Copy, manner: Manner): Copied {
  const all = below(source.path, stage).flatMap((at) => stage.get(at) ?? [])
  const isKnown = (node: EffectNode) =>
    node.type === 'directory' ||
    node.type === 'symlink' ||
    (node.type === 'file' && stage.content(node.path) !== undefined)
  const target = stage.realPath(path) ?? stage.canonical(path)
  if (!all.every(isKnown) || target === source.path || target.startsWith(`${source.path}/`)) return 'unknown'
  let result: Copied = 'done'
  for (const node of all) {
    const at = `${target}${node.path.slice(source.path.length)}`
    const copied = isBlocked(stage, at)
      ? 'failed'
      : node.type === 'directory'
        ? copyFolder(stage, { path: at, source: node }, manner)
        : copyNode(stage, { path: at, source: node }, manner)
    if (copied === 'unknown') return 'unknown'
    if (copied === 'failed') result = 'failed'
  }
  return result
}

function copyFolder(stage: Stage, { path, source }: Copy, { preserve, umask }: Manner): Copied {
  const present = stage.resolve(path)
  if (present === undefined ? stage.get(stage.canonical(path)) !== undefined : present.type !== 'directory')
    return 'failed'
  const { uid, gid, mode } = source
  if (present === undefined) stage.makeDirectory(path, { mode: preserve ? mode : mode & ~umask })
  const at = stage.realPath(path)
  if (preserve && at !== undefined) stage.setAttributes(at, { mode, uid, gid })
  return 'done'
}

const installFlags: ReadonlySet<string> = new Set([
  '-d',
  '-D',
  '-c',
  '-v',
  '-p',
  '-T',
  '--directory',
  '--verbose',
  '--preserve-timestamps',
  '-Z',
])

/** `install` (install(1)): folders with `-d`, and copies of files whose content is available. */
export function install(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { stage } = context
  const { flags, values, operands } = readOptions(call.arguments, {
    valued: ['-m', '-o', '-g', '--mode', '--owner', '--group', ...targetOptions],
  })
  const mode = parseMode(values.get('-m') ?? values.get('--mode') ?? '755', 0)
  const ids = ownerIds(
    values.get('-o') ?? values.get('--owner') ?? 'root',
    values.get('-g') ?? values.get('--group') ?? 'root',
    context,
  )
  if (!call.certain || mode === undefined || !known(operands)) return undefined
  if ([...flags].some((flag) => !installFlags.has(flag))) return undefined
  if (flags.has('-d') || flags.has('--directory')) {
    let failed = false
    for (const path of operands) {
      const type = stage.resolve(path)?.type ?? stage.get(stage.canonical(path))?.type ?? 'directory'
      if (type !== 'directory' || isBlocked(stage, path)) failed = true
      else {
        stage.makeDirectory(path)
        stage.setAttributes(stage.realPath(path) ?? '', { mode, ...ids })
      }
    }
    return ended({ failed })
  }
  const isFolder = (path: string) => !flags.has('-T') && stage.resolve(path)?.type === 'directory'
  const placements = placings(operands, { into: intoOf(values), isFolder })
  const manner: Manner = { recursive: false, asLinks: false, preserve: false, replace: true, umask: 0 }
  return (
    placements &&
    eachOnce(placements, (placing) => {
      const result = copyOne(stage, placing, manner)
      if (result === 'done') stage.setAttributes(stage.canonical(placing.to), { mode, ...ids })
      return result
    })
  )
}

const moveFlags: ReadonlySet<string> = new Set([
  '-f',
  '-n',
  '-v',
  '-T',
  '--force',
  '--no-clobber',
  '--verbose',
  '--no-target-directory',
  '-Z',
  '--context',
])

/** `mv` (mv(1)). Files that an image lacks cannot be moved. */
export function move(call: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const { flags, values, operands } = readOptions(call.arguments, { valued: targetOptions })
  const has = (...names: readonly string[]) => names.some((name) => flags.has(name))
  if ([...flags].some((flag) => !moveFlags.has(flag)) || !onlyValues(values, /^-t$|^--target-directory$/))
    return undefined
  if (!known(operands)) return undefined
  const plain = has('-T', '--no-target-directory')
  const isFolder = (path: string) => !plain && stage.resolve(path)?.type === 'directory'
  const placements = placings(operands, { into: intoOf(values), isFolder })
  const isMissing = ({ from }: Placing) => stage.get(stage.canonical(from)) === undefined
  if (placements === undefined || placements.every(isMissing)) return ended({ failed: true })
  if (!call.certain || placements.some(({ from }) => stage.isForgotten(from))) return undefined
  const keeps = has('-n', '--no-clobber')
  return eachOnce(placements, (placing) => {
    if (keeps && stage.get(stage.canonical(placing.to)) !== undefined) return 'done'
    return moveOne(stage, placing)
  })
}

function moveOne(stage: Stage, { from, to }: Placing): Copied {
  const node = stage.get(stage.canonical(from))
  const at = stage.canonical(to)
  const present = stage.get(at)
  if (node === undefined || node.path === at || at.startsWith(`${node.path}/`) || isBlocked(stage, to))
    return 'failed'
  const folder = node.type === 'directory'
  if (present === undefined ? !folder && to.endsWith('/') : (present.type === 'directory') !== folder)
    return 'failed'
  if (present?.type === 'directory') {
    if (stage.list(at).length > 0) return 'failed'
    stage.remove(at)
  }
  stage.move(node.path, at)
  return 'done'
}
