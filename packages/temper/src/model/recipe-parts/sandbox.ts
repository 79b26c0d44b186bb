import type { ContainerResult } from '../container.ts'

/** One object that goes into a sandbox or comes out of it. */
export interface SandboxFile {
  /** Below the folder that is worked in: no leading slash, no `.` or `..`. */
  readonly path: string
  readonly type: 'file' | 'directory' | 'symlink'
  /** Permission bits; for what comes out only whether its owner may execute it counts. */
  readonly mode: number
  /** Bytes of a file; else empty. */
  readonly content: Uint8Array
  /** What a link points to. */
  readonly target?: string
}

/** A program that runs once, over a root that nothing can change, and what it leaves in its folder. */
export interface SandboxJob {
  readonly args: readonly string[]
  /** "NAME=value". */
  readonly environment: readonly string[]
  /** The folder that it works in, which the root has: absolute. */
  readonly folder: string
  readonly inputs: readonly SandboxFile[]
  /** Time of everything that lies in the folder when it starts, in seconds since 1970. */
  readonly mtime: number
  /** What is taken out, below the folder. */
  readonly outputs: readonly string[]
  /** Seconds. */
  readonly timeout: number
}

export interface SandboxOutcome {
  readonly result: ContainerResult
  /** For each output in the order of the job all that is there, folders first, sorted by path; empty unless it ended well. */
  readonly outputs: readonly (readonly SandboxFile[])[]
}

/** What makes sandboxes on this machine. */
export type SandboxProgram =
  /** Needs root. */
  | { readonly name: 'runc'; readonly program: string }
  /** bubblewrap: for anybody, where the kernel lets users make namespaces. */
  | { readonly name: 'bwrap'; readonly program: string }
