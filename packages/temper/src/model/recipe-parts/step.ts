import type { Digest } from '../../base/digest.ts'
import type { PackageRequest } from '../package/package.ts'
import type { FileRequest } from './file-request.ts'

/** The working folder of a build step: its inputs are below it, and its outputs are looked for there. */
export const stepFolder = '/work'

/** A build step: something that is made for an image in its own sandbox, because no package has it. */
export interface StepRequest {
  readonly name: string
  /** Packages in the sandbox besides a shell. */
  readonly packages: readonly PackageRequest[]
  /** Files that it gets. Their paths are below the folder that it works in: "/src/hello.c". */
  readonly inputs: readonly FileRequest[]
  /** What it gets of the packages that the recipe's `dependencies` install, in the image or for steps. */
  readonly dependencies?: readonly StepDependency[]
  /** The commands for a POSIX shell; the first one that fails ends the step. */
  readonly run: string
  readonly environment: Readonly<Record<string, string>>
  readonly outputs: readonly StepOutput[]
  /** Seconds. */
  readonly timeout: number
}

/** A file or folder of the application's own packages that a step works on. */
export interface StepDependency {
  /** Where the image would have it, leading slash. */
  readonly source: string
  /** Where the step has it, as the paths of inputs: "/node_modules". */
  readonly path: string
}

/** A file or folder that a step makes and the image gets; nothing else of the sandbox gets into the image. */
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

/** One object that a step made, as a lock records it. */
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
