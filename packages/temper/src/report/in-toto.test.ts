import { describe, expect, it } from 'vitest'
import { sha256 } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import { canonicalJson } from '../base/json/canonical-json.ts'
import type { JsonObject } from '../base/json/value.ts'
import type { FeedState } from '../model/advisory/advisory.ts'
import { doubtfulReport, sampleFinding, sampleReport, sampleResult } from './fixtures/sample.ts'
import { scanStatement, vulnsPredicate, vulnsType } from './in-toto.ts'

interface Predicate {
  readonly scanner: {
    readonly uri: string
    readonly db: { readonly version: string; readonly lastUpdate: string }
    readonly result: readonly {
      readonly severity: readonly JsonObject[]
      readonly annotations: readonly JsonObject[]
    }[]
  }
  readonly metadata: JsonObject & { readonly feeds: readonly JsonObject[] }
}

function predicateOf(over: Parameters<typeof sampleResult>[0], more = {}): Predicate {
  return vulnsPredicate(sampleReport({ result: sampleResult(over), ...more })) as unknown as Predicate
}

describe('the statement', () => {
  it('is about the digest of the image, under its name', () => {
    expect(scanStatement(sampleReport())).toMatchObject({
      subject: [{ name: 'registry.example/team/web:1', digest: { sha256: 'ab'.repeat(32) } }],
      predicateType: vulnsType,
    })
  })

  it.each([
    ['none', undefined],
    ['one that is no digest', 'latest'],
    ['one that is too short', `sha256:${'ab'.repeat(31)}`],
  ])('refuses a target whose digest is %s', (_, digest) => {
    const { digest: _own, ...target } = sampleResult().target
    const report = sampleReport({
      result: sampleResult({ target: digest === undefined ? target : { ...target, digest } }),
    })
    try {
      scanStatement(report)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(TemperError)
      expect(error).toMatchObject({
        code: 'bad-usage',
        message: 'A statement needs the digest of an image, and registry.example/team/web:1 has none',
        hint: 'Scan an image by its reference.',
        next: { action: 'choose-format' },
      })
    }
  })
})

describe('the predicate', () => {
  it('names what it knows the vulnerabilities from', () => {
    const { feeds } = sampleResult()
    expect(predicateOf({}).scanner.db).toEqual({
      uri: 'https://osv.dev',
      version: sha256(canonicalJson(feeds.map(({ id, digest }) => [id, digest]))),
      lastUpdate: '2026-11-18T00:00:00Z',
    })
  })

  it('has another version of its advisories when a digest changes, and only then', () => {
    const [feed] = sampleResult().feeds as [FeedState]
    const versionOf = (over: Partial<FeedState>) =>
      predicateOf({ feeds: [{ ...feed, ...over }] }).scanner.db.version
    expect(versionOf({ count: 1, date: '2020-01-01' })).toBe(versionOf({}))
    expect(versionOf({ digest: `sha256:${'06'.repeat(32)}` })).not.toBe(versionOf({}))
  })

  it('dates advisories of unknown age with the start of the scan', () => {
    const { asOf: _asOf, ...result } = sampleResult()
    const { scanner } = vulnsPredicate(sampleReport({ result })) as unknown as Predicate
    expect(scanner.db.lastUpdate).toBe('2026-11-20T10:00:00Z')
    expect(predicateOf({ asOf: 'yesterday' }).scanner.db.lastUpdate).toBe('2026-11-20T10:00:00Z')
  })

  it('escapes what would end the version in its own package URL', () => {
    expect(predicateOf({ generator: { name: 'temper', version: '1.0.0+a b/c' } }).scanner.uri).toBe(
      'pkg:generic/temper@1.0.0%2Ba%20b%2Fc',
    )
  })

  it('has as many severities as are known', () => {
    const { score: _score, vector: _vector, ...bare } = sampleFinding()
    const findings = [bare, sampleFinding({ score: 7, prediction: { score: 0.5, percentile: 1 } })]
    const [few, all] = predicateOf({ findings }).scanner.result
    expect(few?.severity).toEqual([{ method: 'temper', score: 'high', source: 'CVSS 3.1 (osv)' }])
    expect(all?.severity.slice(1)).toEqual([
      { method: 'cvss_score', score: '7.0' },
      { method: 'cvss_vector', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' },
      { method: 'epss', score: '0.5' },
    ])
  })

  it('annotates each finding with what is known, and leaves out what is not', () => {
    const findings = [
      sampleFinding({ aliases: ['A', 'B'], fixedVersions: ['1', '2'] }),
      sampleFinding({ aliases: [], fixedVersions: [], exploited: { added: '2024-01-01' }, feeds: [] }),
    ]
    const [full, bare] = predicateOf({ findings }).scanner.result
    expect(Object.assign({}, ...(full?.annotations ?? []))).toEqual({
      purl: sampleFinding().component.purl,
      package: 'libssl3',
      installedVersion: '3.0.11-1',
      fixedVersion: '1, 2',
      aliases: 'A, B',
      status: 'affected',
      priority: 'high',
      knownExploited: false,
      reason: '3.0.11-1 is below 3.0.15-1, fixed in Debian:12',
      feed: 'debian-12, osv',
    })
    const names = bare?.annotations.flatMap(Object.keys)
    expect(names).not.toContain('fixedVersion')
    expect(names).not.toContain('aliases')
    expect(bare?.annotations).toContainEqual({ knownExploited: true })
  })

  it('says how much was compared, with which feeds', () => {
    const [feed] = sampleResult().feeds as [FeedState]
    const { date: _date, ...undated } = feed
    const { metadata } = predicateOf({ feeds: [feed, { ...undated, id: 'kev' }] })
    expect(metadata['packages']).toEqual({ complete: true, compared: 4, repairedOnly: 0, notCompared: 0 })
    expect(metadata.feeds).toEqual([
      { id: 'osv', digest: feed.digest, date: '2026-11-18T00:00:00Z' },
      { id: 'kev', digest: feed.digest },
    ])
    const doubtful = vulnsPredicate(doubtfulReport()) as unknown as Predicate
    expect(doubtful.metadata['packages']).toMatchObject({ complete: false, compared: 0, notCompared: 2 })
  })

  it('has what the gate says where there is one', () => {
    expect(predicateOf({}).metadata).not.toHaveProperty('gate')
    const verdict = { passed: true, rules: ['critical'], violations: [] }
    expect(predicateOf({}, { verdict }).metadata['gate']).toEqual(verdict)
  })

  it('does not tell of what is suppressed', () => {
    const text = JSON.stringify(vulnsPredicate(sampleReport({ showSuppressed: true })))
    expect(text).not.toContain('CVE-2022-0002')
  })
})
