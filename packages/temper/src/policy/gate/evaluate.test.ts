import { describe, expect, it } from 'vitest'
import type { ScanResult } from '../../model/advisory/finding.ts'
import type { Verdict } from '../../model/advisory/scan-report.ts'
import { sampleSecret } from '../../model/fixtures/sample.ts'
import { evaluateGate } from './evaluate.ts'
import { now, sampleFinding, sampleResult } from './fixtures/sample.ts'
import { parseGate } from './parse.ts'

function verdict(rules: string, over: Partial<ScanResult> = {}): Verdict {
  return evaluateGate(parseGate(rules), sampleResult(over), { now })
}

describe('the gate', () => {
  it.each([
    ['critical', 0],
    ['high', 1],
    ['medium', 1],
    ['unknown', 0],
    ['any', 1],
    ['kev', 0],
    ['fixable', 1],
    ['high+fixable', 1],
    ['high+kev', 0],
    ['epss>0.1', 0],
    ['score>8', 1],
    ['score>8.1', 0],
    ['score>=8.1', 1],
    ['urgent', 0],
    ['secret', 0],
    ['eol', 0],
    ['stale-feeds', 0],
    ['high,medium', 2],
  ])('%s: %i', (rules, violations) => {
    const decision = verdict(rules)
    expect(decision.violations).toHaveLength(violations)
    expect(decision.passed).toBe(violations === 0)
  })

  it('names its rules, whether they are broken or not', () => {
    expect(verdict(' High, KEV + fixable').rules).toEqual(['high', 'kev+fixable'])
    expect(
      verdict('eol', {
        support: { distribution: { id: 'x', version: '1' }, endOfLife: '2020-01-01', ended: true },
      }).violations,
    ).toMatchObject([{ rule: 'eol', kind: 'end-of-life', place: { kind: 'whole' } }])
  })

  it('counts the age of what is fixed from the repair on, else from when it was published', () => {
    expect(verdict('high>3d').passed).toBe(false)
    expect(verdict('high>4d').passed).toBe(true)
    expect(verdict('high+fixable>12h').violations[0]?.found).toContain('fixed 1 day ago')
    expect(verdict('high+fixable>2d').passed).toBe(true)
  })

  it('takes what has no date for old: silence must not open it', () => {
    const { published: _published, fixPublished: _fixed, ...undated } = sampleFinding()
    expect(verdict('high>30d', { findings: [undated] }).violations[0]?.found).toContain('of unknown age')
    const odd = sampleFinding({ published: 'yesterday' })
    expect(verdict('high>30d', { findings: [odd] }).passed).toBe(false)
  })

  it('says which upgrade removes a finding', () => {
    expect(verdict('high').violations).toMatchObject([
      {
        rule: 'high',
        kind: 'finding',
        id: 'CVE-2026-1',
        subject: 'libfoo1 1.0-1',
        remedy: 'upgrade foo from 1.0-1 to 1.0-2',
        upgrade: { to: '1.0-2' },
      },
    ])
    const waiting = sampleFinding({ fixedVersions: [] })
    expect(verdict('high', { findings: [waiting], upgrades: [] }).violations[0]?.remedy).toContain(
      'no fixed version',
    )
  })

  it('knows exploitation, predictions and priorities', () => {
    const findings = [
      sampleFinding({
        exploited: { added: '2026-02-26' },
        prediction: { score: 0.6, percentile: 0.9 },
        priority: { level: 'urgent', value: 100, why: 'known to be exploited' },
      }),
    ]
    expect(
      verdict('kev,epss>0.5,urgent,kev+epss>0.7', { findings }).violations.map(({ rule }) => rule),
    ).toEqual(['kev', 'epss>0.5', 'urgent'])
  })

  it('tells together what one finding breaks: findings, then secrets, then the target', () => {
    const findings = [sampleFinding({ id: 'B' }), sampleFinding({ id: 'A', severity: 'low' })]
    const secrets = [sampleSecret()]
    const { violations } = verdict('incomplete,secret,low,high', { findings, secrets, feeds: [] })
    expect(violations.map(({ rule, id }) => `${rule} ${id}`)).toEqual([
      'low B',
      'high B',
      'low A',
      'secret private-key',
      'incomplete incomplete',
    ])
  })

  it('knows secrets by their severity', () => {
    const secret = sampleSecret({ severity: 'medium', location: { path: 'a.pem' }, line: 3, deleted: true })
    expect(verdict('secret', { secrets: [secret] }).violations).toMatchObject([
      { kind: 'secret', subject: 'a.pem:3' },
    ])
    expect(verdict('secret+high', { secrets: [secret] }).passed).toBe(true)
    expect(verdict('high', { secrets: [secret], findings: [] }).passed).toBe(true)
  })

  it('knows when not everything was compared', () => {
    const notes = [{ code: 'no-advisories', message: 'the feeds know nothing about Debian 13' }]
    expect(verdict('incomplete', { notes }).violations).toMatchObject([
      { kind: 'incomplete', found: 'the feeds know nothing about Debian 13' },
    ])
    expect(verdict('incomplete', { notes: [{ code: 'other', message: 'x' }] }).passed).toBe(true)
    expect(verdict('incomplete', { feeds: [] }).passed).toBe(false)
  })

  it('knows releases without support, and stale or missing feeds', () => {
    const distribution = { id: 'debian', version: '10' }
    const support = { distribution, endOfLife: '2024-06-30', ended: true }
    expect(verdict('eol', { support }).violations).toMatchObject([
      { kind: 'end-of-life', subject: 'debian 10' },
    ])
    expect(verdict('eol', { support: { ...support, ended: false } }).passed).toBe(true)
    expect(verdict('stale-feeds', { feeds: [] }).passed).toBe(false)
    const feeds = [
      { id: 'osv', kind: 'osv', count: 1, digest: `sha256:${'0'.repeat(64)}`, stale: true },
    ] as const
    expect(verdict('stale-feeds', { feeds }).violations).toMatchObject([{ kind: 'stale-feeds', id: 'osv' }])
  })
})
