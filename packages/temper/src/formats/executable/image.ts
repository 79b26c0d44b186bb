/** A named range of bytes of an executable file. Its position is checked to be inside the file. */
export interface ExecutableSection {
  readonly name: string
  readonly offset: number
  /** Bytes in the file. */
  readonly size: number
}

/** Bytes of the file that are loaded at an address. */
export interface ExecutableSegment extends ExecutableSection {
  readonly address: number
  readonly writable: boolean
  readonly executable: boolean
}

/** What ELF, PE and Mach-O have in common. */
export interface Executable {
  readonly format: 'elf' | 'pe' | 'mach-o'
  readonly sections: readonly ExecutableSection[]
  readonly segments: readonly ExecutableSegment[]
}

/** Limit on sections or segments: more than any linker makes. */
export const tableLimit = 4096

/** Leaves out what is not entirely inside the file. */
export function inside<Part extends ExecutableSection>(parts: readonly Part[], size: number): Part[] {
  return parts.filter((part) => part.offset >= 0 && part.size > 0 && part.offset + part.size <= size)
}

/** ASCII up to the first NUL, or the end. */
export function nameAt(bytes: Buffer, start: number, longest: number): string {
  const limit = Math.min(bytes.length, start + longest)
  const end = bytes.subarray(start, limit).indexOf(0)
  return bytes.toString('latin1', start, end < 0 ? limit : start + end)
}
