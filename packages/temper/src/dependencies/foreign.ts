import { inspectBytes } from '../formats/file/inspect.ts'
import type { Architecture } from '../model/platform.ts'
import type { InstalledFile } from '../model/recipe-parts/dependency.ts'

/** The machine that files are for, with its C library; undefined where programs for either may run. */
export interface HostMachine {
  readonly architecture: Architecture
  readonly libc: 'glibc' | undefined
}

/** e_machine of the System V ABI. */
const machines: Readonly<Record<Architecture, number>> = { amd64: 62, arm64: 183 }

/** How musl names itself where it is asked for: nothing of glibc has that name. */
const musl = /^libc\.musl-[\w-]+\.so\.1$/

/**
 * Whether a file is a program or library for another machine: tests of some packages bring them, and packages that were compiled
 * beforehand bring one for each C library. Nothing here can load them.
 */
export function isForeign(
  { path, mode, content, target }: InstalledFile,
  { architecture, libc }: HostMachine,
): boolean {
  const isElf = Buffer.from(content.subarray(0, 4)).toString('latin1') === '\x7fELF'
  if (target !== undefined || !isElf) return false
  const base = { uid: 0, gid: 0, size: content.length, mtime: 0 }
  const { elf } = inspectBytes({ ...base, path: path.slice(1), type: 'file', mode }, content)
  if (elf === undefined || elf.damaged !== undefined) return false
  if (elf.machine !== machines[architecture]) return true
  return libc === 'glibc' && elf.needed.some((name) => musl.test(name))
}
