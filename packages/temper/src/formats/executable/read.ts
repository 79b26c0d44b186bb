import { readElf } from './elf.ts'
import type { Executable } from './image.ts'
import { readMachO } from './mach-o.ts'
import { readPe } from './pe.ts'

export type { Executable, ExecutableSegment } from './image.ts'

/** The layout of an executable file that is entirely in memory. Nothing is copied. Undefined when it is not one. */
export function readExecutable(file: Buffer): Executable | undefined {
  return readElf(file) ?? readPe(file) ?? readMachO(file)
}

/** Whether a file begins like an executable or a shared library; `start` are its first 18 bytes or more. */
export function looksExecutable(start: Uint8Array): boolean {
  const [a, b, c, d] = start
  if (a === 0x7f) {
    if (b !== 0x45 || c !== 0x4c || d !== 0x46) return false
    // ET_EXEC or ET_DYN, in either byte order: objects and core files are none.
    const type = (start[16] ?? 0) | (start[17] ?? 0)
    return type === 2 || type === 3
  }
  if (a === 0x4d) return b === 0x5a
  return (a === 0xcf || a === 0xce) && b === 0xfa && c === 0xed && d === 0xfe
}
