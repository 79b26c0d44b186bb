import type { Finding, ScanResult, SecretFinding } from '../../model/advisory/finding.ts'
import { isComplete, isGap } from '../../model/advisory/scan-report.ts'
import { placePath, type Violation } from '../../model/rule.ts'
import type { ImageFacts } from './facts.ts'
import type { FindingInput, PolicyInput, ScanInput, SecretInput, ViolationInput } from './schema.ts'

const dayMilliseconds = 86_400_000

/** What the expressions of a policy read (docs/reference/policy-input.md), with ages as of a given moment. */
export function inputOf(facts: ImageFacts, { now }: { readonly now: Date }): PolicyInput {
  const { image, scan, tier } = facts
  const age = daysSince(image.created, now)
  return {
    image: { ...imageInput(image), ...(age === undefined ? {} : { age }) },
    tier: tier ?? '',
    aspects: { ...facts.aspects },
    scan: scanInput(scan),
    findings: (scan?.findings ?? []).map((finding) => findingInput(finding, now)),
    secrets: (scan?.secrets ?? []).map(secretInput),
    violations: facts.violations.map(violationInput),
    judged: [...facts.judged].sort(),
    unjudgedRules: facts.unjudgedRules.map((each) => ({ ...each })),
    evidence: (facts.evidence ?? []).map((each) => ({ ...each, signers: [...each.signers] })),
    unjudged: Object.fromEntries(Object.entries(facts.unjudged).map(([kind, { why }]) => [kind, why])),
  }
}

function imageInput(image: ImageFacts['image']): PolicyInput['image'] {
  return {
    ...image,
    created: image.created ?? '',
    entrypoint: [...image.entrypoint],
    cmd: [...image.cmd],
    ports: [...image.ports],
    volumes: [...image.volumes],
    env: { ...image.env },
    labels: { ...image.labels },
    annotations: { ...image.annotations },
  }
}

function scanInput(scan: ScanResult | undefined): ScanInput {
  if (scan === undefined)
    return { judged: false, complete: false, packages: 0, day: '', gaps: [], stale: [], ended: false }
  return {
    judged: true,
    complete: isComplete(scan),
    packages: scan.packages,
    day: scan.asOf ?? '',
    gaps: scan.notes.filter(isGap).map(({ message }) => message),
    stale: scan.feeds.flatMap(({ id, stale }) => (stale === true ? [id] : [])),
    ended: scan.support?.ended === true,
    ...(scan.support === undefined ? {} : { endOfLife: scan.support.endOfLife }),
  }
}

function findingInput(finding: Finding, now: Date): FindingInput {
  const { component, exploited, prediction, score } = finding
  const age = daysSince(finding.published, now)
  const fixAge = daysSince(finding.fixPublished, now)
  return {
    id: finding.id,
    aliases: [...finding.aliases],
    title: finding.title ?? '',
    package: component.name,
    version: component.version,
    type: component.type,
    purl: component.purl,
    paths: component.locations.map(({ path }) => `/${path.replace(/^\/+/, '')}`),
    severity: finding.severity,
    ...(score === undefined ? {} : { score }),
    kev: exploited !== undefined,
    ...(prediction === undefined ? {} : { epss: prediction.score }),
    exposed: isExposed(finding),
    fixable: finding.fixedVersions.length > 0,
    fixed: [...finding.fixedVersions],
    malicious: finding.malicious === true,
    priority: finding.priority.level,
    ...(age === undefined ? {} : { age }),
    ...(fixAge === undefined ? {} : { fixAge }),
  }
}

/** Only a vector that asks for access to the machine itself says that nobody reaches it over a network (CVSS, AV). */
function isExposed({ vector = '' }: Finding): boolean {
  return !/(?:^|[/(])AV:[LP](?:[/)]|$)/.test(vector)
}

function secretInput({ rule, severity, location, deleted }: SecretFinding): SecretInput {
  return { rule, severity, path: `/${location.path.replace(/^\/+/, '')}`, deleted }
}

function violationInput({ rule, level, subject, place, found, remedy }: Violation): ViolationInput {
  const layer = 'layer' in place ? place.layer : undefined
  return { rule, level, subject, path: placePath(place) ?? '', layer: layer ?? '', found, remedy }
}

/** Whole days; undefined for what has no date. */
function daysSince(date: string | undefined, now: Date): number | undefined {
  const time = date === undefined ? Number.NaN : Date.parse(date)
  return Number.isNaN(time) ? undefined : Math.floor((now.getTime() - time) / dayMilliseconds)
}
