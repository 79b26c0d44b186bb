import type { Digest } from '../../base/digest.ts'

/** Conditions under which a control is about an image at all. */
export const applicabilities = {
  'declares-ports': 'the image declares no port',
  'claims-fips': 'the image does not claim to use FIPS modules',
} as const
export type Applicability = keyof typeof applicabilities

/** One requirement of a framework, and what an image can show about it. */
export interface ControlDefinition {
  /** The identifier as the document writes it: "CM-7", "4.1". */
  readonly id: string
  /** The title in a machine-readable source; absent when there is none. */
  readonly title?: string
  /** Ids of the rules that are evidence for it; empty when a person has to look. */
  readonly rules: readonly string[]
  /**
   * What no rule can check and is left for a person, as a phrase. Absent when the rules cover everything that
   * concerns an image.
   */
  readonly rest?: string
  readonly applies?: Applicability
  /** True when even what is a note elsewhere breaks the control, since it asks for exactly this. */
  readonly strict?: true
  /** True when its rules can show that it is broken, but never that it is met. */
  readonly faultsOnly?: true
}

export interface FrameworkSource {
  /** The document that defines the identifiers. */
  readonly document: string
  readonly publisher: string
  /** The source of the titles, with its exact version; absent when there is none, so that controls have no titles. */
  readonly machineReadable?: string
}

/** A set of requirements that images are checked against. */
export interface Framework {
  /** "nist-800-53-r5". */
  readonly id: string
  readonly title: string
  /** Edition of the document. */
  readonly version: string
  readonly source: FrameworkSource
  readonly controls: readonly ControlDefinition[]
}

/** "manual" means that only a person can tell. A control never counts as met unless a rule was checked. */
export const controlStatuses = ['fail', 'manual', 'pass', 'not-applicable'] as const
export type ControlStatus = (typeof controlStatuses)[number]

/** The result of one rule. */
export interface RuleEvidence {
  readonly rule: string
  readonly title: string
  /** "noted" means not broken, but with something that a person has to weigh. */
  readonly outcome: 'kept' | 'noted' | 'broken' | 'unjudged'
  /** Number of findings. */
  readonly findings: number
  /** The first findings: "/usr/bin/su: setuid (mode 4755)". */
  readonly examples: readonly string[]
  /** Why it could not be checked. */
  readonly why?: string
}

export interface ControlResult {
  readonly id: string
  readonly title?: string
  /** Status of the image alone; what concerns its surroundings is in `rest`. */
  readonly status: ControlStatus
  /** Why, as a sentence without a full stop. */
  readonly reason: string
  readonly evidence: readonly RuleEvidence[]
  /** What is left for a person. */
  readonly rest?: string
}

/** How far an image meets a framework. */
export interface Compliance {
  readonly framework: Omit<Framework, 'controls'>
  readonly image: {
    readonly reference: string
    readonly digest?: Digest
    readonly platform?: string
  }
  /** RFC 3339. */
  readonly assessed: string
  readonly generator: { readonly name: string; readonly version: string }
  readonly counts: Readonly<Record<ControlStatus, number>>
  readonly controls: readonly ControlResult[]
  /** What the image has for FIPS, in sentences; absent when there is nothing. */
  readonly fips?: readonly string[]
}
