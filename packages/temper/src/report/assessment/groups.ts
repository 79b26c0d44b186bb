import { type AssessedFinding, countFindings } from '../../model/assess/assessment.ts'
import type { Level } from '../../model/rule.ts'

/** The findings that break one rule. */
export interface FindingGroup {
  readonly rule: string
  /** The worst of its findings. */
  readonly level: Level
  readonly findings: readonly AssessedFinding[]
  /** Includes those that are not listed one by one. */
  readonly count: number
}

/** Findings by rule, in their order: the worst first. */
export function groupFindings(findings: readonly AssessedFinding[]): readonly FindingGroup[] {
  const groups = new Map<string, AssessedFinding[]>()
  for (const finding of findings) {
    const known = groups.get(finding.rule)
    if (known === undefined) groups.set(finding.rule, [finding])
    else known.push(finding)
  }
  return [...groups].map(([rule, same]) => ({
    rule,
    level: same[0]?.level ?? 'note',
    findings: same,
    count: countFindings(same),
  }))
}
