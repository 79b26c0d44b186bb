import type { Finding, SecretFinding, Upgrade } from '../../model/advisory/finding.ts'
import { type GateFacts, type GateViolation, upgradeOf } from '../../model/advisory/scan-report.ts'
import type { Component } from '../../model/inventory.ts'
import { absolutePath, defineRule, type Fault, type Place } from '../../model/rule.ts'
import { type FindingCondition, findingMeets, isAsBad } from './conditions/finding.ts'
import { type TargetCondition, targetConditions } from './conditions/target.ts'
import type { GateCondition, GateExpression, GateRule, GateSubject } from './rule.ts'

/** The rule that an expression stands for; its id is the expression's text. */
export function gateRule(expression: GateExpression): GateRule {
  const { text, conditions } = expression
  for (const { kind } of conditions) if (isTargetWord(kind)) return targetRule(text, targetConditions[kind])
  return conditions.some(({ kind }) => kind === 'secret') ? secretRule(expression) : findingRule(expression)
}

/** What meets the conditions, whether a scan was given them or a policy has them. */
export function meeting(
  expressions: readonly GateExpression[],
  subject: GateSubject,
): readonly GateViolation[] {
  return expressions.map(gateRule).flatMap((rule) => [...rule.check(subject)])
}

function isTargetWord(kind: GateCondition['kind']): kind is keyof typeof targetConditions {
  return Object.hasOwn(targetConditions, kind)
}

function targetRule(text: string, { kind, check, ...rule }: TargetCondition): GateRule {
  return defineRule({
    ...rule,
    id: text,
    level: 'error',
    *check({ result }) {
      for (const fault of check(result)) yield { ...fault, kind, place: { kind: 'whole' } }
    },
  })
}

function findingRule({ text, conditions, olderThan }: GateExpression): GateRule {
  const wanted = conditions.filter(isAboutFindings)
  const sinceFix = wanted.some(({ kind }) => kind === 'fixable')
  return defineRule({
    id: text,
    title: `No finding is ${text}`,
    why: 'The gate was told to let none through.',
    fix: 'upgrade packages that have a fixed version; state in VEX or an ignore rule why the rest does not matter',
    level: 'error',
    *check({ result, now }) {
      for (const finding of result.findings) {
        const reasons = wanted.map((condition) => findingMeets(finding, condition))
        if (olderThan !== undefined) reasons.push(oldEnough(finding, { olderThan, sinceFix, now }))
        if (reasons.includes(undefined)) continue
        const why = [...new Set(reasons)].join(', ')
        yield findingFault(finding, why, upgradeOf(finding, result.upgrades))
      }
    },
  })
}

function isAboutFindings(condition: GateCondition): condition is FindingCondition {
  return condition.kind !== 'secret' && !isTargetWord(condition.kind)
}

interface AgeOptions {
  /** In seconds. */
  readonly olderThan: number
  /** The age of something fixable counts from its fix, since nobody could have done anything before. */
  readonly sinceFix: boolean
  readonly now: Date
}

/** A finding whose date nobody knows counts as old: silence must not open the gate. */
function oldEnough(finding: Finding, { olderThan, sinceFix, now }: AgeOptions): string | undefined {
  const fixed = sinceFix ? finding.fixPublished : undefined
  const date = fixed ?? finding.published
  const time = date === undefined ? Number.NaN : Date.parse(date)
  if (Number.isNaN(time)) return 'of unknown age'
  const seconds = (now.getTime() - time) / 1000
  if (seconds <= olderThan) return undefined
  const days = Math.floor(seconds / 86_400)
  return `${fixed === undefined ? 'published' : 'fixed'} ${days === 1 ? '1 day' : `${days} days`} ago`
}

function findingFault(finding: Finding, found: string, upgrade: Upgrade | undefined): Fault & GateFacts {
  return {
    kind: 'finding',
    id: finding.id,
    place: placeOf(finding),
    found,
    remedy: remedyOf(finding, upgrade),
    finding,
    ...(upgrade === undefined ? {} : { upgrade }),
  }
}

const places = new WeakMap<Component, Place>()

/** All findings of a package have one. */
function placeOf({ component }: Finding): Place {
  const known = places.get(component) ?? placeOfPackage(component)
  places.set(component, known)
  return known
}

function placeOfPackage({ name, version, purl, locations }: Component): Place {
  const [location] = locations
  return {
    kind: 'package',
    name,
    version,
    purl,
    ...(location === undefined ? {} : { path: absolutePath(location.path) }),
  }
}

function remedyOf(finding: Finding, upgrade: Upgrade | undefined): string {
  if (finding.malicious === true)
    return 'remove the package, and replace every secret that it could have read'
  if (upgrade?.to !== undefined) return `upgrade ${upgrade.name} from ${upgrade.from} to ${upgrade.to}`
  const [first] = finding.fixedVersions
  if (first !== undefined) return `upgrade ${finding.component.name} to ${first}`
  return 'no fixed version is known: remove the package, or state in VEX or an ignore rule why it does not matter'
}

function secretRule({ text, conditions }: GateExpression): GateRule {
  return defineRule({
    id: text,
    title: 'No secret is in the target',
    why: 'Anyone who can pull an image can read everything in it, including what a later layer deletes.',
    fix: 'revoke the secret, and build the image without it',
    level: 'error',
    *check({ result }) {
      for (const secret of result.secrets) if (isBadEnough(secret, conditions)) yield secretFault(secret)
    },
  })
}

function isBadEnough({ severity }: SecretFinding, conditions: readonly GateCondition[]): boolean {
  return conditions.every(
    (condition) => condition.kind !== 'severity' || isAsBad(severity, condition.severity),
  )
}

function secretFault(secret: SecretFinding): Fault & GateFacts {
  return {
    kind: 'secret',
    id: secret.rule,
    place: secret.place,
    subject: `${secret.location.path}:${secret.line}`,
    found: secret.found,
    remedy: secret.remedy,
    secret,
  }
}
