import type { NamedBytes } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { parseJson } from '../../base/json/parse.ts'
import { type JsonObject, objectOf } from '../../base/json/value.ts'
import { severities } from '../../model/advisory/advisory.ts'
import type { Finding } from '../../model/advisory/finding.ts'
import type { ComparedFinding, Comparison } from '../../model/advisory/scan-report.ts'
import { componentTypes } from '../../model/inventory.ts'

/** Bounds on an earlier result: more than a scan of the largest images gives. */
const limits = { bytes: 256 << 20, depth: 20, findings: 1_000_000, text: 10_000 } as const

/** The part of findings that is compared. */
export function comparable(findings: readonly Finding[]): readonly ComparedFinding[] {
  return findings.map(({ id, severity, component: { type, name, version }, fixedVersions }) => ({
    id,
    severity,
    package: { type, name, version },
    fixedVersions,
  }))
}

/**
 * What appeared, disappeared and stayed. A finding is the same when problem and package are, in whatever version, so
 * that an upgrade that did not remove it is visible.
 */
export function compareFindings(
  now: readonly ComparedFinding[],
  earlier: readonly ComparedFinding[],
): Omit<Comparison, 'with'> {
  const before = new Map(earlier.map((finding) => [keyOf(finding), finding]))
  const current = new Map(now.map((finding) => [keyOf(finding), finding]))
  const stayed = [...current].flatMap(([key, finding]) => {
    const old = before.get(key)
    if (old === undefined) return []
    const { version } = old.package
    return [version === finding.package.version ? finding : { ...finding, earlierVersion: version }]
  })
  return {
    appeared: [...current].flatMap(([key, finding]) => (before.has(key) ? [] : [finding])),
    disappeared: [...before].flatMap(([key, finding]) => (current.has(key) ? [] : [finding])),
    stayed,
  }
}

function keyOf({ id, package: { type, name } }: ComparedFinding): string {
  return `${id}\n${type}\n${name}`
}

/**
 * The findings of an earlier result in JSON. If that has several targets, one of them has to have this name. Throws
 * `bad-usage`, `limit-exceeded`.
 */
export function readEarlier({ name, bytes }: NamedBytes, target: string): readonly ComparedFinding[] {
  if (bytes.length > limits.bytes)
    throw new TemperError('limit-exceeded', `${name}: larger than the limit of ${limits.bytes} bytes`)
  const refuse = (found: string) => notAResult(name, found)
  const value = parseJson(bytes, { where: name, depth: limits.depth, refuse })
  return findingsOf(resultIn(value, target, name), name)
}

function resultIn(value: unknown, target: string, name: string): unknown {
  const { targets } = fields(value)
  if (!Array.isArray(targets)) return value
  const same = targets.find((each) => fields(each)['target'] === target)
  if (same !== undefined) return same
  throw notAResult(name, `it has ${targets.length} targets, and none of them is ${target}`)
}

function findingsOf(value: unknown, name: string): readonly ComparedFinding[] {
  const { findings } = fields(value)
  if (!Array.isArray(findings)) throw notAResult(name, 'it has no list of findings')
  if (findings.length > limits.findings)
    throw new TemperError('limit-exceeded', `${name}: more than ${limits.findings} findings`)
  return findings.map((finding, index) => readFinding(finding, `${name}, finding ${index + 1}`))
}

function readFinding(value: unknown, where: string): ComparedFinding {
  const finding = fields(value)
  const named = fields(finding['package'])
  const type = componentTypes.find((known) => known === named['type'])
  const severity = severities.find((known) => known === finding['severity'])
  if (type === undefined || severity === undefined) throw notAResult(where, 'type or severity are unknown')
  const fixed = finding['fixedVersions']
  return {
    id: text(finding['id'], where),
    severity,
    package: { type, name: text(named['name'], where), version: text(named['version'], where) },
    fixedVersions: Array.isArray(fixed) ? fixed.slice(0, 100).map((version) => text(version, where)) : [],
  }
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string' && value.length <= limits.text) return value
  throw notAResult(where, 'text is missing or too long')
}

function fields(value: unknown): JsonObject {
  return objectOf(value) ?? {}
}

function notAResult(where: string, why: string): TemperError {
  return new TemperError('bad-usage', `${where} is not the JSON result of a scan to compare with: ${why}`, {
    hint: 'Name another target, or a file with the result of an earlier scan as JSON.',
  })
}
