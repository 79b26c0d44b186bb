import type { Digest } from '../../base/digest.ts'
import type { Level } from '../../model/rule.ts'
import type { PodSecurityLevel } from '../../rules/kubernetes/level.ts'
import type { WaiverJson } from '../assess/gate-json.ts'

/** Where a file says something: line and column count from 1. */
export interface AdmittedPlace {
  /** The name that the person gave it. */
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Why an image or a pod is refused, or what is remarked about it. */
export interface AdmissionReason extends AdmittedPlace {
  readonly rule: string
  /** Only an "error" refuses. */
  readonly level: Level
  readonly found: string
  readonly remedy: string
}

/** An image that a file names. */
export interface AdmittedImage extends AdmittedPlace {
  readonly image: string
  /** Where it is in the file: "Deployment web, container nginx". */
  readonly where: string
  /** The digest, if the registry was asked: of the manifest, or of the index of an image for several platforms. */
  readonly digest?: Digest
  readonly allowed: boolean
  /** False when it could not be examined: it is then allowed only if nothing is required of images. */
  readonly judged: boolean
  readonly reasons: readonly AdmissionReason[]
  /** What exceptions of the policy let pass. */
  readonly waived: readonly WaiverJson[]
}

/** A pod that a file asks for, checked against the Pod Security Standards and what its images declare. */
export interface AdmittedPod extends AdmittedPlace {
  readonly kind: string
  readonly name: string
  readonly namespace?: string
  readonly allowed: boolean
  readonly reasons: readonly AdmissionReason[]
  /** What exceptions of the policy let pass. */
  readonly waived: readonly WaiverJson[]
}

/** Something that was not judged. */
export interface UnjudgedPlace extends AdmittedPlace {
  /** The reason, as a phrase. */
  readonly why: string
}

/** A file whose images were pinned. */
export interface PinnedFile {
  readonly file: string
  readonly text: string
  /** How many names were replaced. */
  readonly pinned: number
}

/** What files ask for, judged. */
export interface Admission {
  readonly allowed: boolean
  readonly podSecurity: PodSecurityLevel
  /** Name of the policy that images are checked against; absent when there is none. */
  readonly policy?: string
  /** Objects and services that were read. */
  readonly objects: number
  readonly images: readonly AdmittedImage[]
  readonly pods: readonly AdmittedPod[]
  readonly unjudged: readonly UnjudgedPlace[]
  /** Files that pinning changes; empty unless it was asked for. */
  readonly pinned: readonly PinnedFile[]
}
