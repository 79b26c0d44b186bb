import { describe, expect, it } from 'vitest'
import type { GateViolation, ScanReport } from '../model/advisory/scan-report.ts'
import { sampleSecret } from '../model/fixtures/sample.ts'
import {
  cleanReport,
  sampleComponent,
  sampleFinding,
  sampleReport,
  sampleResult,
  sampleSuppressed,
} from './fixtures/sample.ts'
import { scansJunit } from './junit.ts'

const nothing = { findings: [], suppressed: [], secrets: [], upgrades: [] }

function reportOf(result: Partial<ScanReport['result']>, over: Partial<ScanReport> = {}): ScanReport {
  return sampleReport({ result: sampleResult({ ...nothing, ...result }), ...over })
}

function linesOf(report: ScanReport): readonly string[] {
  return scansJunit([report])
    .split('\n')
    .map((line) => line.trim())
}

/** "failures=1", of the first element of a name. */
function attribute(report: readonly ScanReport[], element: string, name: string): string | undefined {
  return new RegExp(`<${element} [^>]*\\b${name}="([^"]*)"`).exec(scansJunit(report))?.[1]
}

const whole: GateViolation = {
  rule: 'eol',
  level: 'error',
  subject: 'debian 9',
  place: { kind: 'whole' },
  found: 'support ended on 2022-06-30',
  remedy: 'move to a release that is supported',
  kind: 'end-of-life',
  id: 'debian',
}

describe('a suite', () => {
  it('is this document, for one finding', () => {
    const finding = sampleFinding()
    const { upgrades } = sampleResult()
    expect(scansJunit([reportOf({ findings: [finding], upgrades })])).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="Temper scan" tests="1" failures="1" errors="0" skipped="0">
  <testsuite name="registry.example/team/web:1" tests="1" failures="1" errors="0" skipped="0" timestamp="2026-11-20T10:00:00">
    <properties>
      <property name="scanned" value="2026-11-20T10:00:01Z"/>
      <property name="complete" value="true"/>
      <property name="compared" value="4"/>
      <property name="notCompared" value="0"/>
      <property name="feed" value="osv of 2026-11-18"/>
    </properties>
    <testcase classname="deb" name="CVE-2024-0001 in libssl3 3.0.11-1"><failure type="high" message="high: libssl3 3.0.11-1">A buffer is read past its end
severity: high (CVSS 3.1 (osv))
priority: high (high severity, fix available)
found because: 3.0.11-1 is below 3.0.15-1, fixed in Debian:12
upgrade: openssl 3.0.11-1 to 3.0.15-1
in: var/lib/dpkg/status</failure></testcase>
  </testsuite>
</testsuites>
`,
    )
  })

  it('has one property a feed, with the day of each', () => {
    const feed = sampleResult().feeds[0]
    if (feed === undefined) throw new Error('no feed')
    const { date: _date, ...undated } = feed
    const lines = linesOf(reportOf({ feeds: [feed, { ...undated, id: 'kev' }] }))
    expect(lines.filter((line) => line.includes('name="feed"'))).toEqual([
      '<property name="feed" value="osv of 2026-11-18"/>',
      '<property name="feed" value="kev of unknown age"/>',
    ])
  })

  it('counts its cases, and the whole adds up all suites', () => {
    const failing = reportOf({ findings: [sampleFinding(), sampleFinding({ id: 'CVE-2' })] })
    const skipping = reportOf({ suppressed: [sampleSuppressed] }, { showSuppressed: true })
    const all = [failing, skipping, cleanReport()]
    const counts = (element: string, reports: readonly ScanReport[]) =>
      ['tests', 'failures', 'errors', 'skipped'].map((name) => Number(attribute(reports, element, name)))
    expect(counts('testsuite', [failing])).toEqual([2, 2, 0, 0])
    expect(counts('testsuite', [skipping])).toEqual([1, 0, 0, 1])
    expect(counts('testsuite', [cleanReport()])).toEqual([1, 0, 0, 0])
    expect(counts('testsuites', all)).toEqual([4, 2, 0, 1])
    expect(counts('testsuites', [])).toEqual([0, 0, 0, 0])
  })

  it('has findings first, then secrets, then what is about the whole, then what is suppressed', () => {
    const report = reportOf(
      {
        findings: [sampleFinding({ id: 'CVE-1' })],
        secrets: [sampleSecret()],
        suppressed: [sampleSuppressed],
      },
      { showSuppressed: true, verdict: { passed: false, rules: ['eol'], violations: [whole] } },
    )
    expect(
      [...scansJunit([report]).matchAll(/<testcase classname="([^"]*)"/g)].map(([, name]) => name),
    ).toEqual(['deb', 'secret', 'end-of-life', 'deb'])
  })
})

describe('a finding', () => {
  const detailsOf = (report: ScanReport) =>
    /<(?:failure|system-out)[^>]*>([^<]*)</.exec(scansJunit([report]))?.[1]?.split('\n')

  it('has no empty line for a title that is not there', () => {
    const { title: _title, ...untitled } = sampleFinding()
    expect(detailsOf(reportOf({ findings: [untitled] }))?.[0]).toBe('severity: high (CVSS 3.1 (osv))')
  })

  it('says that no version is known where there is none to upgrade to', () => {
    const upgrade = { name: 'openssl', type: 'deb', from: '3.0.11-1', removes: ['CVE-2024-0001'] } as const
    for (const upgrades of [[], [upgrade]]) {
      const details = detailsOf(reportOf({ findings: [sampleFinding({ fixedVersions: [] })], upgrades }))
      expect(details).toContain('no fixed version is known')
      expect(details?.some((line) => line.startsWith('upgrade:'))).toBe(false)
    }
  })

  it.each([
    [0, 0],
    [1, 1],
    [3, 3],
    [4, 3],
  ])('at %i places names %i of them', (places, named) => {
    const locations = Array.from({ length: places }, (_, index) => ({ path: `app/${index}` }))
    const finding = sampleFinding({ component: sampleComponent({ locations }) })
    const paths = detailsOf(reportOf({ findings: [finding] }))?.filter((line) => line.startsWith('in: '))
    expect(paths).toEqual(locations.slice(0, named).map(({ path }) => `in: ${path}`))
  })

  it('passes when it breaks no rule, and says which ones it breaks when it does', () => {
    const [bad, fine] = [sampleFinding({ id: 'CVE-1' }), sampleFinding({ id: 'CVE-2' })]
    const about = { ...whole, kind: 'finding', id: 'CVE-1', finding: bad } as const
    const violations: GateViolation[] = [
      { ...about, rule: 'high', found: 'severity high' },
      { ...about, rule: 'fixable', found: 'fixed in 3.0.15-1' },
    ]
    const report = reportOf(
      { findings: [bad, fine] },
      { verdict: { passed: false, rules: ['high', 'fixable'], violations } },
    )
    const [first = '', second = ''] = scansJunit([report]).split('</testcase>')
    expect(first).toContain('<failure type="high"')
    expect(first).toContain('\nbreaks high: severity high\nbreaks fixable: fixed in 3.0.15-1</failure>')
    expect(second).toContain('name="CVE-2 in libssl3 3.0.11-1"><system-out>')
    expect(second).not.toContain('breaks')
    expect(attribute([report], 'testsuite', 'failures')).toBe('1')
    // What a rule says of a finding is told with the finding, and not once more.
    expect(attribute([report], 'testsuite', 'tests')).toBe('2')
  })
})

describe('a secret', () => {
  const secret = sampleSecret({ line: 7 })
  const violation: GateViolation = { ...whole, kind: 'secret', id: 'private-key', rule: 'secret', secret }

  it.each([
    ['fails without a gate', undefined, 1],
    ['fails where it breaks a rule', { passed: false, rules: ['secret'], violations: [violation] }, 1],
    ['passes where it breaks none', { passed: true, rules: ['critical'], violations: [] }, 0],
  ] as const)('%s', (_, verdict, failures) => {
    const report = reportOf({ secrets: [secret] }, verdict === undefined ? {} : { verdict })
    expect(attribute([report], 'testsuite', 'tests')).toBe('1')
    expect(attribute([report], 'testsuite', 'failures')).toBe(String(failures))
    const body = failures === 1 ? '<failure type="secret" message="Private key">' : '<system-out>'
    expect(scansJunit([report])).toContain(
      `<testcase classname="secret" name="private-key in app/key.pem:7">${body}Private key\n-----BEGIN PRIVATE KEY----- ****<`,
    )
  })
})

describe('what is about the whole', () => {
  it.each(['end-of-life', 'stale-feeds', 'incomplete'] as const)('fails as a case of its own: %s', (kind) => {
    const violations = [{ ...whole, kind }]
    const report = reportOf({}, { verdict: { passed: false, rules: ['x'], violations } })
    expect(linesOf(report)).toContain(
      `<testcase classname="${kind}" name="debian 9"><failure type="${kind}" message="support ended on 2022-06-30">move to a release that is supported</failure></testcase>`,
    )
    expect(scansJunit([report])).not.toContain('no known vulnerabilities')
  })
})

describe('what is suppressed', () => {
  it('is skipped with who says so and why, where it is shown', () => {
    const shown = reportOf({ suppressed: [sampleSuppressed] }, { showSuppressed: true })
    expect(linesOf(shown)).toContain(
      '<testcase classname="deb" name="CVE-2022-0002 in libssl3 3.0.11-1"><skipped message="vex.json: the server never parses such certificates"/></testcase>',
    )
    const hidden = scansJunit([reportOf({ suppressed: [sampleSuppressed] })])
    expect(hidden).not.toContain('CVE-2022-0002')
    expect(hidden).toContain('no known vulnerabilities in 128 packages')
  })
})

describe('nothing found', () => {
  it.each([
    ['no feeds', { feeds: [] }],
    ['a gap', { notes: [{ code: 'database-damaged', message: 'The database is damaged.' }] }],
  ])('is skipped, not passed, where not all was compared: %s', (_, over) => {
    const text = scansJunit([reportOf(over)])
    expect(text).toContain(
      '<testcase classname="scan" name="known vulnerabilities"><skipped message="nothing found, but not everything',
    )
    expect(text).not.toContain('no known vulnerabilities')
  })

  it('says why with the notes that are gaps, and none of the others', () => {
    const notes = [
      { code: 'no-packages', message: 'No packages.' },
      { code: 'unsigned-thing', message: 'Another matter.' },
      { code: 'unreadable-file', message: 'Not readable.' },
    ]
    expect(scansJunit([reportOf({ notes })])).toContain('>No packages.\nNot readable.</skipped>')
  })
})
