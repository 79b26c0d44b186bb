import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../base/json/value.ts'
import type { ScanReport } from '../model/advisory/scan-report.ts'
import type { VexJustification } from '../model/advisory/vex.ts'
import { scanCycloneDx } from './cyclonedx-vex.ts'
import {
  cleanReport,
  sampleComponent,
  sampleFinding,
  sampleReport,
  sampleResult,
  sampleSuppressed,
} from './fixtures/sample.ts'

interface Vulnerability {
  readonly 'bom-ref': string
  readonly id: string
  readonly source: JsonObject
  readonly references?: readonly { readonly id: string }[]
  readonly ratings: readonly JsonObject[]
  readonly recommendation?: string
  readonly advisories?: readonly JsonObject[]
  readonly published?: string
  readonly analysis?: JsonObject
  readonly affects: readonly [
    {
      readonly ref: string
      readonly versions: readonly [{ readonly status: string; readonly version: string }]
    },
  ]
  readonly properties: readonly { readonly name: string; readonly value: string }[]
}

interface Document {
  readonly serialNumber: string
  readonly metadata: {
    readonly component: JsonObject
    readonly properties: readonly { readonly name: string; readonly value: string }[]
  }
  readonly components: readonly (JsonObject & { readonly 'bom-ref': string })[]
  readonly vulnerabilities: readonly Vulnerability[]
}

function read(report: ScanReport): Document {
  return JSON.parse(JSON.stringify(scanCycloneDx(report)))
}

function documentOf(result: Partial<ScanReport['result']>, over: Partial<ScanReport> = {}): Document {
  return read(sampleReport({ result: sampleResult({ suppressed: [], ...result }), ...over }))
}

function only(over: Parameters<typeof sampleFinding>[0]): Vulnerability {
  const [first] = documentOf({ findings: [sampleFinding(over)] }).vulnerabilities
  if (first === undefined) throw new Error('no vulnerability')
  return first
}

describe('a vulnerability in CycloneDX', () => {
  it('is this object', () => {
    const { purl } = sampleComponent()
    expect(only({})).toEqual({
      'bom-ref': expect.stringMatching(/^temper:[0-9a-f]{32}:pkg:deb\/debian\/libssl3@/),
      id: 'CVE-2024-0001',
      source: { name: 'debian-12', url: 'https://www.cve.org/CVERecord?id=CVE-2024-0001' },
      references: [{ id: 'DSA-5000-1', source: { name: 'alias' } }],
      ratings: [
        {
          source: { name: 'CVSS 3.1 (osv)' },
          severity: 'high',
          score: 7.5,
          method: 'CVSSv31',
          vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
        },
      ],
      description: 'A buffer is read past its end',
      recommendation: 'Upgrade openssl from 3.0.11-1 to 3.0.15-1',
      advisories: [{ url: 'https://security.example/CVE-2024-0001' }],
      published: '2024-01-10T00:00:00Z',
      affects: [{ ref: purl, versions: [{ version: '3.0.11-1', status: 'affected' }] }],
      properties: [
        { name: 'temper:priority', value: 'high' },
        { name: 'temper:reason', value: '3.0.11-1 is below 3.0.15-1, fixed in Debian:12' },
      ],
    })
  })

  it('leaves out what is not known', () => {
    const { id, severity, severitySource, priority, status, reason, component } = sampleFinding({ id: 'X-1' })
    const bare = { id, severity, severitySource, priority, status, reason, component }
    const finding = { ...bare, aliases: [], fixedVersions: [], feeds: [], references: ['javascript:x'] }
    const [vulnerability] = documentOf({ findings: [finding], upgrades: [] }).vulnerabilities
    expect(Object.keys(vulnerability ?? {})).toEqual([
      ...['bom-ref', 'id', 'source', 'ratings', 'affects', 'properties'],
    ])
    expect(vulnerability?.source).toEqual({ name: 'unknown' })
    expect(vulnerability?.ratings).toEqual([
      { source: { name: 'CVSS 3.1 (osv)' }, severity: 'high', method: 'other' },
    ])
  })

  it.each([
    ['CVSS:4.0/AV:N/AC:L', 'CVSSv4'],
    ['CVSS:3.1/AV:N', 'CVSSv31'],
    ['CVSS:3.0/AV:N', 'CVSSv3'],
    ['AV:N/AC:L/Au:N/C:N/I:N/A:P', 'CVSSv2'],
    ['AC:L/AV:N', 'CVSSv2'],
    ['Au:N/AV:N', 'CVSSv2'],
    ['CVSS:5.0/AV:N', 'other'],
    ['something', 'other'],
    ['x AV:N', 'other'],
  ])('knows the method of %s: %s', (vector, method) => {
    expect(only({ vector }).ratings[0]).toMatchObject({ method, vector })
  })

  it.each([
    ['negligible', 'info'],
    ['unknown', 'unknown'],
    ['critical', 'critical'],
  ] as const)('has the severity %s as %s', (severity, name) => {
    expect(only({ severity }).ratings[0]).toMatchObject({ severity: name })
  })

  it.each([
    ['2024-01-10', '2024-01-10T00:00:00Z'],
    ['last week', undefined],
  ])('published %s has the time %s', (published, time) => {
    expect(only({ published }).published).toBe(time)
  })

  it.each([
    ['affected', 'affected'],
    ['under_investigation', 'unknown'],
    ['not_affected', 'unaffected'],
    ['fixed', 'unaffected'],
  ] as const)('of status %s has a version that is %s', (status, word) => {
    expect(only({ status }).affects[0].versions[0]).toEqual({ version: '3.0.11-1', status: word })
  })

  it('names each alias and each address once', () => {
    const references = ['https://a.example/', 'https://b.example/', 'https://a.example/']
    const { references: aliases, advisories } = only({ aliases: ['A', 'B', 'A'], references })
    expect(aliases?.map(({ id }) => id)).toEqual(['A', 'B'])
    expect(advisories).toEqual([{ url: 'https://a.example/' }, { url: 'https://b.example/' }])
  })

  it('tells of exploitation and of the rules that it breaks in properties', () => {
    const finding = sampleFinding({
      exploited: { added: '2024-02-03' },
      prediction: { score: 0.25, percentile: 0.5 },
    })
    const facts = { subject: 'x', place: { kind: 'whole' }, found: 'x', remedy: 'x' } as const
    const violation = {
      ...facts,
      rule: 'kev',
      level: 'error',
      kind: 'finding',
      id: finding.id,
      finding,
    } as const
    const verdict = { passed: false, rules: ['kev'], violations: [violation] }
    const { vulnerabilities, metadata } = documentOf({ findings: [finding] }, { verdict })
    expect(vulnerabilities[0]?.properties.slice(2)).toEqual([
      { name: 'temper:kev', value: '2024-02-03' },
      { name: 'temper:epss', value: '0.25' },
      { name: 'temper:breaks', value: 'kev' },
    ])
    expect(metadata.properties).toContainEqual({ name: 'temper:gate', value: 'failed' })
  })
})

describe('an analysis', () => {
  const analysisOf = (over: Partial<typeof sampleSuppressed>) =>
    documentOf({ findings: [], suppressed: [{ ...sampleSuppressed, ...over }] }).vulnerabilities[0]?.analysis

  it.each([
    ['component_not_present', 'code_not_present'],
    ['vulnerable_code_not_present', 'code_not_present'],
    ['vulnerable_code_not_in_execute_path', 'code_not_reachable'],
    ['vulnerable_code_cannot_be_controlled_by_adversary', 'requires_environment'],
    ['inline_mitigations_already_exist', 'protected_by_mitigating_control'],
  ] satisfies [VexJustification, string][])('has %s as %s', (justification, word) => {
    expect(analysisOf({ justification })).toEqual({
      state: 'not_affected',
      justification: word,
      detail: 'the server never parses such certificates (vex.json)',
    })
  })

  it('has no justification where nobody gave one', () => {
    const { justification: _justification, ...unjustified } = sampleSuppressed
    const [first] = documentOf({ findings: [], suppressed: [unjustified] }).vulnerabilities
    expect(first?.analysis).toEqual({
      state: 'not_affected',
      detail: 'the server never parses such certificates (vex.json)',
    })
  })

  it('of what is fixed is "resolved"', () => {
    expect(analysisOf({ status: 'fixed' })).toMatchObject({ state: 'resolved' })
  })

  it('of an ignore rule does not claim that it is not affected', () => {
    const suppressedBy = { kind: 'rule', source: 'ignore.yaml:3' } as const
    expect(analysisOf({ suppressedBy, status: 'affected' })).toEqual({
      state: 'exploitable',
      response: ['will_not_fix'],
      detail: 'the server never parses such certificates (ignore.yaml:3)',
    })
  })

  it('of what is under investigation is "in triage", suppressed or not', () => {
    expect(only({ status: 'under_investigation', reason: 'we look' }).analysis).toEqual({
      state: 'in_triage',
      detail: 'we look',
    })
    expect(analysisOf({ status: 'under_investigation' })).toMatchObject({ state: 'in_triage' })
  })

  it('is not there where nobody judged', () => {
    expect(only({}).analysis).toBeUndefined()
  })
})

describe('components', () => {
  it('are there once, however many findings they have, and findings refer to them', () => {
    const other = sampleComponent({ name: 'zlib1g', purl: 'pkg:deb/debian/zlib1g@1' })
    const findings = [
      sampleFinding({ id: 'A' }),
      sampleFinding({ id: 'B' }),
      sampleFinding({ id: 'A', component: other }),
    ]
    const { components, vulnerabilities } = documentOf({ findings })
    expect(components.map((each) => each['bom-ref'])).toEqual([sampleComponent().purl, other.purl])
    expect(vulnerabilities.map(({ affects }) => affects[0].ref)).toEqual([
      ...[sampleComponent().purl, sampleComponent().purl, other.purl],
    ])
    expect(new Set(vulnerabilities.map((each) => each['bom-ref'])).size).toBe(3)
  })

  it('of one package URL at many places are many, with numbers behind', () => {
    const at = (path: string) => sampleFinding({ component: sampleComponent({ locations: [{ path }] }) })
    const { components } = documentOf({ findings: [at('a'), at('b'), at('a'), at('c')] })
    const { purl } = sampleComponent()
    expect(components.map((each) => each['bom-ref'])).toEqual([purl, `${purl}#2`, `${purl}#3`])
  })

  it('have no more than 20 places, none where there is none, and their source where there is one', () => {
    const locations = Array.from({ length: 25 }, (_, index) => ({ path: `${index}` }))
    const { source: _source, ...component } = sampleComponent({ locations: [], purl: 'pkg:npm/a@1' })
    const { components } = documentOf({
      findings: [sampleFinding({ component: sampleComponent({ locations }) }), sampleFinding({ component })],
    })
    expect(components[0]).toMatchObject({
      evidence: { occurrences: locations.slice(0, 20).map(({ path }) => ({ location: path })) },
    })
    expect(components[0]?.['properties']).toEqual([
      { name: 'temper:source:name', value: 'openssl' },
      { name: 'temper:source:version', value: '3.0.11-1' },
    ])
    expect(components[1]).not.toHaveProperty('evidence')
    expect(components[1]).not.toHaveProperty('properties')
  })
})

describe('the document', () => {
  it.each([
    ['image', 'container'],
    ['directory', 'file'],
    ['sbom', 'file'],
    ['lock', 'file'],
  ] as const)('of a target that is a %s is about a %s', (kind, type) => {
    const { digest, ...target } = sampleResult().target
    const { component } = documentOf({ target: { ...target, kind } }).metadata
    expect(component).toEqual({ type, name: target.name, 'bom-ref': 'temper:target' })
    const withDigest = documentOf({
      target: { ...target, kind, ...(digest === undefined ? {} : { digest }) },
    })
    expect(withDigest.metadata.component).toHaveProperty('version', digest)
  })

  it('has the same serial number for the same scan, and another for another', () => {
    const at = (started: string) =>
      read({ ...cleanReport(), times: { started, finished: started } }).serialNumber
    expect(at('2026-01-01T00:00:00Z')).toBe(at('2026-01-01T00:00:00Z'))
    expect(at('2026-01-01T00:00:00Z')).not.toBe(at('2026-01-01T00:00:01Z'))
  })

  it('says what the gate said and whether all was compared', () => {
    expect(read(cleanReport()).metadata.properties).toEqual([
      { name: 'temper:complete', value: 'true' },
      { name: 'temper:feed', value: 'osv of 2026-11-18' },
    ])
    const verdict = { passed: true, rules: [], violations: [] }
    expect(documentOf({ feeds: [] }, { verdict }).metadata.properties).toEqual([
      { name: 'temper:gate', value: 'passed' },
      { name: 'temper:complete', value: 'false' },
    ])
  })

  it('has suppressed findings always, after the others', () => {
    const document = documentOf({ findings: [sampleFinding({ id: 'Z' })], suppressed: [sampleSuppressed] })
    expect(document.vulnerabilities.map(({ id }) => id)).toEqual(['Z', 'CVE-2022-0002'])
  })
})
