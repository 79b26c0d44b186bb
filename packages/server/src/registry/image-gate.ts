import type { ContentDigest } from './name.ts'

export interface GateReason {
  readonly rule: string
  readonly found: string
}

/** A policy's decision about an image that is about to get a tag. */
export interface GateVerdict {
  readonly allowed: boolean
  readonly policy: string
  readonly reasons: readonly GateReason[]
}

/** Judges an image of the registry by its digest: an image that cannot be judged is not allowed. */
export type ImageGate = (repository: string, digest: ContentDigest) => Promise<GateVerdict>
