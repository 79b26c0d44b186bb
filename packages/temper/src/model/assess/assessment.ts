import type { Digest } from '../../base/digest.ts'
import type { InventoryNote } from '../inventory.ts'
import type { Level, Place } from '../rule.ts'
import type { NamedSetting } from './setting.ts'
import type { SourceLine } from './source-line.ts'

/** How far an image is hardened, starting from not at all. Each tier includes the requirements of the one before. */
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
  /** The lowest tier that requires it: in this aspect, an image that breaks it reaches at most the tier below. */
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
  /**
   * The instruction of the Dockerfile that brought it, as far as the image's history says: "RUN apt-get install -y
   * curl".
   */
  readonly instruction?: string
  /** The package that brought it. */
  readonly package?: string
  /** What it is about besides files. */
  readonly setting?: NamedSetting
  /** The line of the recipe or Dockerfile that would repair it, where one of these is known. */
  readonly source?: SourceLine
  /** How many it stands for that are not listed one by one. */
  readonly more?: number
}

/** How many findings there are, including those that are not listed one by one. */
export function countFindings(findings: readonly Pick<AssessedFinding, 'more'>[]): number {
  return findings.reduce((sum, { more = 1 }) => sum + more, 0)
}

/** A rule that could not be checked. */
export interface Unjudged extends Graded {
  /** What it needs was not asked for: this blocks no tier. */
  readonly optional?: true
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
  /** False when one of its rules could not be checked: then the result is incomplete. */
  readonly judged: boolean
}

/** One thing to do on the way to the next tier. */
export interface TierStep extends Graded {
  readonly rule: string
  /** Every rule that it is about: several where they could not be checked for the same reason. */
  readonly rules: readonly string[]
  /** What to do, and to what: as a sentence without a full stop. */
  readonly todo: string
  /** How many findings this removes; 0: the rule could not be checked, and this makes it possible. */
  readonly findings: number
  /** The lines of the recipe or Dockerfile to change for that, the first few of them. */
  readonly sources?: readonly SourceLine[]
}

/** Numbers that two images are compared by. */
export interface Measures {
  /** Bytes that are transferred; for a folder those of its files. */
  readonly size: number
  /** Bytes of the files of the finished tree. */
  readonly unpacked: number
  readonly layers: number
  readonly packages: number
  readonly files: number
  /** Programs and scripts that may be started, and libraries. */
  readonly executables: number
  /** Files with setuid or setgid bits, or capabilities. */
  readonly setuid: number
  /** Known vulnerabilities; absent where there are no advisories. */
  readonly vulnerabilities?: number
}

/** A layer, as a report shows it. */
export interface AssessedLayer {
  /** Absent for a folder. */
  readonly diffId?: Digest
  /** Bytes that are transferred. */
  readonly size: number
  /** Bytes of its files. */
  readonly bytes: number
  /** Bytes of its files that later layers delete or replace. */
  readonly hidden: number
  readonly createdBy?: string
  readonly origin?: 'base' | 'application'
}

/** What was assessed. */
export interface AssessedTarget {
  /** As the person named it. */
  readonly name: string
  readonly kind: 'image' | 'directory'
  /** Of the image of one platform. */
  readonly digest?: Digest
  /** "linux/amd64". */
  readonly platform?: string
  /** "Debian GNU/Linux 13 (trixie)". */
  readonly distribution?: string
}

/** A module for cryptography that says it is made for FIPS 140. */
export interface FipsModule {
  /** Absolute, in the image. */
  readonly path: string
  /** As its bytes have it: "OpenSSL FIPS Provider", "3.5.9". */
  readonly name?: string
  readonly version?: string
  /** The package that brought it: "openssl-provider-fips 3.5.9-1~deb13u1". */
  readonly package?: string
  /** Number of the certificate that a text in the module names. */
  readonly certificate?: string
}

/**
 * What there is of FIPS in an image. That a module is validated is nothing that its bytes show: it stays its vendor's
 * claim.
 */
export interface FipsReport {
  /** The label, annotation or variable that claims it; absent: nothing does. */
  readonly claimed?: string
  readonly modules: readonly FipsModule[]
  /** Whether OpenSSL uses one of them and nothing else. */
  readonly active: boolean
  /** What is in the way of that, as phrases. */
  readonly missing: readonly string[]
  /** Numbers of certificates that the image's labels and annotations name. */
  readonly certificates: readonly string[]
}

/** The level of SLSA's build track, as far as evidence shows it. */
export interface SlsaReport {
  readonly build: 0 | 1 | 2
  /** As a phrase. */
  readonly why: string
}

/** Which tier an image is in, why, and what to do about it. */
export interface Assessment {
  readonly target: AssessedTarget
  readonly tier: Tier
  /** All of them, in the order of `aspects`. */
  readonly aspects: readonly AspectGrade[]
  /** The shortest list of things to do for the next tier; empty: there is none. */
  readonly next: readonly TierStep[]
  /** Worst first, then in the order of the rules, then by place. */
  readonly findings: readonly AssessedFinding[]
  readonly unjudged: readonly Unjudged[]
  readonly measures: Measures
  /** Lowest first. */
  readonly layers: readonly AssessedLayer[]
  /** Absent: there is nothing of it, and nothing claims it. */
  readonly fips?: FipsReport
  /** Absent for a folder. */
  readonly slsa?: SlsaReport
  /** What a reader has to know besides. */
  readonly notes: readonly InventoryNote[]
  readonly against?: AssessedAgainst
  /** RFC 3339. */
  readonly assessed: string
}

/** How another image compares with it. */
export interface AssessedAgainst
  extends Pick<Assessment, 'target' | 'tier' | 'aspects' | 'measures' | 'layers'> {
  /** Ids of rules that only this image breaks, and that only the other one does. */
  readonly onlyThis: readonly string[]
  readonly onlyOther: readonly string[]
}
