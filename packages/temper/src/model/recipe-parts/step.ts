import type { Digest } from '../../base/digest.ts'
import type { PackageRequest } from '../package/package.ts'
import type { FileRequest } from './file-request.ts'

/** Where a build step works: what it gets lies below, and what it makes is looked for there. */
export const stepFolder = '/work'

/** Something that is made for an image in a sandbox of its own, because no package brings it. */
export interface StepRequest {
  readonly name: string
  /** What the sandbox has besides a shell. */
  readonly packages: readonly PackageRequest[]
  /** Files that it gets. Their paths are below the folder that it works in: "/src/hello.c". */
  readonly inputs: readonly FileRequest[]
  /** What a POSIX shell runs; the first command that fails ends it. */
  readonly run: string
  readonly environment: Readonly<Record<string, string>>
  readonly outputs: readonly StepOutput[]
  /** Seconds. */
  readonly timeout: number
}

/** A file or folder that a step made and the image gets: nothing else of the sandbox goes there. */
export interface StepOutput {
  /** Below the folder that the step works in: "hello", "dist". */
  readonly source: string
  /** Path in the image, leading slash. */
  readonly path: string
  /** Absent: 0o755 for what its owner may execute, else 0o644. */
  readonly mode?: number
  readonly uid: number
  readonly gid: number
}

/** One object that a step made, as a lock knows it. */
export interface StepFile {
  /** Below the folder that the step works in: "dist/app.js". */
  readonly name: string
  readonly type: 'file' | 'directory' | 'symlink'
  /** Whether its owner may execute it. Files only. */
  readonly executable?: true
  /** Of the bytes of a file. */
  readonly digest?: Digest
  /** Bytes of a file. */
  readonly size?: number
  /** What a link points to. */
  readonly target?: string
}
