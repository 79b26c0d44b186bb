import { existsSync } from 'node:fs'
import { arch } from 'node:os'
import { join } from 'node:path'
import { TemperError } from '../../base/error.ts'
import { type Architecture, formatPlatform, type Platform } from '../../model/platform.ts'
import type { SandboxProgram } from '../../model/recipe-parts/sandbox.ts'
import type { Context } from '../context.ts'

/** What makes sandboxes here: runc for root, else bubblewrap. Throws `tool-missing`. */
export function sandboxProgram(
  platform: Platform,
  context: Pick<Context, 'runtimes' | 'bubblewrap' | 'hostRoot'>,
): SandboxProgram {
  checkArchitecture(platform, context)
  const { runtimes, bubblewrap } = context
  const isRoot = process.getuid?.() === 0
  if (isRoot && runtimes.runc !== undefined) return { name: 'runc', program: runtimes.runc }
  if (bubblewrap !== undefined) return { name: 'bwrap', program: bubblewrap }
  const found = runtimes.runc === undefined ? 'found neither' : 'found runc, which needs root'
  throw new TemperError(
    'tool-missing',
    `Build steps need a sandbox: expected runc (as root) or bubblewrap, ${found}`,
    { hint: 'Install one, on Debian for example: apt-get install bubblewrap.' },
  )
}

const machines: Readonly<Record<Architecture, { readonly node: string; readonly kernel: string }>> = {
  amd64: { node: 'x64', kernel: 'x86_64' },
  arm64: { node: 'arm64', kernel: 'aarch64' },
}

/** Programs of another machine run where the kernel was told of an emulator (binfmt_misc). */
function checkArchitecture(platform: Platform, { hostRoot }: Pick<Context, 'hostRoot'>): void {
  const { node, kernel } = machines[platform.architecture]
  if (node === arch()) return
  if (existsSync(join(hostRoot, 'proc/sys/fs/binfmt_misc', `qemu-${kernel}`))) return
  throw new TemperError(
    'tool-missing',
    `Build steps for ${formatPlatform(platform)} cannot run here: this machine is another one, and no emulator is registered`,
    {
      hint: 'Lock and build that platform on such a machine, or install qemu-user-static (binfmt_misc).',
      details: { platform: formatPlatform(platform) },
    },
  )
}
