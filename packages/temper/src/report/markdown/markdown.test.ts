import { describe, expect, it } from 'vitest'
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
import { scansMarkdown } from './markdown.ts'
import { markdownCode, markdownText } from './text.ts'

const nothing = { findings: [], suppressed: [], secrets: [], upgrades: [] }

function reportOf(result: Partial<ScanReport['result']>, over: Partial<ScanReport> = {}): ScanReport {
  return sampleReport({ result: sampleResult({ ...nothing, ...result }), ...over })
}

function linesOf(...reports: readonly ScanReport[]): readonly string[] {
  return scansMarkdown(reports).split('\n')
}

/** Rows of the table below a head, without it. */
function tableBelow(head: string, report: ScanReport): readonly string[] {
  const lines = linesOf(report)
  const start = lines.indexOf(head)
  expect(start, head).toBeGreaterThan(-1)
  const rest = lines.slice(start + 2)
  return rest.slice(
    0,
    rest.findIndex((line) => !line.startsWith('|')),
  )
}

const violation = (over: Partial<GateViolation> = {}): GateViolation => ({
  rule: 'high',
  level: 'error',
  subject: 'libssl3 3.0.11-1',
  place: { kind: 'whole' },
  found: 'severity high',
  remedy: 'upgrade openssl',
  kind: 'finding',
  id: 'CVE-2024-0001',
  ...over,
})

describe('a comment', () => {
  it('is this text, for one finding', () => {
    expect(
      scansMarkdown([reportOf({ findings: [sampleFinding()], upgrades: sampleResult().upgrades })]),
    ).toBe(
      `### 🛡️ \`registry.example/team/web:1\`

**1 vulnerability: 1 high; 1 fixable**

| Upgrade | From | To | Removes |
| --- | --- | --- | --- |
| \`openssl\` | \`3.0.11-1\` | \`3.0.15-1\` | high: [CVE-2024-0001](https://www.cve.org/CVERecord?id=CVE-2024-0001) |

<sub>Debian GNU/Linux 12 &#40;bookworm&#41; · linux/amd64 · 128 packages · advisories of 2026-11-18 · scanned 2026-11-20 10&#58;00 UTC · temper 0.1.0</sub>
`,
    )
  })

  it('begins its headline with a capital, and says how much it does not show', () => {
    expect(linesOf(cleanReport())[2]).toBe('**No known vulnerabilities**')
    expect(linesOf({ ...cleanReport(), hidden: 3 })[2]).toBe('**No known vulnerabilities; 3 not shown**')
  })

  it('has the sections of several targets one below the other, in their order', () => {
    const named = (name: string) => reportOf({ target: { ...sampleResult().target, name } })
    const heads = linesOf(named('b'), named('a'), named('c')).filter((line) => line.startsWith('### '))
    expect(heads).toEqual(['### 🛡️ `b`', '### 🛡️ `a`', '### 🛡️ `c`'])
    expect(scansMarkdown([])).toBe('')
  })
})

describe('the gate', () => {
  it('that is passed has a tick and its rules', () => {
    const lines = linesOf(reportOf({}, { verdict: { passed: true, rules: ['high', 'kev'], violations: [] } }))
    expect(lines[0]).toBe('### ✅ `registry.example/team/web:1`')
    expect(lines).toContain('The gate (`high`, `kev`) is passed.')
  })

  it('that says no has a cross, and a row for each violation', () => {
    const violations = [violation(), violation({ rule: 'kev', id: 'X-1', found: 'a|b' })]
    const lines = linesOf(reportOf({}, { verdict: { passed: false, rules: ['high'], violations } }))
    expect(lines[0]).toBe('### ❌ `registry.example/team/web:1`')
    expect(lines).toContain('The gate (`high`) says **no**: 2 findings break it.')
    expect(lines).toContain(
      '| `high` | [CVE-2024-0001](https://www.cve.org/CVERecord?id=CVE-2024-0001) | `libssl3 3.0.11-1` | severity high | upgrade openssl |',
    )
    expect(lines).toContain('| `kev` | `X-1` | `libssl3 3.0.11-1` | a&#124;b | upgrade openssl |')
  })

  it('speaks of one violation in the singular', () => {
    const verdict = { passed: false, rules: ['high'], violations: [violation()] }
    expect(linesOf(reportOf({}, { verdict }))).toContain(
      'The gate (`high`) says **no**: 1 finding breaks it.',
    )
  })
})

describe('lists are cut, and say so', () => {
  const many = (amount: number) =>
    Array.from({ length: amount }, (_, index) => {
      const name = `p${String(index).padStart(3, '0')}`
      const component = sampleComponent({ name, version: '1', source: { name, version: '1' } })
      return sampleFinding({ id: `X-${index}`, component, fixedVersions: ['2'] })
    })
  const upgrade = ({ id, component: { name } }: ReturnType<typeof sampleFinding>) =>
    ({ name, type: 'deb', from: '1', to: '2', removes: [id] }) as const
  const compared = (amount: number) =>
    many(amount).map(({ id, severity, fixedVersions, component: { type, name, version } }) => ({
      id,
      severity,
      fixedVersions,
      package: { type, name, version },
    }))

  it.each([
    [
      '| Upgrade | From | To | Removes |',
      30,
      4,
      (amount: number) => {
        const findings = many(amount)
        return reportOf({ findings, upgrades: findings.map(upgrade) })
      },
    ],
    ['| Package | Version | Findings |', 30, 3, (amount: number) => reportOf({ findings: many(amount) })],
    [
      '| Severity | Secret | In |',
      10,
      3,
      (amount: number) =>
        reportOf({ secrets: Array.from({ length: amount }, (_, line) => sampleSecret({ line: line + 1 })) }),
    ],
    [
      '| Finding | In | Why | Says |',
      30,
      4,
      (amount: number) =>
        reportOf(
          { suppressed: many(amount).map((each) => ({ ...sampleSuppressed, id: each.id })) },
          { showSuppressed: true },
        ),
    ],
    [
      '| Rule | Finding | In | Why | What removes it |',
      30,
      5,
      (amount: number) =>
        reportOf(
          {},
          {
            verdict: {
              passed: false,
              rules: ['x'],
              violations: Array.from({ length: amount }, () => violation()),
            },
          },
        ),
    ],
    [
      '| Severity | Finding | Package | Version |',
      30,
      4,
      (amount: number) =>
        reportOf({}, { comparison: { with: 'a', appeared: compared(amount), disappeared: [], stayed: [] } }),
    ],
  ] as const)('%s after %i rows', (head, most, columns, make) => {
    const full = tableBelow(head, make(most))
    expect(full).toHaveLength(most)
    expect(full.at(-1)).not.toContain('…')
    const cut = tableBelow(head, make(most + 2))
    expect(cut).toHaveLength(most + 1)
    expect(cut.at(-1)).toBe(`| … 2 more ${'| '.repeat(columns)}`)
    expect(cut.at(-1)?.match(/\|/g)).toHaveLength(columns + 1)
  })

  it('ids in a cell after eight', () => {
    const cellOf = (amount: number) => {
      const findings = Array.from({ length: amount }, (_, index) => sampleFinding({ id: `X-${index}` }))
      const removes = findings.map(({ id }) => id)
      const upgrades = [{ name: 'openssl', type: 'deb', from: '3.0.11-1', to: '4', removes }] as const
      return tableBelow('| Upgrade | From | To | Removes |', reportOf({ findings, upgrades }))[0] ?? ''
    }
    expect(cellOf(8)).not.toContain('more')
    expect(cellOf(8).match(/`X-\d`/g)).toHaveLength(8)
    expect(cellOf(11)).toMatch(/`X-6` and 3 more \|$/)
  })

  it('notes after ten, feeds after forty', () => {
    const notes = Array.from({ length: 12 }, (_, index) => ({ code: 'x', message: `Note ${index}` }))
    expect(linesOf(reportOf({ notes })).filter((line) => line.startsWith('- Note'))).toHaveLength(10)
    const [feed] = sampleResult().feeds
    if (feed === undefined) throw new Error('no feed')
    const feeds = (amount: number) =>
      reportOf({ feeds: Array.from({ length: amount }, (_, index) => ({ ...feed, id: `feed${index}` })) })
    expect(linesOf(feeds(42)).filter((line) => line.startsWith('- feed'))).toHaveLength(40)
    expect(linesOf(feeds(42))).toContain('<summary>42 feeds</summary>')
    expect(linesOf(feeds(2)).filter((line) => line.startsWith('- feed'))).toHaveLength(2)
    expect(linesOf(feeds(1)).filter((line) => line.startsWith('- feed'))).toHaveLength(0)
  })

  it('targets in whole rows', () => {
    const long = (index: number) =>
      reportOf({
        target: { ...sampleResult().target, name: `registry.example/${'x'.repeat(400)}/${index}` },
        findings: many(20),
      })
    const lines = linesOf(...Array.from({ length: 200 }, (_, index) => long(index)))
    expect(lines.slice(0, 2)).toEqual(['| Target | Found |', '| --- | --- |'])
    const rows = lines.slice(2, -2)
    for (const row of rows) expect(row).toMatch(/^\| 🛡️ `registry\.example\/x{400}\/\d+` \| 20 vuln.* \|$/u)
    expect(lines.at(-2)).toBe(`| … ${200 - rows.length} more | | `)
    expect(lines.at(-1)).toBe('')
    expect(rows.length).toBeGreaterThan(100)
    expect(lines.join('\n').length).toBeLessThan(61_000)
  })

  it('no target where all fit', () => {
    const long = Array.from({ length: 100 }, () => reportOf({ findings: many(30) }))
    const lines = linesOf(...long)
    expect(lines[0]).toBe('| Target | Found |')
    expect(lines).toHaveLength(103)
    expect(lines.join('\n')).not.toContain('more')
  })
})

describe('groups', () => {
  it('name each severity once, worst first, and what is known to be exploited', () => {
    const findings = [
      sampleFinding({ id: 'X-1', severity: 'low' }),
      sampleFinding({ id: 'X-2', severity: 'critical', exploited: { added: '2024-01-01' } }),
      sampleFinding({ id: 'X-3', severity: 'critical' }),
      sampleFinding({ id: 'X-3', severity: 'critical' }),
    ]
    const [row] = tableBelow('| Package | Version | Findings |', reportOf({ findings }))
    expect(row).toBe('| `openssl` | `3.0.11-1` | critical: `X-2` **KEV**, `X-3`; low: `X-1` |')
    expect(linesOf(reportOf({ findings }))).toContain('<summary>No fix yet&#58; 3 critical, 1 low</summary>')
  })

  it('are not there where there is nothing', () => {
    const text = scansMarkdown([cleanReport()])
    expect(text).not.toMatch(/Upgrade|No fix|Secret|Suppressed|Compared|- /)
    expect(scansMarkdown([{ ...cleanReport(), showSuppressed: true }])).not.toContain('Suppressed')
  })
})

describe('notes', () => {
  it('tell first of support that ended and of stale feeds', () => {
    const [feed] = sampleResult().feeds
    if (feed === undefined) throw new Error('no feed')
    const support = { distribution: { id: 'debian', version: '9' }, endOfLife: '2022-06-30', ended: true }
    const lines = linesOf(
      reportOf({
        support,
        feeds: [{ ...feed, stale: true }, feed],
        notes: [{ code: 'x', message: 'A *note*' }],
      }),
    ).filter((line) => line.startsWith('- ') && !line.startsWith('- osv'))
    expect(lines).toEqual([
      '- Support of this release ended on 2022-06-30.',
      '- The feed osv is stale.',
      '- A &#42;note&#42;',
    ])
    expect(scansMarkdown([reportOf({ support: { ...support, ended: false } })])).not.toContain('Support')
  })

  it('tell why what was not compared was not', () => {
    expect(scansMarkdown([doubtfulReport()])).toContain('- 2 packages were not compared')
  })
})

describe('a comparison', () => {
  const finding = {
    id: 'CVE-2024-0001',
    severity: 'high',
    package: { type: 'deb', name: 'libssl3', version: '3.0.11-1' },
    fixedVersions: [],
  } as const

  it('counts all three, and lists what is new and what is gone', () => {
    const comparison = {
      with: 'web:0',
      appeared: [finding],
      disappeared: [finding, finding],
      stayed: [finding],
    }
    const lines = linesOf(reportOf({}, { comparison }))
    expect(lines).toContain('Compared with `web:0`: 1 new, 2 gone, 1 as before.')
    expect(lines).toContain('<summary>New&#58; 1</summary>')
    expect(lines).toContain('<summary>Gone&#58; 2</summary>')
    expect(lines).toContain(
      '| high | [CVE-2024-0001](https://www.cve.org/CVERecord?id=CVE-2024-0001) | `libssl3` | `3.0.11-1` |',
    )
  })

  it('lists nothing where nothing changed', () => {
    const comparison = { with: 'web:0', appeared: [], disappeared: [], stayed: [finding] }
    const text = scansMarkdown([reportOf({}, { comparison })])
    expect(text).toContain('Compared with `web:0`: 0 new, 0 gone, 1 as before.\n')
    expect(text).not.toContain('<details>')
  })
})

describe('the last line', () => {
  const footer = (target: Partial<ScanReport['result']['target']>) => {
    const { distribution: _distribution, platform: _platform, ...bare } = sampleResult().target
    return linesOf(reportOf({ target: { ...bare, ...target } })).at(-2)
  }

  it.each([
    [{}, '<sub>128 packages · '],
    [{ distribution: { id: 'wolfi', version: '' } }, '<sub>wolfi · 128 packages · '],
    [{ distribution: { id: 'a', version: '1', title: 'A *1*' } }, '<sub>A &#42;1&#42; · 128 packages · '],
    [{ platform: 'linux/arm/v7' }, '<sub>linux/arm/v7 · 128 packages · '],
  ])('of %j begins with %s', (target, start) => {
    expect(footer(target)?.startsWith(start)).toBe(true)
  })
})

describe('foreign text', () => {
  it.each([
    ['plain words', 'plain words'],
    ['a_b*c`d', 'a&#95;b&#42;c&#96;d'],
    ['<b>&amp;</b>', '&#60;b&#62;&#38;amp;&#60;/b&#62;'],
    ['[x](y)', '&#91;x&#93;&#40;y&#41;'],
    ['@team', '&#64;<!-- -->team'],
    ['#12', '&#35;<!-- -->12'],
    ['http://x.example', 'http&#58;//x.example'],
    ['www.x.example WWW.y', 'www&#46;x.example WWW&#46;y'],
    ['a\n\n\tb', 'a b'],
    ['\\', '&#92;'],
    ['$x$ ~y~ {z}', '&#36;x&#36; &#126;y&#126; &#123;z&#125;'],
    ['\u202eevil', '&#92;u202eevil'],
    ['half \ud800', 'half \ufffd'],
    ['ü 漢 😀', 'ü 漢 😀'],
  ])('%j is %j', (text, expected) => {
    expect(markdownText(text)).toBe(expected)
  })

  it.each([
    ['plain', '`plain`'],
    ['', '<code></code>'],
    ['a`b', '<code>a&#96;b</code>'],
    ['a|b', '<code>a&#124;b</code>'],
    ['<b> @x #1', '`<b> @x #1`'],
    ['a\nb', '`a b`'],
  ])('as code, %j is %j', (text, expected) => {
    expect(markdownCode(text)).toBe(expected)
  })
})
