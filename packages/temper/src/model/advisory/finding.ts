import type { Component, Distribution, InventoryLayer, InventoryNote, Location } from '../inventory.ts'
import type { Violation } from '../rule.ts'
import type { ExploitPrediction, FeedState, KnownExploited, Severity, UnfixedState } from './advisory.ts'
import type { LedgerEntry } from './ledger.ts'
import type { UnusedRule } from './unused-rule.ts'
import type { VexJustification, VexStatus } from './vex.ts'

/** One problem of one component: all records about it, from all feeds, merged. */
export interface Finding {
  /** The CVE where there is one, else the id of the record. */
  readonly id: string
  /** All other names of the problem, sorted. */
  readonly aliases: readonly string[]
  readonly title?: string
  /** Whether the package was made to do harm, which is worse than any flaw. */
  readonly malicious?: boolean
  readonly component: Component
  /** Versions that fix it, lowest first, in the component's own scheme; empty when none is known. */
  readonly fixedVersions: readonly string[]
  /** What the distribution says when there is no fix. */
  readonly unfixed?: UnfixedState
  readonly severity: Severity
  /** Where the severity comes from: "CVSS 3.1 (osv)", "Debian: unimportant". */
  readonly severitySource: string
  /** CVSS base score. */
  readonly score?: number
  readonly vector?: string
  readonly exploited?: KnownExploited
  readonly prediction?: ExploitPrediction
  readonly priority: Priority
  /** VEX status; "affected" unless another was stated. */
  readonly status: VexStatus
  readonly justification?: VexJustification
  /** Why it counts (or does not), with versions: "1.2.3-1 is below 1.2.3-2, fixed in Debian:12". */
  readonly reason: string
  /** Ids of the feeds that list it, sorted. */
  readonly feeds: readonly string[]
  /** RFC 3339. */
  readonly published?: string
  /** When a fixed version came out, where a feed says so. */
  readonly fixPublished?: string
  readonly references: readonly string[]
}

/** How soon to look at a finding. */
export interface Priority {
  readonly level: 'urgent' | 'high' | 'medium' | 'low'
  /** From 0 to 100. */
  readonly value: number
  /** The reason, as a phrase: "known to be exploited, fix available". */
  readonly why: string
}

/** A finding that does not count, with who said so. Shown on request. */
export interface SuppressedFinding extends Finding {
  readonly suppressedBy: {
    readonly kind: 'vex' | 'rule'
    /** The document, or the rule. */
    readonly source: string
    /** RFC 3339. */
    readonly expires?: string
  }
}

/** A secret in a layer, as a violation of a rule about secrets. It never holds the secret itself. */
export interface SecretFinding extends Violation {
  /** The rule's title: "GitHub token". */
  readonly title: string
  readonly severity: Severity
  readonly location: Location
  /** From 1. */
  readonly line: number
  /** The text of the place, with everything secret replaced. */
  readonly excerpt: string
  /** True when a later layer deletes the file; whoever has the image can still read it. */
  readonly deleted: boolean
}

/** A secret that does not count, with who said so. */
export interface SuppressedSecret extends SecretFinding {
  readonly reason: string
  readonly suppressedBy: SuppressedFinding['suppressedBy']
}

/** The upgrade that removes findings, by which reports group them. */
export interface Upgrade {
  /** The source package for distributions, else the component's name. */
  readonly name: string
  readonly type: Component['type']
  readonly from: string
  /** The lowest version that removes all of them; absent when there is none yet. */
  readonly to?: string
  /** Ids of findings. */
  readonly removes: readonly string[]
}

/** How long a release is still supported. */
export interface SupportState {
  readonly distribution: Distribution
  /** Day of the end of (security) support, YYYY-MM-DD. */
  readonly endOfLife: string
  readonly ended: boolean
}

/** The complete result of a scan, from which every report is written. */
export interface ScanResult {
  readonly target: {
    /** The target as it was named. */
    readonly name: string
    readonly kind: 'image' | 'directory' | 'sbom' | 'lock'
    /** Digest of the image. */
    readonly digest?: string
    readonly platform?: string
    readonly distribution?: Distribution
    /** Where the inventory comes from: "layers", "attached SBOM sha256:…", "file". */
    readonly inventoryFrom: string
  }
  readonly layers: readonly InventoryLayer[]
  /** Number of components. */
  readonly packages: number
  /** The outcome for each component, in the order of the inventory. */
  readonly ledger: readonly LedgerEntry[]
  /** Most urgent first. */
  readonly findings: readonly Finding[]
  readonly suppressed: readonly SuppressedFinding[]
  readonly secrets: readonly SecretFinding[]
  readonly suppressedSecrets: readonly SuppressedSecret[]
  readonly upgrades: readonly Upgrade[]
  /** VEX statements and ignore rules that match nothing. */
  readonly unused?: readonly UnusedRule[]
  readonly support?: SupportState
  readonly notes: readonly InventoryNote[]
  readonly feeds: readonly FeedState[]
  /**
   * The requested day, else the oldest day of the feeds that were consulted: RFC 3339 or YYYY-MM-DD. Absent when none
   * is known.
   */
  readonly asOf?: string
  readonly generator: { readonly name: string; readonly version: string }
}
