import { describe, expect, it } from 'vitest'
import type { GateViolation, ScanReport } from '../model/advisory/scan-report.ts'
import {
  sampleComponent,
  sampleFinding,
  sampleReport,
  sampleResult,
  sampleSuppressed,
} from './fixtures/sample.ts'
import { scansGitlab } from './gitlab.ts'

interface Vulnerability {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly severity: string
  readonly solution: string
  readonly identifiers: readonly { readonly type: string; readonly value: string; readonly url?: string }[]
  readonly links: readonly { readonly url: string }[]
  readonly cvss_vectors?: readonly { readonly vendor: string; readonly vector: string }[]
  readonly location: { readonly operating_system: string }
  readonly flags?: readonly object[]
}

interface Report {
  readonly scan: {
    readonly start_time: string
    readonly end_time: string
    readonly analyzer: { readonly version: string }
    readonly messages: readonly { readonly level: string; readonly value: string }[]
  }
  readonly vulnerabilities: readonly Vulnerability[]
}

function read(...reports: readonly ScanReport[]): Report {
  return JSON.parse(JSON.stringify(scansGitlab(reports)))
}

function reportOf(result: Partial<ScanReport['result']>, over: Partial<ScanReport> = {}): ScanReport {
  return sampleReport({ result: sampleResult(result), ...over })
}

function only(over: Parameters<typeof sampleFinding>[0]): Vulnerability {
  const [vulnerability] = read(reportOf({ findings: [sampleFinding(over)] })).vulnerabilities
  if (vulnerability === undefined) throw new Error('no vulnerability')
  return vulnerability
}

describe('a vulnerability for GitLab', () => {
  it('is this object', () => {
    expect(only({})).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      name: 'A buffer is read past its end',
      description: 'A buffer is read past its end. 3.0.11-1 is below 3.0.15-1, fixed in Debian&#58;12.',
      severity: 'High',
      solution: 'Upgrade openssl from 3.0.11-1 to 3.0.15-1',
      identifiers: [
        {
          type: 'cve',
          name: 'CVE-2024-0001',
          value: 'CVE-2024-0001',
          url: 'https://www.cve.org/CVERecord?id=CVE-2024-0001',
        },
        {
          type: 'dsa',
          name: 'DSA-5000-1',
          value: 'DSA-5000-1',
          url: 'https://osv.dev/vulnerability/DSA-5000-1',
        },
      ],
      links: [{ url: 'https://security.example/CVE-2024-0001' }],
      cvss_vectors: [{ vendor: 'debian-12', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' }],
      location: {
        dependency: { package: { name: 'libssl3' }, version: '3.0.11-1' },
        operating_system: 'debian:12',
        image: 'registry.example/team/web:1',
      },
      details: {
        priority: { type: 'text', name: 'Priority', value: 'high: high severity, fix available' },
        path: { type: 'text', name: 'Found in', value: 'var/lib/dpkg/status' },
      },
    })
  })

  it.each([
    ['critical', 'Critical'],
    ['high', 'High'],
    ['medium', 'Medium'],
    ['low', 'Low'],
    ['negligible', 'Info'],
    ['unknown', 'Unknown'],
  ] as const)('%s is %s', (severity, name) => {
    expect(only({ severity }).severity).toBe(name)
  })

  it('keeps its id from scan to scan, and shares it with nothing else', () => {
    const component = sampleComponent()
    const others: Parameters<typeof sampleFinding>[0][] = [
      { id: 'CVE-2024-0002' },
      { component: { ...component, version: '3.0.12-1' } },
      { component: { ...component, architecture: 'arm64' } },
      { component: { ...component, locations: [{ path: 'elsewhere' }] } },
    ]
    expect(only({ title: 'Another title', score: 1 }).id).toBe(only({}).id)
    expect(new Set([only({}), ...others.map(only)].map(({ id }) => id)).size).toBe(5)
    const target = { ...sampleResult().target, name: 'other' }
    const [elsewhere] = read(reportOf({ target, findings: [sampleFinding()] })).vulnerabilities
    expect(elsewhere?.id).not.toBe(only({}).id)
  })

  it('says that nothing repairs it where that is so', () => {
    const upgrade = { name: 'openssl', type: 'deb', from: '3.0.11-1', removes: ['CVE-2024-0001'] } as const
    for (const upgrades of [[], [upgrade]]) {
      const [each] = read(reportOf({ findings: [sampleFinding()], upgrades })).vulnerabilities
      expect(each?.solution).toBe('No fixed version is known.')
    }
  })

  it.each([
    ['CVE-2024-0001', 'cve'],
    ['GHSA-35jh-r3h4-6jhm', 'ghsa'],
    ['RUSTSEC-2024-0001', 'rustsec'],
    ['A-1', 'temper'],
    ['ABCDEFGHIJKLM-1', 'temper'],
    ['TEMP-0290435-0B57B5', 'temp'],
    ['1234', 'temper'],
  ])('of the id %s has an identifier of type %s', (id, type) => {
    expect(only({ id, aliases: [] }).identifiers).toMatchObject([{ type, value: id }])
  })

  it('has each identifier once, and no more than 20 of them', () => {
    const aliases = ['CVE-2024-0001', 'A-1', 'A-1', ...Array.from({ length: 30 }, (_, index) => `B-${index}`)]
    const values = only({ aliases }).identifiers.map(({ value }) => value)
    expect(values).toHaveLength(20)
    expect(values.slice(0, 3)).toEqual(['CVE-2024-0001', 'A-1', 'B-0'])
    expect(new Set(values).size).toBe(20)
  })

  it('links to addresses only, each once', () => {
    const references = ['https://a.example/x', 'javascript:alert(1)', 'https://a.example/x', 'ftp://b', 'c']
    expect(only({ references }).links).toEqual([{ url: 'https://a.example/x' }])
  })

  it.each([
    ['CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', true],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', true],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N', false],
    ['AV:N/AC:L/Au:N/C:N/I:N/A:P', false],
    ['CVSS:3.1/<script>', false],
    [`CVSS:3.1/${'A'.repeat(110)}`, true],
    [`CVSS:3.1/${'A'.repeat(111)}`, false],
  ])('has the vector %s as one of CVSS 3: %s', (vector, kept) => {
    expect(only({ vector }).cvss_vectors).toEqual(kept ? [{ vendor: 'debian-12', vector }] : undefined)
  })

  it('is flagged where somebody suppressed it, and only then', () => {
    const report = reportOf({ findings: [sampleFinding()], suppressed: [sampleSuppressed] })
    expect(read(report).vulnerabilities.map(({ flags }) => flags)).toEqual([undefined])
    expect(read({ ...report, showSuppressed: true }).vulnerabilities.map(({ flags }) => flags)).toEqual([
      undefined,
      [
        {
          type: 'flagged-as-likely-false-positive',
          origin: 'vex.json',
          description: 'the server never parses such certificates',
        },
      ],
    ])
  })

  it.each([
    [{ id: 'wolfi', version: '' }, 'wolfi:rolling'],
    [{ id: 'alpine', version: '3.22' }, 'alpine:3.22'],
    [undefined, 'unknown'],
  ])('is in the operating system of its target: %j is %s', (distribution, name) => {
    const { distribution: _own, ...target } = sampleResult().target
    const result = {
      target: distribution ? { ...target, distribution } : target,
      findings: [sampleFinding()],
    }
    expect(read(reportOf(result)).vulnerabilities[0]?.location.operating_system).toBe(name)
  })

  it('takes the operating system of its component where the target tells of none', () => {
    const { distribution: _own, ...target } = sampleResult().target
    const component = sampleComponent({ distribution: { id: 'debian', version: '11' } })
    const report = reportOf({ target, findings: [sampleFinding({ component })] })
    expect(read(report).vulnerabilities[0]?.location.operating_system).toBe('debian:11')
  })

  it.each([
    ['A title', 'A title. '],
    ['A title. ', 'A title. '],
    ['Why?', 'Why? '],
    ['  ', ''],
    ['', ''],
  ])('puts the sentence of the title %j apart from the reason', (title, start) => {
    expect(only({ title, reason: 'it is old' }).description).toBe(`${start}it is old.`)
  })

  it('cuts long texts between characters, not within one or its escape', () => {
    for (const filler of ['😀', '<', '@', 'x'])
      for (let shift = 0; shift < 4; shift++) {
        const { description, name } = only({ title: `${'a'.repeat(shift)}${filler.repeat(20_000)}` })
        expect(name.length).toBeLessThanOrEqual(255)
        expect(description.length).toBeLessThan(200_000)
        for (const text of [name, description]) {
          expect(text.isWellFormed()).toBe(true)
          expect(text).toMatch(/…$/)
          expect(text.replaceAll(/&#\d+;/g, '')).not.toContain('&')
        }
      }
  })

  it('never has an empty name, which the schema refuses', () => {
    const component = sampleComponent({ name: '', version: '', locations: [] })
    expect(only({ title: '', component })).toMatchObject({
      name: '-',
      location: { dependency: { package: { name: '-' }, version: '-' } },
      details: { path: { value: 'unknown' } },
    })
    const { title: _title, ...untitled } = sampleFinding()
    expect(read(reportOf({ findings: [untitled] })).vulnerabilities[0]?.name).toBe('CVE-2024-0001')
  })

  it('names the rules that it breaks', () => {
    const finding = sampleFinding()
    const violation: GateViolation = {
      rule: 'high',
      level: 'error',
      subject: 'libssl3 3.0.11-1',
      place: { kind: 'whole' },
      found: 'severity high',
      remedy: 'upgrade openssl',
      kind: 'finding',
      id: finding.id,
      finding,
    }
    const verdict = { passed: false, rules: ['high'], violations: [violation] }
    const report = read(reportOf({ findings: [finding] }, { verdict }))
    expect(report.vulnerabilities[0]?.description).toMatch(/ Breaks the rule high &#40;severity high&#41;\.$/)
    expect(report.scan.messages).toContainEqual({
      level: 'fatal',
      value: 'CVE-2024-0001 in libssl3 3.0.11-1 breaks the rule high: upgrade openssl',
    })
  })
})

describe('the scan for GitLab', () => {
  it('is from the start of the first target to the end of the last', () => {
    const at = (started: string, finished: string) =>
      reportOf({}, { times: { started: `2026-11-${started}Z`, finished: `2026-11-${finished}Z` } })
    const { scan } = read(
      at('20T10:00:05', '20T10:00:06'),
      at('20T10:00:01', '20T10:00:09'),
      at('20T10:00:03', '20T10:00:04'),
    )
    expect([scan.start_time, scan.end_time]).toEqual(['2026-11-20T10:00:01', '2026-11-20T10:00:09'])
  })

  it('of nothing is a report all the same', () => {
    expect(read()).toMatchObject({
      scan: {
        start_time: '1970-01-01T00:00:00',
        end_time: '1970-01-01T00:00:00',
        messages: [],
        analyzer: { version: 'unknown' },
      },
      vulnerabilities: [],
      remediations: [],
    })
  })

  it('tells notes as warnings, and the age of each feed', () => {
    const notes = [{ code: 'no-packages', message: 'There are\nno packages.' }]
    expect(read(reportOf({ notes })).scan.messages).toEqual([
      { level: 'warn', value: 'There are no packages.' },
      { level: 'info', value: 'Advisories: osv of 2026-11-18' },
    ])
  })
})
