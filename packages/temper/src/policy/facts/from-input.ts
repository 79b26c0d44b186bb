import type { Finding, ScanResult, SecretFinding } from '../../model/advisory/finding.ts'
import type { InventoryNote } from '../../model/inventory.ts'
import type { Place, Violation } from '../../model/rule.ts'
import { severityLevels } from '../../model/rule.ts'
import type { FactKind, ImageFacts, UnknownFact } from './facts.ts'
import { factKinds } from './facts.ts'
import type { FindingInput, PolicyInput, ScanInput, SecretInput, ViolationInput } from './schema.ts'

const dayMilliseconds = 86_400_000

/** The inverse of `inputOf`: facts that a policy judges just as it judges those that the input was made from. */
export function factsOf(input: PolicyInput, { now }: { readonly now: Date }): ImageFacts {
  const { image, tier } = input
  const { age, created, ...described } = image
  const made = created !== '' ? created : age === undefined ? undefined : dayBefore(age, now)
  return {
    image: { ...described, ...(made === undefined ? {} : { created: made }) },
    violations: input.violations.map(violationOf),
    judged: new Set(input.judged),
    unjudgedRules: input.unjudgedRules,
    ...(tier === '' ? {} : { tier }),
    aspects: input.aspects,
    ...(input.scan.judged ? { scan: scanOf(input, now) } : {}),
    ...(input.unjudged['evidence'] === undefined ? { evidence: input.evidence } : {}),
    unjudged: unjudgedOf(input.unjudged),
  }
}

function unjudgedOf(reasons: PolicyInput['unjudged']): ImageFacts['unjudged'] {
  const entries = factKinds.flatMap((kind): (readonly [FactKind, UnknownFact])[] => {
    const why = reasons[kind]
    return why === undefined ? [] : [[kind, { why, remedy: 'give it' }]]
  })
  return Object.fromEntries(entries)
}

function scanOf({ image, scan, findings, secrets }: PolicyInput, now: Date): ScanResult {
  return {
    target: { name: image.reference, kind: 'image', digest: image.digest, inventoryFrom: 'layers' },
    layers: [],
    packages: scan.packages,
    ledger: [],
    findings: findings.map((each) => findingOf(each, now)),
    suppressed: [],
    secrets: secrets.map(secretOf),
    suppressedSecrets: [],
    upgrades: [],
    notes: notesOf(scan),
    feeds: [feed('input'), ...scan.stale.map((id) => ({ ...feed(id), stale: true }))],
    ...(scan.day === '' ? {} : { asOf: scan.day }),
    ...(scan.ended
      ? {
          support: {
            distribution: { id: 'release', version: '' },
            endOfLife: scan.endOfLife ?? 'an unknown day',
            ended: true,
          },
        }
      : {}),
    generator: { name: 'temper', version: '0' },
  }
}

/** What is incomplete has a gap at least. */
function notesOf({ complete, gaps }: ScanInput): InventoryNote[] {
  const told = gaps.length === 0 && !complete ? ['not everything was compared'] : gaps
  return told.map((message) => ({ code: 'no-advisories', message }))
}

function feed(id: string): ScanResult['feeds'][number] {
  return { id, kind: 'osv', count: 0, digest: `sha256:${'0'.repeat(64)}` }
}

function findingOf(input: FindingInput, now: Date): Finding {
  const { id, severity, score, kev, epss, age, fixAge } = input
  return {
    id,
    aliases: input.aliases,
    ...(input.title === '' ? {} : { title: input.title }),
    ...(input.malicious ? { malicious: true } : {}),
    component: {
      // Nothing that judges asks which kinds there are.
      type: input.type as Finding['component']['type'],
      name: input.package,
      version: input.version,
      purl: input.purl,
      locations: input.paths.map((path) => ({ path: path.replace(/^\/+/, '') })),
      foundBy: 'input',
    },
    fixedVersions: input.fixable && input.fixed.length === 0 ? ['a later version'] : input.fixed,
    severity,
    severitySource: 'input',
    ...(score === undefined ? {} : { score }),
    ...(input.exposed ? {} : { vector: 'CVSS:3.1/AV:L' }),
    ...(kev ? { exploited: { added: 'an unknown day' } } : {}),
    ...(epss === undefined ? {} : { prediction: { score: epss, percentile: epss } }),
    priority: { level: input.priority, value: 0, why: 'as the input says' },
    status: 'affected',
    reason: 'as the input says',
    feeds: ['input'],
    ...(age === undefined ? {} : { published: dayBefore(age, now) }),
    ...(fixAge === undefined ? {} : { fixPublished: dayBefore(fixAge, now) }),
    references: [],
  }
}

function secretOf({ rule, severity, path, deleted }: SecretInput): SecretFinding {
  return {
    rule,
    level: severityLevels[severity],
    subject: path,
    place: { kind: 'path', path },
    found: rule,
    remedy: 'revoke the secret, and build the image without it',
    title: rule,
    severity,
    location: { path: path.replace(/^\/+/, '') },
    line: 1,
    excerpt: '',
    deleted,
  }
}

function violationOf({ path, layer, ...input }: ViolationInput): Violation {
  const diffId = layer === '' ? {} : { layer: layer as `sha256:${string}` }
  const place: Place = path === '' ? { kind: 'whole' } : { kind: 'path', path, ...diffId }
  return { ...input, subject: input.subject === '' ? path || 'the whole' : input.subject, place }
}

function dayBefore(days: number, now: Date): string {
  const time = new Date(now.getTime() - days * dayMilliseconds)
  return Number.isNaN(time.getTime()) ? '' : time.toISOString()
}
