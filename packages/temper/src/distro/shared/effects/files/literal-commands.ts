import type { EntryType } from '../../../../model/package/package-content.ts'
import type { CommandResult, Value } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall, CommandModel, Effect, EffectContext } from '../effect.ts'
import { parseMode } from '../file-mode.ts'
import { below } from './below.ts'
import { copy, install, move } from './copy.ts'
import { ended, type FileCommand, known } from './file-command.ts'
import { link, mkdir, touch } from './make.ts'
import { ownerIds } from './owner-ids.ts'
import { remove, removeFolder, unlink } from './remove.ts'
import { zeros } from './zeros.ts'

/**
 * Effect: file commands with known operands that certainly run are carried out on the tree. `own` are the additional
 * ones of a distribution, by name.
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

function chown(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, { valued: ['--from'] })
  const [owner, ...paths] = operands
  if (owner === undefined) return undefined
  const [user, separator, group] = owner.split(/([:.])/)
  const own = separator !== undefined && group === '' ? context.accounts.findUser(user ?? '')?.gid : undefined
  const ids = ownerIds(user, own === undefined ? group : String(own), context)
  return setAttributes(call, context, {
    paths,
    flags,
    change: (mode, type) => ({ ...ids, mode: afterNewOwner(mode, type) }),
  })
}

function chgrp(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, {})
  const [group, ...paths] = operands
  if (group === undefined) return undefined
  const ids = ownerIds(undefined, group, context)
  return setAttributes(call, context, {
    paths,
    flags,
    change: (mode, type) => ({ ...ids, mode: afterNewOwner(mode, type) }),
  })
}

function chmod(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, { modes: true })
  const [mode, ...paths] = operands
  if (mode === undefined || parseMode(mode, 0) === undefined) return undefined
  return setAttributes(call, context, {
    paths,
    flags,
    change: (before, type) => ({
      mode: parseMode(mode, before, { umask: call.umask, isFolder: type === 'directory' }) ?? before,
    }),
  })
}

/** Whoever gets a program does not get it with the rights of its owner (chown(2)). */
function afterNewOwner(mode: number, type: EntryType): number {
  if (type !== 'file') return mode
  return mode & ~0o4000 & ((mode & 0o010) === 0 ? ~0 : ~0o2000)
}

function setAttributes(
  call: CommandCall,
  { stage }: EffectContext,
  request: {
    readonly paths: readonly Value[]
    readonly flags: ReadonlySet<string>
    readonly change: (
      mode: number,
      type: EntryType,
    ) => {
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
      const wanted = change(present.mode, present.type)
      const { mode = present.mode, uid = present.uid, gid = present.gid } = wanted
      if (mode === present.mode && uid === present.uid && gid === present.gid) continue
      if (!call.certain) return undefined
      stage.setAttributes(target, wanted)
    }
  }
  return ended({ failed: false })
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
  unlink,
  cp: copy,
  dd: zeros,
  mv: move,
}
