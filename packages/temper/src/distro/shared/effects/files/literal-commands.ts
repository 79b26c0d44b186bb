import type { CommandResult, Value } from '../../scripts/world.ts'
import { parseMode, readOptions } from '../command-line.ts'
import type { CommandCall, CommandModel, Effect, EffectContext } from '../effect.ts'
import type { StageEntry } from '../stage.ts'
import { zeros } from './zeros.ts'

const done: CommandResult = { status: 0, output: '' }

/** Carries a command out on the tree, or answers undefined when it cannot. */
export type FileCommand = (call: CommandCall, context: EffectContext) => CommandResult | undefined

/**
 * File commands whose operands are known and that run for sure are carried out on the tree. `own` are those that a
 * distribution has besides, by name.
 */
export const literalCommands = (own: Readonly<Record<string, FileCommand>> = {}): Effect => ({
  id: 'literal-commands',
  title: 'Folders, links and permissions that scripts make with plain commands',
  why: 'Services need their log, state and run folders with the right owner.',
  source:
    'Debian Policy 6.1 and 10.9; mkdir(1), install(1), chown(1), chmod(1), ln(1), touch(1), cp(1), mv(1), rm(1)',
  start(context) {
    const counts = new Map<string, number>()
    const counted = (name: string, model: (call: CommandCall) => CommandResult | undefined): CommandModel => {
      return (call) => {
        const result = model(call)
        if (result && call.certain) counts.set(name, (counts.get(name) ?? 0) + 1)
        return result
      }
    }
    const commands = Object.fromEntries(
      Object.entries({ ...fileCommands, ...own }).map(([name, model]) => [
        name,
        counted(name, (call) => model(call, context)),
      ]),
    )
    const finish = () => {
      const list = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} ${count}`)
      if (list.length > 0) context.note('literal-commands', list.join(', '))
    }
    return { commands, finish }
  },
})

function mkdir(call: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const { flags, values, operands } = readOptions(call.arguments, { valued: ['-m', '--mode'] })
  const mode = parseMode(values.get('-m') ?? values.get('--mode') ?? '777', 0)
  if (mode === undefined || !known(operands)) return undefined
  for (const path of operands) {
    if (stage.resolve(path)) {
      if (!flags.has('-p') && !flags.has('--parents'))
        return call.certain ? { status: 1, output: '' } : undefined
      continue
    }
    if (!call.certain) return undefined
    const exact = values.has('-m') || values.has('--mode')
    stage.makeDirectory(path, { mode: exact ? mode : mode & ~call.umask })
  }
  return done
}

/** `install -d`, and `install FILE TARGET` when the content is at hand. */
function install(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { flags, values, operands } = readOptions(call.arguments, {
    valued: ['-m', '-o', '-g', '-t', '--mode', '--owner', '--group', '--target-directory'],
  })
  const mode = parseMode(values.get('-m') ?? values.get('--mode') ?? '755', 0)
  const ids = ownerIds(
    values.get('-o') ?? values.get('--owner') ?? 'root',
    values.get('-g') ?? values.get('--group') ?? 'root',
    context,
  )
  if (!call.certain || mode === undefined || !known(operands)) return undefined
  if (!flags.has('-d') && !flags.has('--directory')) {
    const pairs = intoFolder(operands, values.get('-t') ?? values.get('--target-directory'))
    for (const pair of pairs) {
      const copied = copyFile(pair, context)
      if (copied === undefined) return undefined
      context.stage.setAttributes(copied, { mode, ...ids })
    }
    return pairs.length === 0 ? undefined : done
  }
  for (const path of operands) {
    context.stage.makeDirectory(path)
    const at = context.stage.realPath(path)
    if (at !== undefined) context.stage.setAttributes(at, { mode, ...ids })
  }
  return done
}

/**
 * Ids of a user and a group, by name or number; absent for what is not given. An account that the image does not have is
 * one of a package that it does not have: root stands for it.
 */
export function ownerIds(
  user: Value,
  group: Value,
  { accounts }: EffectContext,
): { readonly uid?: number; readonly gid?: number } {
  const ids: { uid?: number; gid?: number } = {}
  if (user !== undefined && user !== '')
    ids.uid = /^\d{1,9}$/.test(user) ? Number(user) : (accounts.findUser(user)?.uid ?? 0)
  if (group !== undefined && group !== '')
    ids.gid = /^\d{1,9}$/.test(group) ? Number(group) : (accounts.findGroup(group)?.gid ?? 0)
  return ids
}

function chown(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, { valued: ['--from'] })
  const [owner, ...paths] = operands
  if (owner === undefined) return undefined
  const [user, separator, group] = owner.split(/([:.])/)
  const own = separator !== undefined && group === '' ? context.accounts.findUser(user ?? '')?.gid : undefined
  const ids = ownerIds(user, own === undefined ? group : String(own), context)
  return setAttributes(call, context, { paths, flags, change: () => ids })
}

function chgrp(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, {})
  const [group, ...paths] = operands
  if (group === undefined) return undefined
  const ids = ownerIds(undefined, group, context)
  return setAttributes(call, context, { paths, flags, change: () => ids })
}

function chmod(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, { modes: true })
  const [mode, ...paths] = operands
  if (mode === undefined || parseMode(mode, 0) === undefined) return undefined
  return setAttributes(call, context, {
    paths,
    flags,
    change: (before) => ({ mode: parseMode(mode, before) ?? before }),
  })
}

function setAttributes(
  call: CommandCall,
  { stage }: EffectContext,
  request: {
    readonly paths: readonly Value[]
    readonly flags: ReadonlySet<string>
    readonly change: (mode: number) => {
      readonly mode?: number
      readonly uid?: number
      readonly gid?: number
    }
  },
): CommandResult | undefined {
  const { paths, flags, change } = request
  if (!known(paths)) return undefined
  const recursive = flags.has('-R') || flags.has('--recursive')
  for (const path of paths) {
    const at = flags.has('-h') ? stage.canonical(path) : stage.realPath(path)
    // What is not in the image has lost its meaning with what it belongs to.
    const node = at === undefined ? undefined : stage.get(at)
    if (at === undefined || !node) continue
    const targets = recursive ? below(at, stage) : [at]
    for (const target of targets) {
      const present = stage.get(target)
      if (!present || (present.type === 'symlink' && recursive)) continue
      const wanted = change(present.mode)
      const { mode = present.mode, uid = present.uid, gid = present.gid } = wanted
      if (mode === present.mode && uid === present.uid && gid === present.gid) continue
      if (!call.certain) return undefined
      stage.setAttributes(target, wanted)
    }
  }
  return done
}

function below(path: string, stage: EffectContext['stage']): string[] {
  const all = [path]
  for (let i = 0; i < all.length; i++) {
    const at = all[i] as string
    if (stage.get(at)?.type === 'directory') for (const name of stage.list(at)) all.push(`${at}/${name}`)
  }
  return all
}

function link(call: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, {})
  const [target, path, ...rest] = operands
  if (!flags.has('-s') && !flags.has('--symbolic')) return undefined
  if (!call.certain || target === undefined || path === undefined || rest.length > 0) return undefined
  const folder = !flags.has('-n') && !flags.has('-T') && stage.resolve(path)?.type === 'directory'
  const at = folder ? `${path}/${target.replace(/^.*\//s, '')}` : path
  if (stage.get(stage.canonical(at)) && !flags.has('-f')) return { status: 1, output: '' }
  stage.put({ path: at, type: 'symlink', mode: 0o777, target })
  return done
}

function touch(call: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const { operands } = readOptions(call.arguments, { valued: ['-r', '-d', '-t'] })
  if (!known(operands)) return undefined
  for (const path of operands) {
    if (stage.resolve(path)) continue
    if (!call.certain) return undefined
    stage.put({ path, type: 'file', mode: 0o666 & ~call.umask })
  }
  return done
}

function remove(call: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const { operands } = readOptions(call.arguments, {})
  if (!known(operands)) return undefined
  for (const path of operands) {
    if (!stage.get(stage.canonical(path))) continue
    if (!call.certain) return undefined
    stage.remove(path)
  }
  return done
}

function removeFolder(call: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const { operands } = readOptions(call.arguments, {})
  if (!known(operands)) return undefined
  for (const path of operands) {
    const at = stage.canonical(path)
    if (stage.get(at)?.type !== 'directory' || stage.list(at).length > 0) continue
    if (!call.certain) return undefined
    stage.remove(at)
  }
  return done
}

/** `cp FILE TARGET`, or `cp -r FOLDER TARGET`, when all contents are at hand. */
export function copy(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { flags, values, operands } = readOptions(call.arguments, { valued: ['-t', '--target-directory'] })
  const target = operands[1]
  if (flags.has('-n') && target !== undefined && context.stage.resolve(target)) return done
  if (!call.certain || !known(operands)) return undefined
  const pairs = intoFolder(operands, values.get('-t') ?? values.get('--target-directory'))
  const owned = flags.has('-p') || flags.has('-a') || flags.has('--preserve')
  const all = recursive.some((flag) => flags.has(flag))
  let status = pairs.length === 0 ? undefined : 0
  for (const pair of pairs) {
    const result = all ? copyTree(pair, context) : copyOne(pair, { context, owned })
    if (result === undefined) return undefined
    status = result.status === 0 ? status : result.status
  }
  return status === undefined ? undefined : { status, output: '' }
}

function copyOne(
  pair: readonly string[],
  { context, owned }: { readonly context: EffectContext; readonly owned: boolean },
): CommandResult | undefined {
  const { stage } = context
  const source = stage.resolve(pair[0] ?? '')
  if (source === undefined || source.type === 'directory') return { status: 1, output: '' }
  const copied = copyFile(pair, context)
  if (copied === undefined) return undefined
  if (owned) stage.setAttributes(copied, { uid: source.uid, gid: source.gid })
  return done
}

/** `A B` as it is, `A B C FOLDER` as a copy of each into the folder. */
function intoFolder(operands: readonly string[], folder: Value): readonly (readonly [string, string])[] {
  const target = folder ?? operands.at(-1)
  const sources = folder === undefined ? operands.slice(0, -1) : operands
  if (target === undefined) return []
  const place = sources.length > 1 || folder !== undefined ? `${target.replace(/\/+$/, '')}/` : target
  return sources.map((source) => [source, place] as const)
}

const recursive = ['-r', '-R', '-a', '--recursive', '--archive']

/** Copies what is at a path with all below it; links stay links. Changes nothing unless all of it can be copied. */
function copyTree(operands: readonly string[], { stage }: EffectContext): CommandResult | undefined {
  const [from = '', to = ''] = operands
  const start = stage.realPath(from)
  if (start === undefined) return { status: 1, output: '' }
  const folder = stage.resolve(to)?.type === 'directory'
  const target = folder ? `${to}/${from.replace(/\/+$/, '').replace(/^.*\//s, '')}` : to.replace(/\/+$/, '')
  const entries = below(start, stage).flatMap((path): StageEntry[] => {
    const node = stage.get(path)
    if (node === undefined) return []
    const { type, mode } = node
    const content = type === 'file' ? stage.content(path) : undefined
    const at = `${target}${path.slice(start.length)}`
    return [{ path: at, type, mode, ...optional('target', node.target), ...optional('content', content) }]
  })
  const whole = entries.every(
    ({ type, content }) =>
      type === 'directory' || type === 'symlink' || (type === 'file' && content !== undefined),
  )
  if (!whole || stage.canonical(target).startsWith(`${start}/`)) return undefined
  for (const entry of entries) stage.put(entry)
  return done
}

function optional<K extends string, T>(name: K, value: T | undefined): { readonly [key in K]?: T } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]: T })
}

/** Copies one file; its new path, or undefined when its content is not at hand. */
function copyFile(operands: readonly string[], { stage }: EffectContext): string | undefined {
  const [from, to] = operands
  if (from === undefined || to === undefined || operands.length !== 2) return undefined
  const source = from === '/dev/null' ? { mode: 0o644 } : stage.resolve(from)
  const content = from === '/dev/null' ? new Uint8Array() : stage.content(from)
  if (!source || !content) return undefined
  const folder = stage.resolve(to)?.type === 'directory' || to.endsWith('/')
  const path = stage.canonical(folder ? `${to}/${from.replace(/^.*\//s, '')}` : to)
  stage.put({ path, type: 'file', mode: source.mode, content })
  return path
}

function move(call: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const { operands } = readOptions(call.arguments, {})
  if (!known(operands)) return undefined
  const pairs = intoFolder(operands, undefined)
  const missing = pairs.filter(([from]) => stage.get(stage.canonical(from)) === undefined)
  if (pairs.length === 0 || missing.length === pairs.length) return { status: 1, output: '' }
  if (!call.certain || pairs.some(([from]) => stage.isForgotten(from))) return undefined
  for (const [from, to] of pairs) {
    if (stage.get(stage.canonical(from)) === undefined) continue
    const folder = stage.resolve(to)?.type === 'directory'
    stage.move(from, folder ? `${to.replace(/\/+$/, '')}/${from.replace(/^.*\//s, '')}` : to)
  }
  return missing.length > 0 ? { status: 1, output: '' } : done
}

export function known(words: readonly Value[]): words is readonly string[] {
  return !words.includes(undefined)
}

const fileCommands: Readonly<Record<string, FileCommand>> = {
  mkdir,
  install,
  chown,
  chgrp,
  chmod,
  ln: link,
  touch,
  rm: remove,
  rmdir: removeFolder,
  unlink: remove,
  cp: copy,
  dd: zeros,
  mv: move,
}
