import type { Digest } from '../../base/digest.ts'
import type { InventoryNote } from '../inventory.ts'
import type { Level, Place } from '../rule.ts'
import type { NamedSetting } from './setting.ts'
import type { SourceLine } from './source-line.ts'

/** How far an image is hardened, starting from not at all. Each tier includes the requirements of the one before. */
export const tiers = ['regular', 'minimal', 'hardened', 'secure'] as const
export type Tier = (typeof tiers)[number]

/** The aspects by which an image is judged, in the order of reports. */
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

/** The title of each aspect, for people. */
export const aspectTitles: Readonly<Record<Aspect, string>> = {
  contents: 'Contents and footprint',
  'attack-surface': 'Attack surface',
  vulnerabilities: 'Vulnerabilities',
  'user-and-permissions': 'User and permissions',
  patching: 'Patching',
  provenance: 'Provenance and trust',
  policy: 'Policy',
}

/** The aspect and tier for which a rule counts. */
export interface Graded {
  readonly aspect: Aspect
  /** The lowest tier that requires it: in this aspect, an image that breaks it reaches at most the tier below. */
  readonly tier: Exclude<Tier, 'regular'>
}

/** Whether a tier is at least another one. */
export function reaches(tier: Tier, asked: Tier): boolean {
  return tiers.indexOf(tier) >= tiers.indexOf(asked)
}

/** Something that breaks a rule in an image, with what would fix it. */
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
  /** The setting that it is about, if any. */
  readonly setting?: NamedSetting
  /** The line of the recipe or Dockerfile to change, where one of these is known. */
  readonly source?: SourceLine
  /** How many further findings it stands for, which are not listed one by one. */
  readonly more?: number
}

/** How many findings there are, including those that are not listed one by one. */
export function countFindings(findings: readonly Pick<AssessedFinding, 'more'>[]): number {
  return findings.reduce((sum, { more = 1 }) => sum + more, 0)
}

/** A rule that could not be checked. */
export interface Unjudged extends Graded {
  /** True when what it needs was not requested; this blocks no tier. */
  readonly optional?: true
  readonly rule: string
  /** Why, as a sentence without a full stop. */
  readonly why: string
}

/** How an image stands in one aspect. */
export interface AspectGrade {
  readonly id: Aspect
  readonly tier: Tier
  /**
   * What keeps it from the next tier, the most important first, as sentences without full stops; empty when it is
   * secure.
   */
  readonly reasons: readonly string[]
  /** False when one of its rules could not be checked, so that the result is incomplete. */
  readonly judged: boolean
}

/** One thing to do on the way to the next tier. */
export interface TierStep extends Graded {
  readonly rule: string
  /** Every rule that it is about; several when they could not be checked for the same reason. */
  readonly rules: readonly string[]
  /** What to do, and to what, as a sentence without a full stop. */
  readonly todo: string
  /** How many findings this removes; 0 when the rule could not be checked and this makes that possible. */
  readonly findings: number
  /** The first few lines of the recipe or Dockerfile to change for this. */
  readonly sources?: readonly SourceLine[]
}

/** Numbers that two images are compared by. */
export interface Measures {
  /** Bytes that are transferred; for a folder, the bytes of its files. */
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
  /** Number of known vulnerabilities; absent without advisories. */
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
  /** Digest of the image of one platform. */
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
  /** Name and version as its bytes state them: "OpenSSL FIPS Provider", "3.5.9". */
  readonly name?: string
  readonly version?: string
  /** The package that brought it: "openssl-provider-fips 3.5.9-1~deb13u1". */
  readonly package?: string
  /** Number of the certificate that a text in the module names. */
  readonly certificate?: string
}

/** What an image has for FIPS. Its bytes cannot show that a module is validated; that remains its vendor's claim. */
export interface FipsReport {
  /** The label, annotation or variable that claims FIPS; absent when nothing does. */
  readonly claimed?: string
  readonly modules: readonly FipsModule[]
  /** Whether OpenSSL uses one of them and nothing else. */
  readonly active: boolean
  /** What keeps OpenSSL from doing so, as phrases. */
  readonly missing: readonly string[]
  /** Certificate numbers that the image's labels and annotations name. */
  readonly certificates: readonly string[]
}

/** The level of SLSA's build track, as far as evidence shows it. */
export interface SlsaReport {
  readonly build: 0 | 1 | 2
  /** Why it is this level, as a phrase. */
  readonly why: string
}

/** Which tier an image is in, why, and what to do about it. */
export interface Assessment {
  readonly target: AssessedTarget
  readonly tier: Tier
  /** All aspects, in the order of `aspects`. */
  readonly aspects: readonly AspectGrade[]
  /** The shortest list of things to do for the next tier; empty when there is no higher tier. */
  readonly next: readonly TierStep[]
  /** Worst first, then in the order of the rules, then by place. */
  readonly findings: readonly AssessedFinding[]
  readonly unjudged: readonly Unjudged[]
  readonly measures: Measures
  /** Lowest first. */
  readonly layers: readonly AssessedLayer[]
  /** Absent when the image has no FIPS module and nothing claims FIPS. */
  readonly fips?: FipsReport
  /** Absent for a folder. */
  readonly slsa?: SlsaReport
  /** What else a reader has to know. */
  readonly notes: readonly InventoryNote[]
  readonly against?: AssessedAgainst
  /** RFC 3339. */
  readonly assessed: string
}

/** How another image compares with it. */
export interface AssessedAgainst
  extends Pick<Assessment, 'target' | 'tier' | 'aspects' | 'measures' | 'layers'> {
  /** Ids of rules that only this image breaks, and of those that only the other one breaks. */
  readonly onlyThis: readonly string[]
  readonly onlyOther: readonly string[]
}
