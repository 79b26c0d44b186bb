import { posix } from 'node:path'
import { lookUp } from '../../../../model/tree/look-up.ts'
import type { CommandResult } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall, EffectContext } from '../effect.ts'
import { parseMode } from '../file-mode.ts'
import type { Stage } from '../stage.ts'
import { ended, isBlocked, known, type Placing, placings } from './file-command.ts'

/** `mkdir` (mkdir(1)). Missing parent folders are made, too. */
export function mkdir(call: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const { flags, values, operands } = readOptions(call.arguments, { valued: ['-m', '--mode'] })
  const exact = values.has('-m') || values.has('--mode')
  const mode = parseMode(values.get('-m') ?? values.get('--mode') ?? '777', 0o777)
  if (mode === undefined || !known(operands)) return undefined
  const parents = flags.has('-p') || flags.has('--parents')
  let failed = false
  for (const path of operands) {
    const present =
      stage.get(stage.canonical(path)) === undefined ? undefined : (stage.resolve(path)?.type ?? 'link')
    if (present === 'directory' && parents) continue
    if (!call.certain) return undefined
    if (present !== undefined || isBlocked(stage, path)) failed = true
    else {
      makeAbove(stage, path, 0o777 & ~call.umask)
      stage.makeDirectory(path, { mode: exact ? mode : mode & ~call.umask })
    }
  }
  return ended({ failed })
}

function makeAbove(stage: Stage, path: string, mode: number): void {
  const parts = stage.canonical(path).split('/')
  for (let depth = 1; depth < parts.length; depth++)
    stage.makeDirectory(parts.slice(0, depth).join('/'), { mode: mode | 0o300 })
}

/** `touch` (touch(1)): the time is that of the image. */
export function touch(call: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, {
    valued: ['-r', '-d', '-t', '--reference', '--date', '--time'],
  })
  if (!known(operands)) return undefined
  let failed = false
  for (const path of operands) {
    if (stage.resolve(path) || flags.has('-c') || flags.has('--no-create')) continue
    if (!call.certain) return undefined
    const at = behindLinks(stage, path)
    if (at === undefined || isBlocked(stage, at)) failed = true
    else stage.put({ path: at, type: 'file', mode: 0o666 & ~call.umask })
  }
  return ended({ failed })
}

/**
 * Where a file is made that is opened by a path: at the end of links that lead nowhere yet. Folders above that an image
 * lacks are made, too.
 */
function behindLinks(stage: Stage, path: string): string | undefined {
  const end = lookUp(stage, path)
  return end.outcome === 'missing' ? [end.path, ...end.rest].join('/') : undefined
}

const linkFlags: ReadonlySet<string> = new Set([
  '-s',
  '-f',
  '-n',
  '-T',
  '-r',
  '-v',
  '--symbolic',
  '--force',
  '--no-dereference',
  '--no-target-directory',
  '--relative',
  '--verbose',
])

/** `ln -s` (ln(1)). */
export function link(call: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const { flags, values, operands } = readOptions(call.arguments, { valued: ['-t', '--target-directory'] })
  const has = (...names: readonly string[]) => names.some((name) => flags.has(name))
  if (!has('-s', '--symbolic') || [...flags].some((flag) => !linkFlags.has(flag))) return undefined
  if (!call.certain || !known(operands) || [...values.keys()].some((name) => !/^-t$|^--target/.test(name)))
    return undefined
  const isFolder = (path: string) => {
    if (has('-T', '--no-target-directory')) return false
    const node = has('-n', '--no-dereference') ? stage.get(stage.canonical(path)) : stage.resolve(path)
    return node?.type === 'directory'
  }
  const into = values.get('-t') ?? values.get('--target-directory')
  const placements = placings(operands, { into, isFolder })
  let failed = false
  for (const { from, to } of placements ?? []) {
    const present = stage.get(stage.canonical(to))
    const taken = present !== undefined && (present.type === 'directory' || !has('-f', '--force'))
    if (taken || to.endsWith('/') || isBlocked(stage, to)) failed = true
    else {
      const target = has('-r', '--relative') ? relativeTarget(stage, { from, to }) : from
      stage.put({ path: to, type: 'symlink', mode: 0o777, target })
    }
  }
  return placements && ended({ failed })
}

/** The way to a target from the folder of the link, both without links. */
function relativeTarget(stage: Stage, { from, to }: Placing): string {
  const target = stage.realPath(from) ?? stage.canonical(from)
  return posix.relative(posix.dirname(`/${stage.canonical(to)}`), `/${target}`) || '.'
}
