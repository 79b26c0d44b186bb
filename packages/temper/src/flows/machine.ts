import { existsSync } from 'node:fs'
import { arch } from 'node:os'
import { join } from 'node:path'
import { TemperError } from '../base/error.ts'
import { type Architecture, formatPlatform, type Platform } from '../model/platform.ts'
import type { Context } from './context.ts'

const machines: Readonly<Record<Architecture, { readonly node: string; readonly kernel: string }>> = {
  amd64: { node: 'x64', kernel: 'x86_64' },
  arm64: { node: 'arm64', kernel: 'aarch64' },
}

/**
 * Checks that programs of an architecture can run here: those of another one need an emulator that is registered with the kernel (binfmt_misc). Throws `tool-missing` otherwise.
 *
 * @param what begins the error: "Build steps"
 */
export function checkMachine(
  what: string,
  platform: Platform,
  { hostRoot }: Pick<Context, 'hostRoot'>,
): void {
  const { node, kernel } = machines[platform.architecture]
  if (node === arch()) return
  if (existsSync(join(hostRoot, 'proc/sys/fs/binfmt_misc', `qemu-${kernel}`))) return
  throw new TemperError(
    'tool-missing',
    `${what} for ${formatPlatform(platform)} cannot run here: this machine has another architecture, and no emulator is registered`,
    {
      hint: `Use a machine of that platform, or install qemu-user-static (binfmt_misc).`,
      details: { platform: formatPlatform(platform) },
    },
  )
}
