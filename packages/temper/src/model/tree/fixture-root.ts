import type { ElfFacts, EntryType } from '../package/package-content.ts'
import type { RootNode } from '../root.ts'
import { Rootfs } from './rootfs.ts'

/** What a test says of one node; the rest is what most nodes have. */
export interface FixtureNode {
  readonly type?: EntryType
  readonly mode?: number
  readonly uid?: number
  readonly gid?: number
  readonly target?: string
  readonly elf?: Partial<ElfFacts>
  readonly shebang?: readonly string[]
  readonly content?: string
  readonly xattrs?: Readonly<Record<string, string>>
  /** Package that brings it; "" for the recipe. Default: "pkg". */
  readonly package?: string
}

/** Facts of a shared object without needs. */
export function elfFacts(facts: Partial<ElfFacts> = {}): ElfFacts {
  return {
    machine: 62,
    bits: 64,
    kind: 'shared',
    needed: [],
    runpath: [],
    rpath: [],
    versionNeeds: {},
    versionDefinitions: [],
    ...facts,
  }
}

/** Builds a tree from paths without leading slash; a string is a symlink's target. */
export function buildRoot(files: Readonly<Record<string, FixtureNode | string>>): Rootfs {
  const root = new Rootfs()
  for (const [path, file] of Object.entries(files)) root.put(node(path, file))
  return root
}

export function node(path: string, file: FixtureNode | string = {}): RootNode {
  if (typeof file === 'string') return node(path, { type: 'symlink', mode: 0o777, target: file })
  const { type = 'file', elf, content, shebang, package: name = 'pkg' } = file
  const executable = elf?.kind === 'executable' || shebang !== undefined || type === 'directory'
  return {
    path,
    type,
    mode: file.mode ?? (executable ? 0o755 : 0o644),
    uid: file.uid ?? 0,
    gid: file.gid ?? 0,
    size: content?.length ?? 0,
    mtime: 0,
    origin: name === '' ? { kind: 'recipe' } : { kind: 'package', package: name, path },
    ...(file.target === undefined ? {} : { target: file.target }),
    ...(elf === undefined ? {} : { elf: elfFacts(elf) }),
    ...(shebang === undefined ? {} : { shebang }),
    ...(content === undefined ? {} : { content: Buffer.from(content) }),
    ...(file.xattrs === undefined ? {} : { xattrs: file.xattrs }),
  }
}

/** The C library, its loader, and the links of a merged /usr. */
export const baseSystem: Readonly<Record<string, FixtureNode | string>> = {
  bin: 'usr/bin',
  sbin: 'usr/sbin',
  lib: 'usr/lib',
  lib64: 'usr/lib64',
  'usr/bin': { type: 'directory' },
  'usr/sbin': { type: 'directory' },
  'usr/lib64/ld-linux-x86-64.so.2': '/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
  'usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2': {
    mode: 0o755,
    elf: { soname: 'ld-linux-x86-64.so.2', versionDefinitions: ['ld-linux-x86-64.so.2', 'GLIBC_2.35'] },
  },
  'usr/lib/x86_64-linux-gnu/libc.so.6': {
    mode: 0o755,
    elf: {
      interpreter: '/lib64/ld-linux-x86-64.so.2',
      soname: 'libc.so.6',
      needed: ['ld-linux-x86-64.so.2'],
      versionNeeds: { 'ld-linux-x86-64.so.2': ['GLIBC_2.35'] },
      versionDefinitions: ['libc.so.6', 'GLIBC_2.2.5', 'GLIBC_2.34', 'GLIBC_2.41'],
    },
  },
}

/** A dynamic program. */
export function program(
  needed: readonly string[] = ['libc.so.6'],
  facts: Partial<ElfFacts> = {},
): FixtureNode {
  return { elf: { kind: 'executable', interpreter: '/lib64/ld-linux-x86-64.so.2', needed, ...facts } }
}

/** A shared library. */
export function library(soname: string, facts: Partial<ElfFacts> = {}): FixtureNode {
  return { elf: { soname, ...facts } }
}
