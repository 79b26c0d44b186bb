import { TemperError } from '../../base/error.ts'
import type { Platform } from '../../model/platform.ts'
import type { SandboxProgram } from '../../model/recipe-parts/sandbox.ts'
import type { Context } from '../context.ts'
import { checkMachine } from '../machine.ts'

/** The program that makes sandboxes here: runc for root, else bubblewrap. Throws `tool-missing`. */
export function sandboxProgram(
  platform: Platform,
  context: Pick<Context, 'runtimes' | 'bubblewrap' | 'hostRoot'>,
): SandboxProgram {
  checkMachine('Build steps', platform, context)
  const { runtimes, bubblewrap } = context
  const isRoot = process.getuid?.() === 0
  if (isRoot && runtimes.runc !== undefined) return { name: 'runc', program: runtimes.runc }
  if (bubblewrap !== undefined) return { name: 'bwrap', program: bubblewrap }
  const atHand = runtimes.runc === undefined ? 'found neither' : 'found runc, which needs root'
  throw new TemperError(
    'tool-missing',
    `Build steps need a sandbox: expected runc (as root) or bubblewrap, ${atHand}`,
    { hint: 'Install one, on Debian for example: apt-get install bubblewrap.' },
  )
}
