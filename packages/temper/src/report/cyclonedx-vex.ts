import { MadeList, withListsMade } from '../base/json/made-list.ts'
import type { Severity } from '../model/advisory/advisory.ts'
import type { Finding, SuppressedFinding } from '../model/advisory/finding.ts'
import type { ScanReport } from '../model/advisory/scan-report.ts'
import { isComplete, upgradeOf, violationsOf } from '../model/advisory/scan-report.ts'
import type { VexJustification } from '../model/advisory/vex.ts'
import type { Component } from '../model/inventory.ts'
import { feedText } from './advisories.ts'
import { strictTime } from './date.ts'
import { findingFingerprint, stableUuid } from './finding-identity.ts'
import { homeOf, safeLink } from './markup.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * CycloneDX 1.6: the packages with findings and their vulnerabilities. A vulnerability that nobody has judged has no
 * analysis (a bill of vulnerabilities); one that VEX or an ignore rule settled always has one (VEX), since that is
 * what the format is for.
 */
export function scanCycloneDx(report: ScanReport): Json {
  return withListsMade(cycloneDxDocument(report)) as Json
}

/** The same, with vulnerabilities that are made while they are written. */
export function cycloneDxDocument(report: ScanReport): Json {
  const { result } = report
  const all = [...result.findings, ...result.suppressed]
  const references = new ComponentReferences(all)
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${stableUuid(['vex', result.target.name, result.target.digest ?? '', report.times.started])}`,
    version: 1,
    metadata: {
      timestamp: report.times.started,
      tools: {
        components: [{ type: 'application', name: result.generator.name, version: result.generator.version }],
      },
      component: targetComponent(report),
      properties: [
        ...(report.verdict === undefined
          ? []
          : [{ name: 'temper:gate', value: report.verdict.passed ? 'passed' : 'failed' }]),
        { name: 'temper:complete', value: String(isComplete(result)) },
        ...result.feeds.map((feed) => ({ name: 'temper:feed', value: feedText(feed).toWellFormed() })),
      ],
    },
    components: references.components,
    vulnerabilities: new MadeList(all, (finding) => vulnerability(finding, { report, references })),
  }
}

function targetComponent({ result: { target } }: ScanReport): Json {
  return {
    type: target.kind === 'image' ? 'container' : 'file',
    name: target.name.toWellFormed(),
    'bom-ref': 'temper:target',
    ...(target.digest === undefined ? {} : { version: target.digest }),
  }
}

/** Components by what is equal of them, each with a reference that nothing else has. */
class ComponentReferences {
  readonly #references = new Map<string, string>()
  readonly components: Json[] = []

  constructor(findings: readonly Finding[]) {
    const used = new Set<string>()
    for (const { component } of findings) {
      const key = keyOf(component)
      if (this.#references.has(key)) continue
      const purl = component.purl.toWellFormed()
      let reference = purl
      for (let copy = 2; used.has(reference); copy++) reference = `${purl}#${copy}`
      used.add(reference)
      this.#references.set(key, reference)
      this.components.push(componentJson(component, reference))
    }
  }

  of(component: Component): string {
    return this.#references.get(keyOf(component)) ?? component.purl
  }
}

function keyOf({ purl, locations }: Component): string {
  return `${purl}\n${locations[0]?.path ?? ''}`
}

function componentJson(component: Component, reference: string): Json {
  const { locations, source } = component
  return {
    type: 'library',
    'bom-ref': reference,
    name: component.name.toWellFormed(),
    version: component.version.toWellFormed(),
    purl: component.purl.toWellFormed(),
    ...(locations.length === 0
      ? {}
      : {
          evidence: {
            occurrences: locations.slice(0, 20).map(({ path }) => ({ location: path.toWellFormed() })),
          },
        }),
    ...(source === undefined
      ? {}
      : {
          properties: [
            { name: 'temper:source:name', value: source.name.toWellFormed() },
            { name: 'temper:source:version', value: source.version.toWellFormed() },
          ],
        }),
  }
}

function vulnerability(
  finding: Finding | SuppressedFinding,
  { report, references }: { readonly report: ScanReport; readonly references: ComponentReferences },
): Json {
  const upgrade = upgradeOf(finding, report.result.upgrades)
  const published = strictTime(finding.published)
  const home = homeOf(finding.id)
  const links = [...new Set(finding.references.flatMap((link) => safeLink(link) ?? []))]
  const analysis = analysisOf(finding)
  const reference = references.of(finding.component)
  return {
    'bom-ref': `temper:${findingFingerprint(finding).slice(0, 32)}:${reference}`,
    id: finding.id.toWellFormed(),
    source: {
      name: finding.feeds[0]?.toWellFormed() ?? 'unknown',
      ...(home === undefined ? {} : { url: home }),
    },
    ...(finding.aliases.length === 0
      ? {}
      : {
          references: [...new Set(finding.aliases)].map((id) => ({
            id: id.toWellFormed(),
            source: { name: 'alias' },
          })),
        }),
    ratings: [rating(finding)],
    ...(finding.title === undefined ? {} : { description: finding.title.toWellFormed() }),
    ...(upgrade?.to === undefined
      ? {}
      : { recommendation: `Upgrade ${upgrade.name} from ${upgrade.from} to ${upgrade.to}`.toWellFormed() }),
    ...(links.length === 0 ? {} : { advisories: links.map((url) => ({ url })) }),
    ...(published === undefined ? {} : { published }),
    ...(analysis === undefined ? {} : { analysis }),
    affects: [
      {
        ref: reference,
        versions: [{ version: finding.component.version.toWellFormed(), status: statusOf(finding) }],
      },
    ],
    properties: propertiesOf(finding, report.verdict),
  }
}

function propertiesOf(finding: Finding, verdict: ScanReport['verdict']): Json[] {
  const broken = violationsOf(finding, verdict) ?? []
  return [
    { name: 'temper:priority', value: finding.priority.level },
    { name: 'temper:reason', value: finding.reason.toWellFormed() },
    ...(finding.exploited === undefined
      ? []
      : [{ name: 'temper:kev', value: finding.exploited.added.toWellFormed() }]),
    ...(finding.prediction === undefined
      ? []
      : [{ name: 'temper:epss', value: String(finding.prediction.score) }]),
    ...broken.map(({ rule }) => ({ name: 'temper:breaks', value: rule.toWellFormed() })),
  ]
}

function rating({ severity, score, vector, severitySource }: Finding): Json {
  return {
    source: { name: severitySource.toWellFormed() },
    severity: severity === 'negligible' ? 'info' : severity,
    ...(score === undefined ? {} : { score }),
    method: methodOf(vector),
    ...(vector === undefined ? {} : { vector: vector.toWellFormed() }),
  } satisfies Json & { readonly severity: Exclude<Severity, 'negligible'> | 'info' }
}

function methodOf(vector: string | undefined): string {
  if (vector?.startsWith('CVSS:4.0/')) return 'CVSSv4'
  if (vector?.startsWith('CVSS:3.1/')) return 'CVSSv31'
  if (vector?.startsWith('CVSS:3.0/')) return 'CVSSv3'
  return vector !== undefined && /^(AV|AC|Au):/.test(vector) ? 'CVSSv2' : 'other'
}

function statusOf(finding: Finding): string {
  if (finding.status === 'not_affected' || finding.status === 'fixed') return 'unaffected'
  return finding.status === 'under_investigation' ? 'unknown' : 'affected'
}

/** OpenVEX's words in CycloneDX's. */
const justifications: Readonly<Record<VexJustification, string>> = {
  component_not_present: 'code_not_present',
  vulnerable_code_not_present: 'code_not_present',
  vulnerable_code_not_in_execute_path: 'code_not_reachable',
  vulnerable_code_cannot_be_controlled_by_adversary: 'requires_environment',
  inline_mitigations_already_exist: 'protected_by_mitigating_control',
}

function analysisOf(finding: Finding | SuppressedFinding): Json | undefined {
  if (finding.status === 'under_investigation')
    return { state: 'in_triage', detail: finding.reason.toWellFormed() }
  if (!('suppressedBy' in finding)) return undefined
  const { suppressedBy, justification } = finding
  const detail = `${finding.reason} (${suppressedBy.source})`.toWellFormed()
  if (suppressedBy.kind === 'rule') return { state: 'exploitable', response: ['will_not_fix'], detail }
  if (finding.status === 'fixed') return { state: 'resolved', detail }
  return {
    state: 'not_affected',
    ...(justification === undefined ? {} : { justification: justifications[justification] }),
    detail,
  }
}
