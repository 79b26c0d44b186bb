import type { ContainerResult } from '../container.ts'

/** One object that goes into a sandbox or comes out of it. */
export interface SandboxFile {
  /** Path below the working folder, without leading slash, `.` or `..`. */
  readonly path: string
  readonly type: 'file' | 'directory' | 'symlink'
  /** Permission bits; for outputs, only the execute permission of the owner counts. */
  readonly mode: number
  /** Bytes of a file; else empty. */
  readonly content: Uint8Array
  /** What a link points to. */
  readonly target?: string
}

/** A program that runs once on a read-only root file system, and the outputs that it leaves in its folder. */
export interface SandboxJob {
  readonly args: readonly string[]
  /** "NAME=value". */
  readonly environment: readonly string[]
  /** The absolute path of its working folder, which the root has. */
  readonly folder: string
  readonly inputs: readonly SandboxFile[]
  /** Time of everything in the folder when it starts, in seconds since 1970. */
  readonly mtime: number
  /** Paths below the folder that are taken out. */
  readonly outputs: readonly string[]
  /** Seconds. */
  readonly timeout: number
}

export interface SandboxOutcome {
  readonly result: ContainerResult
  /**
   * For each output, in the order of the job, everything that is there, folders first, sorted by path; empty unless
   * the program succeeded.
   */
  readonly outputs: readonly (readonly SandboxFile[])[]
}

/** The program that makes sandboxes on this machine. */
export type SandboxProgram =
  /** Needs root. */
  | { readonly name: 'runc'; readonly program: string }
  /** bubblewrap, which any user can use where the kernel lets users make namespaces. */
  | { readonly name: 'bwrap'; readonly program: string }
