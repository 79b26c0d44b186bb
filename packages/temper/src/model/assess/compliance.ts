import type { Digest } from '../../base/digest.ts'

/** Conditions under which a control is about an image at all. */
export const applicabilities = {
  'declares-ports': 'the image declares no port',
  'claims-fips': 'the image does not claim to use FIPS modules',
} as const
export type Applicability = keyof typeof applicabilities

/** One requirement of a framework, and what can be said of it by looking at an image. */
export interface ControlDefinition {
  /** As the document writes it: "CM-7", "4.1". */
  readonly id: string
  /** As a machine-readable source has it; absent where there is none. */
  readonly title?: string
  /** Ids of the rules that are evidence for it; empty: a person has to look. */
  readonly rules: readonly string[]
  /** What no rule can tell, for a person to do: as a phrase. Absent: the rules are all there is to it in an image. */
  readonly rest?: string
  readonly applies?: Applicability
  /** It asks for the very thing: what is a note elsewhere breaks it. */
  readonly strict?: true
  /** Its rules can show that it is broken, and never that it is kept. */
  readonly faultsOnly?: true
}

export interface FrameworkSource {
  /** The document that the identifiers are from. */
  readonly document: string
  readonly publisher: string
  /** Where titles were taken from, with the exact version; absent: nowhere, so controls have no title. */
  readonly machineReadable?: string
}

/** Requirements that images are held against. */
export interface Framework {
  /** "nist-800-53-r5". */
  readonly id: string
  readonly title: string
  /** Edition of the document. */
  readonly version: string
  readonly source: FrameworkSource
  readonly controls: readonly ControlDefinition[]
}

/** "manual": nobody but a person can tell. Never said to be kept without a rule that was checked. */
export const controlStatuses = ['fail', 'manual', 'pass', 'not-applicable'] as const
export type ControlStatus = (typeof controlStatuses)[number]

/** What one rule said. */
export interface RuleEvidence {
  readonly rule: string
  readonly title: string
  /** "noted": not broken, but there is something about it that a person has to weigh. */
  readonly outcome: 'kept' | 'noted' | 'broken' | 'unjudged'
  /** How many findings. */
  readonly findings: number
  /** The first of them: "/usr/bin/su: setuid (mode 4755)". */
  readonly examples: readonly string[]
  /** Why it could not be checked. */
  readonly why?: string
}

export interface ControlResult {
  readonly id: string
  readonly title?: string
  /** Of the image alone: what is around it stays with `rest`. */
  readonly status: ControlStatus
  /** Why, as a sentence without a full stop. */
  readonly reason: string
  readonly evidence: readonly RuleEvidence[]
  /** What is left for a person. */
  readonly rest?: string
}

/** How an image stands to a framework. */
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
  /** What there is of FIPS in the image, in sentences; absent: nothing. */
  readonly fips?: readonly string[]
}
