import type { SampleEntry } from '../../formats/layer/sample-image.ts'
import type { ImageConfig } from '../../model/image.ts'
import type { ImageSubject } from './subject.ts'

/** A small image, told as what is different from `plainImage`. */
export interface Example {
  /** What is special about it: the name of the test. */
  readonly title: string
  /** Put into the plain image's only layer; what has a path of its own there replaces it. */
  readonly files?: readonly SampleEntry[]
  /** Paths that are taken out of it. */
  readonly without?: readonly string[]
  /** Further layers over it, lowest first. `.wh.` names delete. */
  readonly over?: readonly (readonly SampleEntry[])[]
  /** Settings in place of the plain image's. */
  readonly settings?: NonNullable<ImageConfig['config']>
  /** Of the configuration, in place of the plain image's. */
  readonly config?: Partial<Pick<ImageConfig, 'created' | 'author' | 'history'>>
  /** Of the manifest, in place of the plain image's. */
  readonly annotations?: Readonly<Record<string, string>>
  /** What others say of it, in place of what they say of the plain image; undefined: nothing is known. */
  readonly known?: (plain: KnownOfPlain) => {
    readonly [K in 'scan' | 'evidence' | 'support' | 'archive']?: ImageSubject[K] | undefined
  } & {
    readonly now?: Date
  }
}

export type KnownOfPlain = Required<Pick<ImageSubject, 'scan' | 'evidence' | 'now'>>

/** What every rule has beside it, in `RULE.examples.ts`: at least one image that breaks it, and one that nearly does. */
export interface Examples {
  /** Each breaks the rule once, and no other rule. */
  readonly broken: readonly Example[]
  /** Each comes close, and breaks no rule at all. */
  readonly kept: readonly Example[]
}

/** A regular file; more about it (mode, uid) where that matters. */
export function file(
  path: string,
  content: string | Uint8Array = path,
  more: Pick<SampleEntry, 'mode' | 'uid' | 'gid'> = {},
): SampleEntry {
  return { path, type: 'file', content, uid: 0, gid: 0, ...more }
}

/** A file that can be started. */
export function program(path: string, content: string | Uint8Array): SampleEntry {
  return file(path, content, { mode: 0o755 })
}

export function folder(path: string, more: Pick<SampleEntry, 'mode' | 'uid' | 'gid'> = {}): SampleEntry {
  return { path, type: 'directory', uid: 0, gid: 0, ...more }
}

export function link(path: string, target: string): SampleEntry {
  return { path, type: 'symlink', target, uid: 0, gid: 0 }
}
