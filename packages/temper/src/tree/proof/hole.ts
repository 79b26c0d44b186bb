import type { RelaxableRule } from '../../model/recipe.ts'

/** What kind of thing is missing. */
export type HoleKind =
  | 'library'
  | 'version'
  | 'loader'
  | 'interpreter'
  | 'symlink'
  | 'plugin'
  | 'command'
  | 'machine'
  | 'damaged'

/** Something that the finished tree needs and does not have. */
export interface Hole {
  readonly kind: HoleKind
  /** The relaxation that would let it pass; absent: nothing does. */
  readonly rule?: RelaxableRule
  /** The file that needs something: an absolute path. Absent when the recipe itself needs it. */
  readonly path?: string
  /** What is needed: "libz.so.1", "libc.so.6 (GLIBC_2.38)", "/usr/bin/python3". */
  readonly need: string
  /** The program through which the need arises, when it is another file. */
  readonly neededBy?: string
  /** A package that has it and is not in the image. */
  readonly provider?: string
  /** All of it as one sentence. */
  readonly text: string
}

/** The rule under which each kind of hole can be relaxed. */
const rules: Readonly<Record<HoleKind, RelaxableRule | undefined>> = {
  library: 'missing-library',
  version: 'missing-library',
  loader: 'missing-interpreter',
  interpreter: 'missing-interpreter',
  symlink: 'dangling-symlink',
  plugin: 'unproved-plugin',
  command: undefined,
  machine: 'missing-library',
  damaged: 'missing-library',
}

export interface HoleFacts {
  readonly kind: HoleKind
  /** Path without leading slash, as nodes have it. */
  readonly file?: string
  readonly need: string
  readonly neededBy?: string
  readonly provider?: string | undefined
  /** What is wrong, as a sentence without its end; the provider is added. */
  readonly problem: string
}

export function createHole({ kind, file, need, neededBy, provider, problem }: HoleFacts): Hole {
  const rule = rules[kind]
  return {
    kind,
    ...(rule === undefined ? {} : { rule }),
    ...(file === undefined ? {} : { path: `/${file}` }),
    need,
    ...(neededBy === undefined ? {} : { neededBy: `/${neededBy}` }),
    ...(provider === undefined ? {} : { provider }),
    text: provider === undefined ? problem : `${problem}; the package ${provider} has it`,
  }
}
