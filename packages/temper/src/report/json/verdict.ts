import { MadeList } from '../../base/json/made-list.ts'
import type { Upgrade } from '../../model/advisory/finding.ts'
import type { GateFacts, GateViolation, Verdict } from '../../model/advisory/scan-report.ts'
import { type ViolationJson, violationJson } from './violation.ts'

/** What the gate says, as JSON. */
export interface VerdictJson {
  readonly passed: boolean
  /** The rules, as they were written. */
  readonly rules: readonly string[]
  readonly violations: readonly GateViolationJson[]
}

/** A violation, with nothing of its finding but what identifies it. */
export interface GateViolationJson extends ViolationJson, Pick<GateFacts, 'kind' | 'id'> {
  /** The same as `found`, under its older name. */
  readonly why: string
  readonly purl: string | null
  readonly location: string | null
  readonly upgrade: Pick<Upgrade, 'name' | 'from' | 'to'> | null
}

export function verdictJson({ passed, rules, violations }: Verdict): VerdictJson {
  return { passed, rules, violations: violations.map(gateViolationJson) }
}

/** The same, with violations that are made while they are written. */
export function verdictDocument({ passed, rules, violations }: Verdict): Readonly<Record<string, unknown>> {
  return { passed, rules, violations: new MadeList(violations, gateViolationJson) }
}

function gateViolationJson(violation: GateViolation): GateViolationJson {
  const { kind, id, found, finding, upgrade } = violation
  return {
    ...violationJson(violation),
    kind,
    id,
    why: found,
    purl: finding?.component.purl ?? null,
    location: finding?.component.locations[0]?.path ?? null,
    upgrade: upgrade?.to === undefined ? null : { name: upgrade.name, from: upgrade.from, to: upgrade.to },
  }
}
