import { severities } from '../model/advisory/advisory.ts'
import type { Finding, ScanResult, Upgrade } from '../model/advisory/finding.ts'
import { upgradeOf } from '../model/advisory/scan-report.ts'

/** Findings that one upgrade removes, or that nothing removes yet. */
export interface UpgradeGroup {
  readonly upgrade: Upgrade
  /** Most urgent first. */
  readonly findings: readonly Finding[]
}

/** What to do, in order of urgency, and what nothing can be done about yet. */
export interface UpgradePlan {
  readonly fixable: readonly UpgradeGroup[]
  readonly waiting: readonly UpgradeGroup[]
}

/** Groups findings by the upgrade that removes them. Each finding is in one group. */
export function upgradePlan(result: Pick<ScanResult, 'findings' | 'upgrades'>): UpgradePlan {
  const groups = new Map<Upgrade, Finding[]>()
  for (const finding of result.findings) {
    const upgrade = upgradeOf(finding, result.upgrades) ?? lone(finding, groups)
    const group = groups.get(upgrade)
    if (group === undefined) groups.set(upgrade, [finding])
    else group.push(finding)
  }
  const sorted = [...groups]
    .map(([upgrade, findings]) => ({ upgrade, findings: findings.toSorted(byUrgency) }))
    .sort((a, b) => compareGroups(a, b))
  return {
    fixable: sorted.filter(({ upgrade }) => upgrade.to !== undefined),
    waiting: sorted.filter(({ upgrade }) => upgrade.to === undefined),
  }
}

/** A plan need not name findings without a repair: they are grouped by what they are in. */
function lone({ component, id }: Finding, groups: ReadonlyMap<Upgrade, unknown>): Upgrade {
  const name = component.source?.name ?? component.name
  const from = component.source?.version ?? component.version
  for (const known of groups.keys())
    if (known.to === undefined && known.type === component.type && known.name === name && known.from === from)
      return known
  return { name, type: component.type, from, removes: [id] }
}

/** Known exploitation first, then priority, severity, and the id so that the order is always the same. */
export function byUrgency(a: Finding, b: Finding): number {
  return (
    Number(b.exploited !== undefined) - Number(a.exploited !== undefined) ||
    b.priority.value - a.priority.value ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  )
}

function compareGroups(a: UpgradeGroup, b: UpgradeGroup): number {
  const [first, second] = [a.findings[0], b.findings[0]]
  const urgency = first === undefined || second === undefined ? 0 : byUrgencyOnly(first, second)
  return urgency || b.findings.length - a.findings.length || (a.upgrade.name < b.upgrade.name ? -1 : 1)
}

function byUrgencyOnly(a: Finding, b: Finding): number {
  return byUrgency({ ...a, id: '' }, { ...b, id: '' })
}

/** Ids of findings, each once, in the order of the findings: several packages of one source share a problem. */
export function distinct(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>()
  return findings.filter(({ id }) => !seen.has(id) && seen.add(id))
}
