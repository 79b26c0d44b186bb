import type { Architecture } from '../../model/platform.ts'

/** What the dynamic loader of Debian's glibc has built in for an architecture. */
export interface Machine {
  /** e_machine. */
  readonly number: number
  readonly name: string
  /** Multiarch triplet: the name of library folders. */
  readonly triplet: string
  /** What $PLATFORM stands for. */
  readonly platform: string
  /** PT_INTERP of every dynamic program (the ABI's fixed path). */
  readonly loader: string
}

export const machines: Readonly<Record<Architecture, Machine>> = {
  amd64: {
    number: 62,
    name: 'x86-64',
    triplet: 'x86_64-linux-gnu',
    platform: 'x86_64',
    loader: '/lib64/ld-linux-x86-64.so.2',
  },
  arm64: {
    number: 183,
    name: 'AArch64',
    triplet: 'aarch64-linux-gnu',
    platform: 'aarch64',
    loader: '/lib/ld-linux-aarch64.so.1',
  },
}

/** Where the loader looks last (Debian's glibc is built with these). */
export function defaultLibraryFolders({ triplet }: Machine): readonly string[] {
  return [`lib/${triplet}`, `usr/lib/${triplet}`, 'lib', 'usr/lib']
}
