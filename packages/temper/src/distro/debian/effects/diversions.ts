import { readOptions } from '../../shared/effects/command-line.ts'
import type { CommandCall, Effect, EffectContext } from '../../shared/effects/effect.ts'
import type { CommandResult } from '../../shared/scripts/world.ts'

const done: CommandResult = { status: 0, output: '' }

/** Files that one package moves out of another's way. */
export const diversions: Effect = {
  id: 'diversions',
  title: "Diversions of other packages' files",
  why: 'A package that replaces a file of another has it renamed first; both expect the new name.',
  source: 'dpkg-divert(1); Debian Policy, appendix G',
  start(context) {
    return {
      owns: ['var/lib/dpkg/diversions*'],
      commands: { 'dpkg-divert': (call) => divert(call, context) },
    }
  },
}

function divert(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { flags, values, operands } = readOptions(call.arguments, {
    valued: ['--divert', '--package', '--admindir', '--instdir', '--root'],
  })
  if (flags.has('--list') || flags.has('--listpackage') || flags.has('--truename')) {
    return { status: flags.has('--list') ? 1 : 0, output: flags.has('--truename') ? undefined : '' }
  }
  // On a first installation there is nothing to take back.
  if (flags.has('--remove')) return done
  const [path] = operands
  if (path === undefined || operands.length !== 1) return undefined
  const to = values.get('--divert') ?? `${path}.distrib`
  // Without --rename only files that are still to come are kept away: DEP 17 uses it to protect links.
  if (flags.has('--no-rename') || !flags.has('--rename')) return done
  const { stage } = context
  const by = values.get('--package') ?? call.package
  const node = stage.get(stage.canonical(path))
  if (!node || (node.origin.kind === 'package' && node.origin.package === by)) return done
  if (!call.certain) return undefined
  stage.move(path, to)
  context.note('diversions', `${path} → ${to} (${call.package})`)
  return done
}
