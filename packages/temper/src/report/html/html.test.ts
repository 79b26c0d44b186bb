import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../model/advisory/finding.ts'
import type { GateViolation, ScanReport } from '../../model/advisory/scan-report.ts'
import { sampleSecret } from '../../model/fixtures/sample.ts'
import {
  cleanReport,
  doubtfulReport,
  sampleComponent,
  sampleFinding,
  sampleReport,
  sampleResult,
  sampleSuppressed,
} from '../fixtures/sample.ts'
import { scansHtml } from './html.ts'

const nothing = { findings: [], suppressed: [], secrets: [], upgrades: [] }

function reportOf(result: Partial<ScanReport['result']>, over: Partial<ScanReport> = {}): ScanReport {
  return sampleReport({ result: sampleResult({ ...nothing, ...result }), ...over })
}

/** What a reader sees, element by element: no markup, no script, no style, entities resolved. */
function textOf(...reports: readonly ScanReport[]): readonly string[] {
  const xml = scansHtml(reports)
    .replace('<!doctype html>', '')
    .replaceAll('<wbr>', '')
    .replaceAll(/<(meta|input)\b([^>]*)>/g, '<$1$2/>')
    .replaceAll(/ (open|selected|data-findings|data-shown)(?=[ >])/g, ' $1=""')
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<script>.*<\/script>/s, '')
  const texts: string[] = []
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('text', (text) => {
    const line = text.replaceAll(/\s+/g, ' ').trim()
    if (line !== '') texts.push(line)
  })
  parser.write(xml).close()
  return texts
}

function tilesOf(report: ScanReport): Readonly<Record<string, number>> {
  const tiles = scansHtml([report]).matchAll(/<li class="[^"]*"><b>(\d+)<\/b><span>([^<]*)<\/span>/g)
  return Object.fromEntries([...tiles].map(([, amount, label = '']) => [label, Number(amount)]))
}

const violation = (over: Partial<GateViolation> = {}): GateViolation => ({
  rule: 'high',
  level: 'error',
  subject: 'libssl3',
  place: { kind: 'whole' },
  found: 'severity high',
  remedy: 'upgrade openssl',
  kind: 'finding',
  id: 'CVE-2024-0001',
  ...over,
})

describe('the head of a target', () => {
  it('has a name that breaks behind slashes', () => {
    const target = { ...sampleResult().target, name: 'a.example/<b>/c@sha256:1' }
    expect(scansHtml([reportOf({ target })])).toContain(
      '<h2>a.example/<wbr>&lt;b&gt;/<wbr>c@<wbr>sha256:1</h2>',
    )
  })

  const badgeOf = (report: ScanReport) =>
    /<span class="badge (\w+)">([^<]*)</.exec(scansHtml([report]))?.slice(1)

  it.each([
    ['refused', { passed: false, rules: [], violations: [] }, ['bad', 'gate: refused']],
    ['passed', { passed: true, rules: [], violations: [] }, ['good', 'gate: passed']],
  ] as const)('has the verdict of the gate: %s', (_, verdict, badge) => {
    expect(badgeOf({ ...cleanReport(), verdict })).toEqual(badge)
    expect(badgeOf(sampleReport({ verdict }))).toEqual(badge)
    expect(badgeOf({ ...doubtfulReport(), verdict })).toEqual(badge)
  })

  it('without a gate says how much is known, and of nothing whether that is good news', () => {
    expect(badgeOf(sampleReport())).toEqual(['plain', '4 known'])
    expect(badgeOf(cleanReport())).toEqual(['good', 'nothing known'])
    expect(badgeOf(doubtfulReport())).toEqual(['plain', 'not fully compared'])
  })

  it('has the facts of the scan', () => {
    const facts = [
      'Debian GNU/Linux 12 (bookworm)',
      'linux/amd64',
      '128 packages from layers',
      'advisories of 2026-11-18',
      'scanned 2026-11-20 10:00 UTC',
      '7 findings are not shown, as requested',
      `sha256:${'ab'.repeat(32)}`,
    ]
    const texts = textOf({ ...sampleReport(), hidden: 7 })
    expect(texts.filter((text) => facts.includes(text))).toEqual(facts)
  })

  it.each([
    [{ id: 'debian', version: '12' }, 'debian 12'],
    [{ id: 'wolfi', version: '' }, 'wolfi'],
  ])('names a distribution without a title by its id and version: %j', (distribution, name) => {
    const { digest: _digest, platform: _platform, ...target } = sampleResult().target
    const texts = textOf(reportOf({ target: { ...target, distribution } }))
    expect(texts).toContain(name)
    expect(texts.some((text) => text.includes('not shown'))).toBe(false)
  })
})

describe('nothing found', () => {
  it('is praised with what was compared', () => {
    expect(textOf(cleanReport())).toContain('All 128 packages were compared with 90000 records of 1 feed.')
    const { feeds } = sampleResult()
    expect(textOf(reportOf({ feeds: [...feeds, ...feeds] }))).toContain(
      'All 128 packages were compared with 180000 records of 2 feeds.',
    )
  })

  it('is doubted where not all was compared', () => {
    expect(textOf(reportOf({ feeds: [] }))).toEqual(
      expect.arrayContaining([
        'Nothing found, but not everything could be compared',
        'There were no advisories to compare with.',
      ]),
    )
    expect(textOf(doubtfulReport())).toContain('The reasons are below.')
    expect(textOf(doubtfulReport()).join()).not.toContain('No known vulnerabilities')
  })

  it('is not said of a target with a secret in it', () => {
    const texts = textOf(reportOf({ secrets: [sampleSecret()] }))
    expect(texts).not.toContain('No known vulnerabilities')
    expect(texts).toContain('Secrets')
  })
})

describe('tiles', () => {
  it('count what matters, and leave out what is seldom there', () => {
    expect(tilesOf(reportOf({ findings: [sampleFinding()] }))).toEqual({
      critical: 0,
      high: 1,
      medium: 0,
      low: 0,
      'known to be exploited': 0,
      'fixable by an upgrade': 1,
    })
    const findings = [
      sampleFinding({ severity: 'negligible' }),
      sampleFinding({ severity: 'unknown', malicious: true, fixedVersions: [] }),
      sampleFinding({ severity: 'critical', exploited: { added: '2024-01-01' } }),
    ]
    const [entry] = sampleResult().ledger
    const ledger = entry === undefined ? [] : [{ ...entry, compared: false, reason: 'none' }]
    expect(tilesOf(reportOf({ findings, ledger, secrets: [sampleSecret()] }))).toEqual({
      critical: 1,
      high: 0,
      medium: 0,
      low: 0,
      negligible: 1,
      'of unknown severity': 1,
      'malicious packages': 1,
      'known to be exploited': 1,
      'fixable by an upgrade': 2,
      secrets: 1,
      'packages not compared': 1,
    })
  })

  it('of zero are pale', () => {
    const page = scansHtml([reportOf({ findings: [sampleFinding()] })])
    expect(page).toContain('<li class="critical zero"><b>0</b><span>critical</span>')
    expect(page).toContain('<li class="high"><b>1</b><span>high</span>')
  })
})

describe('charts', () => {
  const labels = (report: ScanReport) =>
    [...scansHtml([report]).matchAll(/role="img" aria-label="([^"]*)"/g)].map(([, label]) => label)
  const circles = (findings: readonly Finding[]) =>
    [
      ...scansHtml([reportOf({ findings })]).matchAll(
        /<circle class="dot ([^"]*)" cx="([^"]*)" cy="([^"]*)" r="([^"]*)"/g,
      ),
    ]
      .map(([, kind, ...numbers]) => [kind, ...numbers.map(Number)])
      // The most telling ones are drawn last.
      .toReversed()

  it('say in words what they show', () => {
    expect(labels(sampleReport())).toEqual([
      'Findings by severity: 1 critical, 1 of them fixable; 1 high, 1 of them fixable; 1 medium, 1 of them fixable; 1 low, 0 of them fixable',
      '2 findings by CVSS score and EPSS; 1 of them are known to be exploited. The table has the numbers.',
      'Findings by where they are from: 3 deb, base; 1 npm, application',
    ])
  })

  it('are not there where they would show nothing', () => {
    expect(labels(reportOf({ findings: [sampleFinding()] }))).toEqual([
      'Findings by severity: 1 high, 1 of them fixable',
    ])
    expect(labels(reportOf({ secrets: [sampleSecret()] }))).toEqual([])
  })

  it('have bars in proportion, and none of no length', () => {
    const of = (severity: Finding['severity'], amount: number, fixedVersions: readonly string[] = []) =>
      Array.from({ length: amount }, () => sampleFinding({ severity, fixedVersions }))
    const findings = [...of('high', 100, ['2']), ...of('high', 100), ...of('low', 1)]
    const page = scansHtml([reportOf({ findings })])
    const widths = [...page.matchAll(/<rect class="(rest|bar)" x="78" y="(\d+)" width="(\d+)"/g)].map(
      ([, kind, y, width]) => [kind, Number(y), Number(width)],
    )
    expect(widths).toEqual([
      ['rest', 4, 270],
      ['bar', 4, 135],
      // One of two hundred would be a bar that nobody sees.
      ['rest', 38, 4],
      ['bar', 38, 0],
    ])
  })

  it('have a dot for each finding with both numbers, within the picture', () => {
    const dot = (score: number, likelihood: number, over: Partial<Finding> = {}) =>
      sampleFinding({ score, prediction: { score: likelihood, percentile: 0.5 }, ...over })
    expect(
      circles([
        dot(10, 1, { exploited: { added: '2024-01-01' }, severity: 'critical' }),
        dot(0, 0.001),
        dot(5.55, 0),
        sampleFinding(),
      ]),
    ).toEqual([
      ['critical kev', 370, 14, 6],
      ['high', 40, 168.5, 4.5],
      ['high', 223.2, 184, 4.5],
    ])
  })

  it('draw a thousand dots and no more', () => {
    const prediction = { score: 0.5, percentile: 0.5 }
    const findings = Array.from({ length: 1001 }, () => sampleFinding({ prediction }))
    expect(circles(findings)).toHaveLength(1000)
  })

  it('group the origins, most first, then by name, eight at most', () => {
    const from = (name: string, layer?: number) => {
      const place = { path: 'x', ...(layer === undefined ? {} : { layer }) }
      return sampleFinding({ component: sampleComponent({ type: name as 'deb', locations: [place] }) })
    }
    const findings = [from('npm'), from('deb', 0), from('deb', 0), from('deb', 1), from('gem', 7)]
    expect(labels(reportOf({ findings })).at(-1)).toBe(
      'Findings by where they are from: 2 deb, base; 1 deb, application; 1 gem; 1 npm',
    )
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((name) => from(name))
    expect(
      labels(reportOf({ findings: many }))
        .at(-1)
        ?.split(';'),
    ).toHaveLength(8)
  })
})

describe('the card of the gate', () => {
  it('that is passed names its rules', () => {
    const verdict = { passed: true, rules: ['high', 'kev'], violations: [] }
    expect(textOf({ ...cleanReport(), verdict }).join(' ')).toContain('Gate Nothing breaks high, kev .')
  })

  it('has one entry for each finding, with all rules that it breaks', () => {
    const violations = [
      violation(),
      violation({ rule: 'kev', found: 'known to be exploited' }),
      violation({ subject: 'other' }),
    ]
    const page = scansHtml([sampleReport({ verdict: { passed: false, rules: ['high', 'kev'], violations } })])
    expect(page.match(/<li><strong>/g)).toHaveLength(2)
    expect(page).toContain(
      '<li><code>high</code> <span class="soft">severity high</span></li><li><code>kev</code> <span class="soft">known to be exploited</span></li>',
    )
    expect(page).not.toContain('<summary>and')
  })

  it.each([
    [12, undefined],
    [13, 'and 1 more'],
    [20, 'and 8 more'],
  ])('folds what is over twelve: of %i', (amount, told) => {
    const violations = Array.from({ length: amount }, (_, index) => violation({ id: `X-${index}` }))
    const texts = textOf(sampleReport({ verdict: { passed: false, rules: ['x'], violations } }))
    expect(texts.find((text) => text.startsWith('and '))).toBe(told)
    expect(texts.filter((text) => /^X-\d+$/.test(text))).toHaveLength(amount)
  })
})

describe('the cards of what to do', () => {
  it('name what to upgrade, and what waits', () => {
    const texts = textOf(sampleReport()).join(' ')
    expect(texts).toContain('What to upgrade, most urgent first')
    expect(texts).toContain('openssl 3.0.11-1 3.0.15-1 CVE-2021-44228 critical KEV CVE-2024-0001 high')
    expect(texts).toContain(
      'No fix yet: 1 in 1 package Package Version Findings zlib 1:1.2.13.dfsg-1 CVE-2023-9999 low',
    )
  })

  it('are not there where nothing is to do', () => {
    const texts = textOf(reportOf({ secrets: [sampleSecret()] })).join(' ')
    expect(texts).not.toMatch(/What to upgrade|No fix yet|All findings/)
  })

  it('count a problem of several packages of one source once', () => {
    const named = (name: string) => sampleFinding({ fixedVersions: [], component: sampleComponent({ name }) })
    const other = sampleComponent({ name: 'z', source: { name: 'z', version: '1' } })
    const findings = [
      named('libssl3'),
      named('openssl'),
      sampleFinding({ component: other, fixedVersions: [] }),
    ]
    expect(textOf(reportOf({ findings }))).toContain('No fix yet: 2 in 2 packages')
  })

  it.each([
    [30, undefined],
    [32, 'and 2 more, in the table of all findings'],
  ])('have no more than thirty ids of one upgrade: %i', (amount, told) => {
    const findings = Array.from({ length: amount }, (_, index) => sampleFinding({ id: `X-${index}` }))
    const texts = textOf(reportOf({ findings }))
    expect(texts.find((text) => text.startsWith('and '))).toBe(told)
  })
})

describe('the table of findings', () => {
  const rowOf = (over: Partial<Finding>, upgrades = sampleResult().upgrades) =>
    /<tr data-rank=.*?<\/tr>/s.exec(
      scansHtml([reportOf({ findings: [sampleFinding(over)], upgrades })]),
    )?.[0] ?? ''

  it('has in each row what its script filters and sorts by', () => {
    const row = rowOf({ exploited: { added: '2024-01-01' }, prediction: { score: 0.5, percentile: 1 } })
    expect(row).toMatch(/^<tr data-rank="1" data-fixable="yes" data-kev="yes">/)
    expect(
      [...row.matchAll(/data-label="(\w+)" data-value="([^"]*)"/g)].map(([, label, value]) => [label, value]),
    ).toEqual([
      ['Severity', '1'],
      ['CVSS', '7.5'],
      ['EPSS', '0.5'],
      ['Priority', '30'],
    ])
    expect(rowOf({ fixedVersions: [] })).toMatch(/data-fixable="no" data-kev="no">/)
  })

  it('has the version of the upgrade, else all that repair it', () => {
    expect(rowOf({ fixedVersions: ['9'] })).toContain('data-label="Fixed in" class="mono">3.0.15-1<')
    expect(rowOf({ fixedVersions: ['8', '9'] }, [])).toContain('data-label="Fixed in" class="mono">8, 9<')
  })

  it.each([
    [0.97565, '97.6%'],
    [0.01, '1.0%'],
    [0.0099, '0.99%'],
    [0.00012, '0.01%'],
    [0, '0.00%'],
    [1, '100.0%'],
  ])('has the likelihood %d as %s', (score, text) => {
    expect(rowOf({ prediction: { score, percentile: 0 } })).toContain(`data-value="${score}">${text}</td>`)
  })

  it('has empty cells for numbers that are not known', () => {
    const { score: _score, published: _published, title: _title, ...bare } = sampleFinding()
    const row = /<tr data-rank=.*?<\/tr>/s.exec(scansHtml([reportOf({ findings: [bare] })]))?.[0] ?? ''
    expect(row).toContain('data-label="CVSS" data-value=""></td><td data-label="EPSS" data-value=""></td>')
    expect(row).not.toMatch(/undefined|NaN|published/)
  })

  it('links to three addresses at most, by the names of their hosts', () => {
    const references = [
      'javascript:x',
      ...['a', 'b', 'c', 'd'].map((name) => `https://${name}.example/x?y=<z>`),
    ]
    const hosts = [...rowOf({ references }).matchAll(/rel="noreferrer noopener">([a-z.]+)<\/a>/g)]
    expect(hosts.map(([, host]) => host)).toEqual(['a.example', 'b.example', 'c.example'])
  })

  it('says when each was published', () => {
    expect(rowOf({ published: '2024-01-10T23:30:00-02:00' })).toContain('; published 2024-01-11</div>')
  })
})

describe('details', () => {
  it('tell of support and notes', () => {
    const support = { distribution: { id: 'debian', version: '9' }, endOfLife: '2022-06-30', ended: true }
    const notes = [{ code: 'x', message: 'A note.' }]
    const texts = textOf(reportOf({ support, notes }))
    expect(texts.slice(texts.indexOf('Worth knowing'), texts.indexOf('Worth knowing') + 3)).toEqual([
      'Worth knowing',
      'Support of this release ended on 2022-06-30.',
      'A note.',
    ])
    expect(textOf(reportOf({ support: { ...support, ended: false } }))).toContain(
      'Support of this release ends on 2022-06-30.',
    )
    const { support: _support, ...result } = sampleResult(nothing)
    expect(textOf(sampleReport({ result }))).not.toContain('Worth knowing')
  })

  it('list what is suppressed where that is shown, and say so where not', () => {
    const result = { suppressed: [sampleSuppressed] }
    const hidden = textOf(reportOf(result)).join(' ')
    expect(hidden).toContain('Suppressed: 1 This report does not list them.')
    expect(hidden).not.toContain('CVE-2022-0002')
    expect(textOf(reportOf(result, { showSuppressed: true })).join(' ')).toContain(
      'CVE-2022-0002 high libssl3 3.0.11-1 the server never parses such certificates vex.json, until 2027-01-01',
    )
    expect(textOf(cleanReport()).join(' ')).not.toContain('Suppressed')
  })

  it('list each feed with its day, and whether it is stale', () => {
    const [feed] = sampleResult().feeds
    if (feed === undefined) throw new Error('no feed')
    const { date: _date, ...undated } = feed
    const feeds = [
      { ...feed, stale: true },
      { ...undated, id: 'a', fetched: '2026-11-19T10:00:00Z' },
      { ...undated, id: 'b' },
    ]
    const texts = textOf(reportOf({ feeds })).join(' ')
    expect(texts).toContain('Feeds: 3 Feed Date Records Digest osv stale 2026-11-18 90000')
    expect(texts).toContain('a 2026-11-19 90000')
    expect(texts).toContain('b unknown 90000')
  })
})

describe('a comparison', () => {
  it('lists what is new openly, and what is gone folded', () => {
    const compared = (id: string) =>
      ({ id, severity: 'low', package: { type: 'deb', name: 'p', version: '1' }, fixedVersions: [] }) as const
    const comparison = {
      with: 'web:0',
      appeared: [compared('X-1')],
      disappeared: [compared('X-2'), compared('X-3')],
      stayed: [compared('X-4')],
    }
    const page = scansHtml([reportOf({}, { comparison })])
    expect(page).toContain('<p>1 new, 2 gone, 1 as before.</p>')
    expect(page).toContain('<details open><summary>New: 1</summary>')
    expect(page).toContain('<details><summary>Gone: 2</summary>')
    expect(page).not.toContain('X-4')
  })
})

describe('several targets', () => {
  const named = (name: string) =>
    sampleReport({ result: sampleResult({ target: { ...sampleResult().target, name } }) })

  it('have an overview with links to their sections', () => {
    const page = scansHtml([named('a'), { ...cleanReport(), hidden: 0 }])
    expect(page).toContain('<caption>2 targets</caption>')
    expect(page).toContain('<a href="#target-1">a</a>')
    expect(page).toContain('<section class="target" id="target-2">')
    expect(page).toMatch(/class="number">4<\/td><td data-label="Critical" class="number">1<\/td>\n.*>1<.*>3</)
    expect(scansHtml([named('a')])).not.toContain('<caption>1 targets')
  })

  it.each([
    [1, 'Scan of t0'],
    [3, 'Scan of t0, t1, t2'],
    [5, 'Scan of t0, t1, t2 and 2 more'],
  ])('%i of them have a title', (amount, title) => {
    const reports = Array.from({ length: amount }, (_, index) => named(`t${index}`))
    expect(scansHtml(reports)).toContain(`<title>${title}</title>`)
  })
})
