import { looksExecutable } from '../../formats/executable/read.ts'
import type { FileHead } from '../cataloguer.ts'

/** Smaller files hold neither a Go program nor a Rust one with its list. */
const leastSize = 4096

/**
 * A program that someone may run: an executable or a library whose mode says so, or a Windows program, whose mode
 * says nothing. Libraries are mostly not executable; none is read in vain.
 */
export function isProgram({ path, size, mode, start }: FileHead): boolean {
  if (size < leastSize || !looksExecutable(start)) return false
  return (mode & 0o111) !== 0 || path.endsWith('.exe')
}

/** Most bytes of a program that is read. */
export const programLimit = 2 ** 30
