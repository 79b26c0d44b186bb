import type { ScanResult } from '../../model/advisory/finding.ts'
import type { Tier } from '../../model/assess/assessment.ts'
import type { Level, Violation } from '../../model/rule.ts'

/**
 * What is known about one image: everything that a policy judges. What was not looked at is absent, and `unjudged`
 * says why.
 */
export interface ImageFacts {
  readonly image: ImageDescription
  /** What the rules found. */
  readonly violations: readonly Violation[]
  /** Ids of the rules that were judged, broken or not. */
  readonly judged: ReadonlySet<string>
  /** Rules that could not be judged, with their own level. */
  readonly unjudgedRules: readonly UnjudgedRule[]
  readonly tier?: Tier
  /** What to do for the next tier, as sentences without full stops. */
  readonly next?: readonly string[]
  /** Tier by the id of the aspect. */
  readonly aspects?: Readonly<Record<string, Tier>>
  readonly scan?: ScanResult
  /** What is attached to the image, and whether a trusted signer signed it. */
  readonly evidence?: readonly EvidenceFact[]
  /** Why something above is absent. */
  readonly unjudged: Readonly<Partial<Record<FactKind, UnknownFact>>>
}

export const factKinds = ['rules', 'tier', 'scan', 'evidence'] as const
export type FactKind = (typeof factKinds)[number]

/** Why something is not known, and how to find it out, as phrases. */
export interface UnknownFact {
  readonly why: string
  readonly remedy: string
}

export interface UnjudgedRule extends UnknownFact {
  readonly rule: string
  readonly level: Level
}

export interface EvidenceFact {
  /** Predicate type. */
  readonly type: string
  readonly verified: boolean
  /** Why, as a sentence without a full stop. */
  readonly reason: string
  /** Key ids and identities. */
  readonly signers: readonly string[]
}

/** The image itself, as its manifest and configuration describe it. */
export interface ImageDescription {
  /** The reference that was given. */
  readonly reference: string
  /** "HOST/REPOSITORY" in its normal form, or "oci:PATH". */
  readonly repository: string
  readonly digest: string
  /** "linux/amd64". */
  readonly platform: string
  /** Size in bytes of all layers as they are transferred. */
  readonly size: number
  readonly layers: number
  /** RFC 3339. */
  readonly created?: string
  readonly user: string
  readonly entrypoint: readonly string[]
  readonly cmd: readonly string[]
  readonly workdir: string
  readonly stopSignal: string
  /** Name → value. */
  readonly env: Readonly<Record<string, string>>
  /** As the configuration writes them: "8080/tcp". */
  readonly ports: readonly string[]
  readonly volumes: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}
