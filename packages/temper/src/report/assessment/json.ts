import type { AssessedAgainst, AssessedFinding, Assessment } from '../../model/assess/assessment.ts'
import { placePath } from '../../model/rule.ts'
import type { ImageRuleText } from './rule-text.ts'

type Json = Readonly<Record<string, unknown>>

/** An assessment as JSON. Members may be added. */
export function assessmentJson(assessment: Assessment): Json {
  const { target, tier, aspects, next, findings, unjudged, measures, layers, notes } = assessment
  const { fips, slsa, against, assessed } = assessment
  return {
    schemaVersion: 1,
    target: target.name,
    kind: target.kind,
    digest: target.digest ?? null,
    platform: target.platform ?? null,
    distribution: target.distribution ?? null,
    assessed,
    tier,
    aspects,
    next,
    findings: findings.map(findingJson),
    unjudged,
    measures,
    layers,
    notes,
    ...(fips === undefined ? {} : { fips }),
    ...(slsa === undefined ? {} : { slsa }),
    ...(against === undefined ? {} : { against: againstJson(against) }),
  }
}

function findingJson({
  path,
  layer,
  aspect,
  tier,
  place,
  instruction,
  source,
  more,
  ...finding
}: AssessedFinding): Json {
  const { rule, level, subject, found, remedy } = finding
  const at = path ?? placePath(place)
  return {
    rule,
    level,
    subject,
    path: at ?? null,
    layer: layer ?? null,
    found,
    remedy,
    aspect,
    tier,
    place,
    ...(instruction === undefined ? {} : { instruction }),
    ...(finding.package === undefined ? {} : { package: finding.package }),
    ...(source === undefined ? {} : { source }),
    ...(more === undefined ? {} : { more }),
  }
}

function againstJson({
  target,
  tier,
  aspects,
  measures,
  layers,
  onlyThis,
  onlyOther,
}: AssessedAgainst): Json {
  const { name, digest } = target
  return { target: name, digest: digest ?? null, tier, aspects, measures, layers, onlyThis, onlyOther }
}

/** A rule as JSON. */
export function ruleJson({ parameters = {}, ...rule }: ImageRuleText): Json {
  const { id, title, why, fix, level, aspect, tier, controls } = rule
  return { id, title, why, fix, level, aspect, tier, controls, parameters }
}
