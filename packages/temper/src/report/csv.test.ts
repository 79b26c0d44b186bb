import { describe, expect, it } from 'vitest'
import type { GateViolation, ScanReport } from '../model/advisory/scan-report.ts'
import { scansCsv } from './csv.ts'
import {
  sampleComponent,
  sampleFinding,
  sampleReport,
  sampleResult,
  sampleSuppressed,
} from './fixtures/sample.ts'

/** Rows by the names of their columns, as a reader of RFC 4180 has them. */
function rowsOf(...reports: readonly ScanReport[]): readonly Readonly<Record<string, string>>[] {
  const text = scansCsv(reports)
  const rows: string[][] = [[]]
  for (const [, cell = '', end] of text.matchAll(/"((?:[^"]|"")*)"(,|\n)/g)) {
    rows.at(-1)?.push(cell.replaceAll('""', '"'))
    if (end === '\n') rows.push([])
  }
  const [head = [], ...body] = rows.slice(0, -1)
  return body.map((cells) => Object.fromEntries(cells.map((cell, index) => [head[index], cell])))
}

function reportOf(result: Partial<ScanReport['result']>, over: Partial<ScanReport> = {}): ScanReport {
  return sampleReport({ result: sampleResult(result), ...over })
}

describe('a row', () => {
  it('has every fact of a finding under its name', () => {
    const finding = sampleFinding({
      aliases: ['DSA-5000-1', 'GHSA-aaaa-bbbb-cccc'],
      fixedVersions: ['3.0.15-1', '3.1.2-1'],
      exploited: { added: '2024-01-01' },
      prediction: { score: 0.25, percentile: 0.9 },
    })
    expect(rowsOf(reportOf({ findings: [finding] }))).toEqual([
      {
        target: 'registry.example/team/web:1',
        digest: `sha256:${'ab'.repeat(32)}`,
        platform: 'linux/amd64',
        id: 'CVE-2024-0001',
        aliases: 'DSA-5000-1 GHSA-aaaa-bbbb-cccc',
        type: 'deb',
        package: 'libssl3',
        version: '3.0.11-1',
        source: 'openssl',
        purl: finding.component.purl,
        location: 'var/lib/dpkg/status',
        severity: 'high',
        score: '7.5',
        vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H',
        kev: 'yes',
        epss: '0.25',
        priority: 'high',
        priority_reason: 'high severity, fix available',
        fixed_versions: '3.0.15-1 3.1.2-1',
        upgrade_to: '3.0.15-1',
        status: 'affected',
        reason: '3.0.11-1 is below 3.0.15-1, fixed in Debian:12',
        suppressed_by: '',
        breaks: '',
        published: '2024-01-10T00:00:00Z',
        fix_published: '2024-02-01T00:00:00Z',
        feeds: 'debian-12 osv',
        title: 'A buffer is read past its end',
        scanned: '2026-11-20T10:00:01Z',
        advisories_of: '2026-11-18T00:00:00Z',
        complete: 'yes',
      },
    ])
  })

  it('has empty cells for what is not known, and never the word "undefined"', () => {
    const { source: _source, architecture: _architecture, ...component } = sampleComponent({ locations: [] })
    const { id, severity, severitySource, priority, status, reason } = sampleFinding()
    const bare = { id, severity, severitySource, priority, status, reason, component }
    const finding = { ...bare, aliases: [], fixedVersions: [], feeds: [], references: [] }
    const { asOf: _asOf, ...result } = sampleResult({
      target: { name: 'dir:.', kind: 'directory', inventoryFrom: 'files' },
      findings: [finding],
      upgrades: [],
      feeds: [],
    })
    const [row] = rowsOf(sampleReport({ result }))
    const empty = [
      ...['digest', 'platform', 'aliases', 'source', 'location', 'score', 'vector', 'epss', 'fixed_versions'],
      ...[
        'upgrade_to',
        'suppressed_by',
        'breaks',
        'published',
        'fix_published',
        'feeds',
        'title',
        'advisories_of',
      ],
    ]
    for (const name of empty) expect(row, name).toHaveProperty(name, '')
    expect(row).toMatchObject({ kev: 'no', complete: 'no' })
    expect(scansCsv([sampleReport({ result })])).not.toMatch(/undefined|null/)
  })

  it('tells a score of nothing from no score', () => {
    const findings = [sampleFinding({ score: 0, prediction: { score: 0, percentile: 0 } })]
    expect(rowsOf(reportOf({ findings }))[0]).toMatchObject({ score: '0', epss: '0' })
  })

  it('names the rules that a finding breaks', () => {
    const [bad, fine] = [sampleFinding({ id: 'CVE-1' }), sampleFinding({ id: 'CVE-2' })]
    const violation = (rule: string): GateViolation => ({
      rule,
      level: 'error',
      subject: 'libssl3',
      place: { kind: 'whole' },
      found: 'x',
      remedy: 'y',
      kind: 'finding',
      id: 'CVE-1',
      finding: bad,
    })
    const verdict = { passed: false, rules: ['high'], violations: [violation('high'), violation('kev')] }
    const rows = rowsOf(reportOf({ findings: [bad, fine] }, { verdict }))
    expect(rows.map((row) => row['breaks'])).toEqual(['high kev', ''])
  })

  it('of what is suppressed is there when that is shown, after the others, and says by what', () => {
    const result = { findings: [sampleFinding({ id: 'CVE-1' })], suppressed: [sampleSuppressed] }
    expect(rowsOf(reportOf(result)).map(({ id }) => id)).toEqual(['CVE-1'])
    const rows = rowsOf(reportOf(result, { showSuppressed: true }))
    expect(rows.map((row) => [row['id'], row['status'], row['suppressed_by']])).toEqual([
      ['CVE-1', 'affected', ''],
      ['CVE-2022-0002', 'not_affected', 'vex vex.json'],
    ])
  })
})

describe('a table', () => {
  it('has its head and nothing else for nothing', () => {
    for (const reports of [[], [reportOf({ findings: [] })]]) {
      expect(scansCsv(reports).split('\n')).toHaveLength(2)
      expect(scansCsv(reports)).toMatch(/^"target","digest",.*"complete"\n$/)
    }
  })

  it('says of a target without findings that it could not be compared', () => {
    const report = reportOf({ findings: [], feeds: [] })
    expect(rowsOf(report)).toMatchObject([
      {
        target: 'registry.example/team/web:1',
        id: '',
        status: 'incomplete',
        complete: 'no',
        reason: expect.stringContaining('not everything could be compared'),
      },
    ])
  })

  it('has one head for several targets, and their rows in their order', () => {
    const target = (name: string) => ({ ...sampleResult().target, name })
    const one = reportOf({ target: target('b'), findings: [sampleFinding({ id: 'CVE-2' })] })
    const other = reportOf({ target: target('a'), findings: [sampleFinding({ id: 'CVE-1' })] })
    expect(rowsOf(one, other).map((row) => [row['target'], row['id']])).toEqual([
      ['b', 'CVE-2'],
      ['a', 'CVE-1'],
    ])
  })
})

describe('a cell', () => {
  const titleOf = (title: string) => rowsOf(reportOf({ findings: [sampleFinding({ title })] }))[0]?.['title']

  it.each([
    ['a "quoted" word', 'a "quoted" word'],
    ['commas, and; semicolons', 'commas, and; semicolons'],
    ['lines\nand\r\ttabs', 'lines and\\u000d tabs'],
    ['Ünïcode ☃ 😀 漢字', 'Ünïcode ☃ 😀 漢字'],
    ['half \ud83d of a pair', 'half \ufffd of a pair'],
    ['\u001b[31mred\u0007', '\\u001b[31mred\\u0007'],
    ['a=1', 'a=1'],
    ['3-2', '3-2'],
    ['=1', "'=1"],
    ["'=1", "''=1"],
    ['', ''],
  ])('of %j is %j', (title, cell) => {
    expect(titleOf(title)).toBe(cell)
  })

  it('never begins a formula, wherever the text comes from', () => {
    const bad = '=HYPERLINK("https://evil.example")'
    const component = sampleComponent({ name: bad, version: bad, purl: bad, locations: [{ path: bad }] })
    const finding = sampleFinding({
      id: bad,
      aliases: [bad],
      title: bad,
      component,
      fixedVersions: [bad],
      reason: bad,
      vector: bad,
      feeds: [bad],
      published: bad,
      fixPublished: bad,
      severitySource: bad,
    })
    const target = { ...sampleResult().target, name: bad, platform: bad }
    const [row = {}] = rowsOf(reportOf({ target, findings: [finding], asOf: bad }))
    expect(Object.values(row).filter((cell) => cell.includes('HYPERLINK'))).toHaveLength(16)
    for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+@-]/)
  })
})
