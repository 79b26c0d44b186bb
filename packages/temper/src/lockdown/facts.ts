import type { Digest } from '../base/digest.ts'
import type { RunContract } from '../model/assess/run-contract.ts'

/** A folder of the image that its user may write to. */
export interface WritableFolder {
  /** Absolute. */
  readonly path: string
  /** How many files and folders the image has in it: an empty file system over it hides them. */
  readonly holds: number
  readonly uid: number
  readonly gid: number
  readonly mode: number
}

/** What was read of an image: its configuration, and what its layers prove. */
export interface LockdownFacts {
  /** How the image is called where it will run, without a digest: "registry.example/team/nginx". */
  readonly name: string
  readonly digest: Digest
  readonly contract: RunContract
  /** The user that it runs as, by the accounts in its layers. Undefined: nobody knows the name that it gives. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined
  /** Sorted by path; everything for root, so then empty. */
  readonly writable: readonly WritableFolder[]
  /** Folders that volumes and writable paths name, that are in the image, with what they hold. */
  readonly folders: ReadonlyMap<string, WritableFolder>
  /** Files with setuid or setgid bits or with capabilities: absolute paths, sorted. */
  readonly privileged: readonly string[]
}
