import type { CommandResult } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall, EffectContext } from '../effect.ts'
import { ended, known, lastPart } from './file-command.ts'

/** `rm` (rm(1)). Missing files are fine, since an image lacks much of what a system has. */
export function remove(call: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, {})
  if (!known(operands)) return undefined
  const recursive = flags.has('-r') || flags.has('-R') || flags.has('--recursive')
  let failed = false
  for (const path of operands) {
    const node = stage.get(stage.canonical(path))
    if (node === undefined) continue
    if (!call.certain) return undefined
    const empty = (flags.has('-d') || flags.has('--dir')) && stage.list(node.path).length === 0
    const refused = node.type === 'directory' ? !recursive && !empty : path.endsWith('/')
    if (refused || /^\.\.?$/.test(lastPart(path))) failed = true
    else stage.remove(path)
  }
  return ended({ failed })
}

/** `unlink` (unlink(1)): removes one object that is not a folder. */
export function unlink(call: CommandCall, context: EffectContext): CommandResult | undefined {
  return remove({ ...call, arguments: call.arguments.filter((word) => !word?.startsWith('-')) }, context)
}

/** `rmdir` (rmdir(1)). */
export function removeFolder(call: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, {})
  if (!known(operands)) return undefined
  const lenient = flags.has('--ignore-fail-on-non-empty')
  const paths =
    flags.has('-p') || flags.has('--parents') ? operands.map(withAbove) : operands.map((path) => [path])
  let failed = false
  for (const chain of paths)
    for (const path of chain) {
      const node = stage.get(stage.canonical(path))
      if (node === undefined) continue
      if (!call.certain) return undefined
      const isFolder = node.type === 'directory'
      if (isFolder && stage.list(node.path).length === 0) stage.remove(node.path)
      else {
        if (!isFolder || !lenient) failed = true
        break
      }
    }
  return ended({ failed })
}

/** A path and all above it. */
function withAbove(path: string): readonly string[] {
  const all: string[] = []
  for (let at = path.replace(/\/+$/, ''); at !== ''; at = at.replace(/\/*[^/]+$/, '')) all.push(at)
  return all
}
