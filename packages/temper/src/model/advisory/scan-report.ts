import type { ComponentType, InventoryNote } from '../inventory.ts'
import type { Violation } from '../rule.ts'
import type { Severity } from './advisory.ts'
import type { Finding, ScanResult, SecretFinding, Upgrade } from './finding.ts'
import { ledgerTotals } from './ledger.ts'

/** One scan as reports show it: what was found, what the gate says about it, and how it differs from an earlier one. */
export interface ScanReport {
  readonly result: ScanResult
  /**
   * Number of findings that were left out of `result` because they are below the chosen severity or have no fix; the
   * gate saw them.
   */
  readonly hidden: number
  /** Absent when no rule was given. */
  readonly verdict?: Verdict
  readonly comparison?: Comparison
  /** Whether suppressed findings are listed; their number always is. */
  readonly showSuppressed: boolean
  /** Whether the outcome of each component is listed. */
  readonly showComponents: boolean
  readonly times: ScanTimes
}

/** When the scan ran, RFC 3339, for formats that require it. */
export interface ScanTimes {
  readonly started: string
  readonly finished: string
}

/** The verdict of the gate. */
export interface Verdict {
  readonly passed: boolean
  /** The rules, as they were written. */
  readonly rules: readonly string[]
  /** In the order of the findings; one for each rule that a finding breaks. */
  readonly violations: readonly GateViolation[]
}

/** What the rules of a gate are about: findings, secrets, or the target as a whole. */
export const gateKinds = ['finding', 'secret', 'end-of-life', 'stale-feeds', 'incomplete'] as const

/** Further facts in a violation of a gate rule. */
export interface GateFacts {
  readonly kind: (typeof gateKinds)[number]
  /** Id of the finding, of the secret's rule, of the feed, or of the distribution. */
  readonly id: string
  /** Set when `kind` is "finding". */
  readonly finding?: Finding
  /** The upgrade that removes it, where there is one. */
  readonly upgrade?: Upgrade
  /** Set when `kind` is "secret". */
  readonly secret?: SecretFinding
}

/** Something that breaks a rule of the gate; `rule` is the rule as it was written: "high+fixable>7d". */
export type GateViolation = Violation & GateFacts

/** How a scan differs from another one. */
export interface Comparison {
  /** The other target, under the name that was given. */
  readonly with: string
  readonly appeared: readonly ComparedFinding[]
  readonly disappeared: readonly ComparedFinding[]
  readonly stayed: readonly ComparedFinding[]
}

/** The part of a finding that an earlier result has, too. */
export interface ComparedFinding {
  readonly id: string
  readonly severity: Severity
  readonly package: {
    readonly type: ComponentType
    readonly name: string
    readonly version: string
  }
  /** The version that the package had in the other scan, when it differs. */
  readonly earlierVersion?: string
  readonly fixedVersions: readonly string[]
}

/** The upgrade of a plan that removes a finding; undefined when there is none. */
export function upgradeOf(finding: Finding, upgrades: readonly Upgrade[]): Upgrade | undefined {
  const { component, id } = finding
  const names = new Set([component.name, component.source?.name])
  const versions = [component.version, component.source?.version]
  const plan = planIndex(upgrades)
  const candidates = [...names].flatMap((name) => plan.get(`${component.type}\n${name}\n${id}`) ?? [])
  return candidates.find((upgrade) => versions.includes(upgrade.from)) ?? candidates[0]
}

const plans = new WeakMap<readonly Upgrade[], ReadonlyMap<string, readonly Upgrade[]>>()

/** Upgrades by type, name and what they remove: plans of thousands of findings are asked for each of them. */
function planIndex(upgrades: readonly Upgrade[]): ReadonlyMap<string, readonly Upgrade[]> {
  const known = plans.get(upgrades)
  if (known !== undefined) return known
  const index = new Map<string, Upgrade[]>()
  for (const upgrade of upgrades) {
    for (const id of upgrade.removes) {
      const key = `${upgrade.type}\n${upgrade.name}\n${id}`
      const same = index.get(key)
      if (same === undefined) index.set(key, [upgrade])
      else same.push(upgrade)
    }
  }
  plans.set(upgrades, index)
  return index
}

const broken = new WeakMap<Verdict, ReadonlyMap<Finding, readonly GateViolation[]>>()

/** The violations of a finding; undefined without a verdict. */
export function violationsOf(
  finding: Finding,
  verdict: Verdict | undefined,
): readonly GateViolation[] | undefined {
  if (verdict === undefined) return undefined
  let index = broken.get(verdict)
  if (index === undefined) {
    const ofFindings = verdict.violations.filter((violation) => violation.finding !== undefined)
    index = Map.groupBy(ofFindings, ({ finding: about }) => about as Finding)
    broken.set(verdict, index)
  }
  return index.get(finding) ?? []
}

/** Notes that say that packages were not found, or not compared. */
const gaps: ReadonlySet<string> = new Set([
  'archive-unnamed',
  'feed-damaged',
  'incomplete-lock',
  'no-advisories',
  'no-lock',
  'no-packages',
  'package-database-deleted',
  'database-damaged',
  'database-incomplete',
  'limit-exceeded',
  'packages-not-listed',
  'repeated-name',
  'unreadable-archive',
  'unreadable-file',
  'version-unknown',
])

/** Whether everything in the target was read and compared, so that finding nothing is good news. */
export function isComplete({
  feeds,
  ledger,
  notes,
}: Pick<ScanResult, 'feeds' | 'ledger' | 'notes'>): boolean {
  return feeds.length > 0 && ledgerTotals(ledger).complete && !notes.some(isGap)
}

/** Whether a note says that something was not found or not compared. */
export function isGap({ code }: InventoryNote): boolean {
  return gaps.has(code)
}
