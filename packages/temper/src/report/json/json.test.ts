import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../base/json/value.ts'
import type { ScanReport } from '../../model/advisory/scan-report.ts'
import { sampleSecret } from '../../model/fixtures/sample.ts'
import {
  cleanReport,
  sampleComponent,
  sampleFinding,
  sampleReport,
  sampleResult,
  sampleSuppressed,
} from '../fixtures/sample.ts'
import { scanJson, scansJson } from './json.ts'

function read(result: Partial<ScanReport['result']>, over: Partial<ScanReport> = {}): JsonObject {
  return JSON.parse(JSON.stringify(scanJson(sampleReport({ result: sampleResult(result), ...over }))))
}

function findingOf(over: Parameters<typeof sampleFinding>[0]): JsonObject & { readonly package: JsonObject } {
  const { findings } = read({ findings: [sampleFinding(over)] }) as { readonly findings: readonly unknown[] }
  return findings[0] as never
}

describe('a finding', () => {
  it('is this object', () => {
    const finding = findingOf({
      exploited: { added: '2024-01-01', due: '2024-02-01', ransomware: true },
      prediction: { score: 0.25, percentile: 0.75 },
    })
    expect(finding).toEqual({
      id: 'CVE-2024-0001',
      aliases: ['DSA-5000-1'],
      title: 'A buffer is read past its end',
      malicious: false,
      package: {
        name: 'libssl3',
        version: '3.0.11-1',
        type: 'deb',
        purl: sampleComponent().purl,
        source: 'openssl',
        sourceVersion: '3.0.11-1',
        architecture: 'amd64',
        location: 'var/lib/dpkg/status',
        layer: `sha256:${'01'.repeat(32)}`,
        guessedFrom: null,
        locations: [{ path: 'var/lib/dpkg/status', layer: `sha256:${'01'.repeat(32)}` }],
      },
      fixedVersions: ['3.0.15-1'],
      unfixed: null,
      upgrade: { name: 'openssl', from: '3.0.11-1', to: '3.0.15-1' },
      severity: 'high',
      severitySource: 'CVSS 3.1 (osv)',
      score: 7.5,
      vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
      kev: true,
      kevDetails: { added: '2024-01-01', due: '2024-02-01', ransomware: true },
      epss: 0.25,
      epssPercentile: 0.75,
      priority: 'high',
      priorityValue: 70,
      priorityReason: 'high severity, fix available',
      status: 'affected',
      justification: null,
      reason: '3.0.11-1 is below 3.0.15-1, fixed in Debian:12',
      feed: 'debian-12',
      feeds: ['debian-12', 'osv'],
      published: '2024-01-10T00:00:00Z',
      fixPublished: '2024-02-01T00:00:00Z',
      references: ['https://security.example/CVE-2024-0001'],
    })
  })

  it('has null for all that is not known, and zero where zero is', () => {
    const { id, severity, severitySource, priority, status, reason } = sampleFinding()
    const { source: _source, architecture: _architecture, ...component } = sampleComponent({ locations: [] })
    const bare = { id, severity, severitySource, priority, status, reason, component }
    const finding = { ...bare, aliases: [], fixedVersions: [], feeds: [], references: [] }
    const { findings } = read({ findings: [finding], upgrades: [] }) as {
      readonly findings: readonly [JsonObject]
    }
    const nulls = Object.entries(findings[0]).flatMap(([name, value]) => (value === null ? [name] : []))
    expect(nulls).toEqual([
      ...['title', 'unfixed', 'upgrade', 'score', 'vector', 'kevDetails', 'epss', 'epssPercentile'],
      ...['justification', 'feed', 'published', 'fixPublished'],
    ])
    expect(findings[0]['package']).toMatchObject({
      source: null,
      sourceVersion: null,
      architecture: null,
      location: null,
      layer: null,
      locations: [],
    })
    expect(findingOf({ score: 0, prediction: { score: 0, percentile: 0 } })).toMatchObject({
      score: 0,
      epss: 0,
      epssPercentile: 0,
    })
  })

  it('is told to be malicious, deferred or guessed where it is', () => {
    expect(findingOf({ malicious: true, unfixed: 'wont-fix' })).toMatchObject({
      malicious: true,
      unfixed: 'wont-fix',
    })
    const component = sampleComponent({ guessedFrom: 'packages' })
    expect(findingOf({ component }).package).toMatchObject({ guessedFrom: 'packages' })
  })

  it('has no upgrade where the plan knows no version', () => {
    const upgrade = { name: 'openssl', type: 'deb', from: '3.0.11-1', removes: ['CVE-2024-0001'] } as const
    expect(read({ findings: [sampleFinding()], upgrades: [upgrade] })).toMatchObject({
      findings: [{ upgrade: null }],
      upgrades: [{ ...upgrade, to: null }],
    })
  })

  it('has the digests of the layers of its places, and null for a layer that is not there', () => {
    const locations = [{ path: 'a', layer: 1 }, { path: 'b', layer: 9 }, { path: 'c' }]
    expect(findingOf({ component: sampleComponent({ locations }) }).package).toMatchObject({
      location: 'a',
      layer: `sha256:${'03'.repeat(32)}`,
      locations: [
        { path: 'a', layer: `sha256:${'03'.repeat(32)}` },
        { path: 'b', layer: null },
        { path: 'c', layer: null },
      ],
    })
  })
})

describe('a result', () => {
  it('lists what is suppressed whether it is shown or not, with who says so', () => {
    for (const showSuppressed of [true, false])
      expect(read({ suppressed: [sampleSuppressed] }, { showSuppressed })['suppressed']).toMatchObject([
        {
          id: 'CVE-2022-0002',
          status: 'not_affected',
          justification: 'vulnerable_code_not_in_execute_path',
          suppressedBy: { kind: 'vex', source: 'vex.json', expires: '2027-01-01T00:00:00Z' },
        },
      ])
  })

  it('has secrets as violations with their line, without the secret', () => {
    const secret = sampleSecret({ location: { path: 'app/key.pem', layer: 0 }, line: 3 })
    expect(read({ secrets: [secret] })['secrets']).toEqual([
      {
        rule: 'private-key',
        level: 'error',
        subject: '/app/key.pem:1:1',
        place: { kind: 'span', file: '/app/key.pem', line: 1, column: 1 },
        found: 'Private key',
        remedy: 'revoke the secret, and build the image without it',
        path: '/app/key.pem',
        title: 'Private key',
        severity: 'high',
        location: 'app/key.pem',
        layer: 0,
        line: 3,
        excerpt: '-----BEGIN PRIVATE KEY----- ****',
        deleted: false,
      },
    ])
    expect(read({ secrets: [sampleSecret()] })['secrets']).toMatchObject([{ layer: null }])
  })

  it('has suppressed secrets apart', () => {
    const suppressedBy = { kind: 'rule', source: 'ignore.yaml:1' } as const
    const secret = { ...sampleSecret(), reason: 'a test key', suppressedBy }
    expect(read({ secrets: [], suppressedSecrets: [secret] })).toMatchObject({
      summary: { secrets: 0 },
      secrets: [],
      suppressedSecrets: [{ rule: 'private-key', reason: 'a test key', suppressedBy }],
    })
  })

  it('has all its members always', () => {
    const {
      support: _support,
      asOf: _asOf,
      ...result
    } = sampleResult({
      target: { name: 'dir:.', kind: 'directory', inventoryFrom: 'files' },
    })
    const bare = scanJson(sampleReport({ result }))
    const full = scanJson(
      sampleReport({
        result: sampleResult({ unused: [] }),
        verdict: { passed: true, rules: [], violations: [] },
        comparison: { with: 'a', appeared: [], disappeared: [], stayed: [] },
      }),
    )
    expect(Object.keys(bare)).toEqual(Object.keys(full))
    expect(bare).toMatchObject({
      digest: null,
      platform: null,
      distribution: null,
      support: null,
      verdict: null,
      comparison: null,
      asOf: null,
      unused: [],
    })
  })

  it('counts what is hidden in its summary', () => {
    expect(read({}, { hidden: 5 })['summary']).toMatchObject({
      total: 4,
      hidden: 5,
      suppressed: 1,
      secrets: 1,
    })
  })

  it('says what became of each component only when that is asked for', () => {
    expect(read({})).not.toHaveProperty('components')
    const { components } = read({}, { showComponents: true }) as {
      readonly components: readonly JsonObject[]
    }
    expect(components).toHaveLength(4)
    expect(components[0]).toEqual({
      purl: sampleComponent().purl,
      name: 'libssl3',
      version: '3.0.11-1',
      compared: true,
      feeds: [{ id: 'osv', knows: 'all', date: '2026-11-18T00:00:00Z' }],
      reason: null,
      as: null,
    })
  })
})

describe('results', () => {
  const refused = (): ScanReport => ({
    ...cleanReport(),
    verdict: { passed: false, rules: [], violations: [] },
  })
  const passed = (): ScanReport => ({
    ...cleanReport(),
    verdict: { passed: true, rules: [], violations: [] },
  })

  it('of one target are that of the target itself', () => {
    expect(scansJson([cleanReport()])).toEqual(scanJson(cleanReport()))
  })

  it.each([
    ['none', [], true],
    ['all without a gate', [cleanReport(), cleanReport()], true],
    ['all passed', [passed(), cleanReport()], true],
    ['the first refused', [refused(), passed()], false],
    ['the last refused', [passed(), cleanReport(), refused()], false],
  ] as const)('of %s', (_, reports, allPassed) => {
    expect(scansJson(reports)).toEqual({
      schemaVersion: 1,
      passed: allPassed,
      targets: reports.map(scanJson),
    })
  })
})
