import type { ScanResult } from '../../model/advisory/finding.ts'
import type { GateViolation, Verdict } from '../../model/advisory/scan-report.ts'
import { meeting } from './compile.ts'
import type { GateExpression } from './rule.ts'

export interface GateOptions {
  /** The moment as of which ages are counted. */
  readonly now: Date
}

/** Checks a scan against the rules of a gate. Suppressed findings do not count. */
export function evaluateGate(
  expressions: readonly GateExpression[],
  result: ScanResult,
  { now }: GateOptions,
): Verdict {
  const violations = meeting(expressions, { result, now }).toSorted(byFinding(result))
  return {
    passed: violations.length === 0,
    rules: expressions.map(({ text }) => text),
    violations,
  }
}

/**
 * All rules that one finding breaks come together: findings and then secrets in their order, the target itself last.
 */
function byFinding({ findings, secrets }: ScanResult): (a: GateViolation, b: GateViolation) => number {
  const order = new Map<object, number>([...findings, ...secrets].map((each, index) => [each, index]))
  const position = ({ finding, secret }: GateViolation) => order.get(finding ?? secret ?? {}) ?? order.size
  return (a, b) => position(a) - position(b)
}
