import type { Digest } from '../base/digest.ts'
import type { Level, Place } from './rule.ts'

/** How far an image is hardened, from not at all. Each tier asks for all that the one before asks for. */
export const tiers = ['regular', 'minimal', 'hardened', 'secure'] as const
export type Tier = (typeof tiers)[number]

/** What an image is judged by, in the order of reports. */
export const aspects = [
  'contents',
  'attack-surface',
  'vulnerabilities',
  'user-and-permissions',
  'patching',
  'provenance',
  'policy',
] as const
export type Aspect = (typeof aspects)[number]

/** What each aspect is called, for people. */
export const aspectTitles: Readonly<Record<Aspect, string>> = {
  contents: 'Contents and footprint',
  'attack-surface': 'Attack surface',
  vulnerabilities: 'Vulnerabilities',
  'user-and-permissions': 'User and permissions',
  patching: 'Patching',
  provenance: 'Provenance and trust',
  policy: 'Policy',
}

/** Where a rule counts. */
export interface Graded {
  readonly aspect: Aspect
  /** The lowest tier that asks for it: an image that breaks it is at most in the tier below, in this aspect. */
  readonly tier: Exclude<Tier, 'regular'>
}

/** Whether a tier is reached where another one is asked for. */
export function reaches(tier: Tier, asked: Tier): boolean {
  return tiers.indexOf(tier) >= tiers.indexOf(asked)
}

/** What breaks a rule in an image, with what would repair it. */
export interface AssessedFinding extends Graded {
  readonly rule: string
  readonly level: Level
  /** What breaks it, in as few words as name it: "/usr/bin/bash". */
  readonly subject: string
  readonly place: Place
  /** Absolute, in the image; absent where the fault is in no file. */
  readonly path?: string
  /** Diff id of the layer that brought it. */
  readonly layer?: Digest
  readonly found: string
  readonly remedy: string
}

/** A rule that could not be checked. */
export interface Unjudged extends Graded {
  readonly rule: string
  /** Why, as a sentence without a full stop. */
  readonly why: string
}

/** How an image stands in one aspect. */
export interface AspectGrade {
  readonly id: Aspect
  readonly tier: Tier
  /** What keeps it from the next tier, most telling first, as sentences without full stops; empty: it is secure. */
  readonly reasons: readonly string[]
  /** False when a rule of it could not be checked: then what is said of it is not all there is to say. */
  readonly judged: boolean
}
