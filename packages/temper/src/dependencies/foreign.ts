import { inspectBytes } from '../formats/file/inspect.ts'
import type { Architecture } from '../model/platform.ts'
import type { InstalledFile } from '../model/recipe-parts/dependency.ts'

/** e_machine of the System V ABI. */
const machines: Readonly<Record<Architecture, number>> = { amd64: 62, arm64: 183 }

/** Whether a file is a program for another machine: tests of some packages bring them, and nothing here can run them. */
export function isForeign(
  { path, mode, content, target }: InstalledFile,
  architecture: Architecture,
): boolean {
  const isElf = Buffer.from(content.subarray(0, 4)).toString('latin1') === '\x7fELF'
  if (target !== undefined || !isElf) return false
  const base = { uid: 0, gid: 0, size: content.length, mtime: 0 }
  const { elf } = inspectBytes({ ...base, path: path.slice(1), type: 'file', mode }, content)
  return elf !== undefined && elf.damaged === undefined && elf.machine !== machines[architecture]
}
