import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../base/json/value.ts'
import type { GateViolation, ScanReport } from '../../model/advisory/scan-report.ts'
import { sampleSecret } from '../../model/fixtures/sample.ts'
import {
  cleanReport,
  sampleComponent,
  sampleFinding,
  sampleReport,
  sampleResult,
  sampleSuppressed,
} from '../fixtures/sample.ts'
import { scansSarif } from './sarif.ts'

interface Result {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string }
      readonly region: { readonly startLine: number }
    }
    readonly message?: { readonly text: string }
    readonly properties?: JsonObject
  }[]
  readonly partialFingerprints: Readonly<Record<string, string>>
  readonly suppressions?: readonly JsonObject[]
  readonly properties: JsonObject
}

interface Rule {
  readonly id: string
  readonly name: string
  readonly shortDescription: { readonly text: string }
  readonly fullDescription: { readonly text: string }
  readonly help: { readonly text: string; readonly markdown: string }
  readonly helpUri?: string
  readonly properties: JsonObject & { readonly tags: readonly string[] }
}

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly Rule[] } }
  readonly automationDetails: { readonly id: string }
  readonly invocations: readonly [{ readonly toolExecutionNotifications: readonly JsonObject[] }]
  readonly results: readonly Result[]
  readonly properties: JsonObject
}

const nothing = { findings: [], suppressed: [], secrets: [], upgrades: [] }

function runOf(result: Partial<ScanReport['result']>, over: Partial<ScanReport> = {}): Run {
  const report = sampleReport({ result: sampleResult({ ...nothing, ...result }), ...over })
  const { runs } = JSON.parse(JSON.stringify(scansSarif([report]))) as { readonly runs: readonly Run[] }
  const [run] = runs
  if (run === undefined) throw new Error('no run')
  return run
}

function only(
  result: Partial<ScanReport['result']>,
  over: Partial<ScanReport> = {},
): Result & { rule: Rule } {
  const run = runOf(result, over)
  const [first] = run.results
  const rule = run.tool.driver.rules[first?.ruleIndex ?? 0]
  if (first === undefined || rule === undefined) throw new Error('no result')
  return { ...first, rule }
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

describe('a result of a finding', () => {
  it('says what, where and how bad in one message', () => {
    const result = only({ findings: [sampleFinding()] })
    expect(result.message.text).toBe(
      'libssl3 3.0.11-1: CVE-2024-0001 (high). A buffer is read past its end. 3.0.11-1 is below 3.0.15-1, fixed in Debian:12.',
    )
    expect(result).toMatchObject({ ruleId: 'CVE-2024-0001', level: 'error', rank: 70 })
  })

  it.each([
    ['critical', 'error'],
    ['high', 'error'],
    ['medium', 'warning'],
    ['low', 'note'],
    ['negligible', 'note'],
    ['unknown', 'warning'],
  ] as const)('of severity %s is of level %s', (severity, level) => {
    expect(only({ findings: [sampleFinding({ severity })] }).level).toBe(level)
  })

  it('says without a title no less and no "undefined"', () => {
    const { title: _title, ...untitled } = sampleFinding()
    const { message, rule } = only({ findings: [untitled] })
    expect(message.text).toMatch(/\(high\)\. 3\.0\.11-1 is below/)
    expect(rule.shortDescription.text).toBe('CVE-2024-0001 in libssl3')
    expect(rule.fullDescription.text).toBe('CVE-2024-0001: CVE-2024-0001 in libssl3')
  })

  it('escapes brackets and backslashes, of which messages make links', () => {
    const title = 'see [this](https://evil.example) \\ that'
    expect(only({ findings: [sampleFinding({ title })] }).message.text).toContain(
      'see \\[this\\](https://evil.example) \\\\ that.',
    )
  })

  it('is at each place of its package, in its layer, up to ten', () => {
    const locations = Array.from({ length: 12 }, (_, index) => ({ path: `app/${index}`, layer: index % 3 }))
    const all = only({ findings: [sampleFinding({ component: sampleComponent({ locations }) })] }).locations
    expect(all).toHaveLength(10)
    expect(all.map(({ properties }) => properties?.['layer']).slice(0, 3)).toEqual([
      `sha256:${'01'.repeat(32)}`,
      `sha256:${'03'.repeat(32)}`,
      undefined,
    ])
    expect(all[0]?.message?.text).toBe(`in layer sha256:${'01'.repeat(32)}`)
  })

  it.each([
    ['usr/lib/x y/ü%#?.so', 'usr/lib/x%20y/%C3%BC%25%23%3F.so'],
    ['app/a.war!/WEB-INF/b.jar', 'app/a.war!/WEB-INF/b.jar'],
    ['', '.'],
    ['half\ud800', 'half%EF%BF%BD'],
    ['C:/evil', 'C%3A/evil'],
  ])('has the path %j as the address %s', (path, uri) => {
    const component = sampleComponent({ locations: [{ path }] })
    const [location] = only({ findings: [sampleFinding({ component })] }).locations
    expect(location?.physicalLocation).toEqual({
      artifactLocation: { uri, uriBaseId: 'ROOT' },
      region: { startLine: 1 },
    })
  })

  it('is known again by the same fingerprint, whose first digits GitHub follows', () => {
    const { partialFingerprints } = only({ findings: [sampleFinding()] })
    const full = partialFingerprints['temperFinding/v1'] ?? ''
    expect(full).toMatch(/^[0-9a-f]{64}$/)
    expect(partialFingerprints['primaryLocationLineHash']).toBe(`${full.slice(0, 16)}:1`)
  })

  it('has what is known of exploitation', () => {
    const [never, often] = [
      sampleFinding(),
      sampleFinding({ exploited: { added: '2024-01-01' }, prediction: { score: 0, percentile: 0 } }),
    ]
    expect(only({ findings: [never] }).properties).toMatchObject({ kev: false })
    expect(only({ findings: [never] }).properties).not.toHaveProperty('epss')
    expect(only({ findings: [often] }).properties).toMatchObject({ kev: true, epss: 0 })
  })

  it('names the rules that it breaks', () => {
    const finding = sampleFinding()
    const about = {
      ...whole,
      kind: 'finding',
      id: finding.id,
      finding,
      found: 'bad',
      remedy: 'mend',
    } as const
    const verdict = { passed: false, rules: ['high'], violations: [{ ...about, rule: 'high' }] }
    const broken = only({ findings: [finding] }, { verdict })
    expect(broken.message.text).toMatch(/ Breaks the rule high \(bad\): mend\.$/)
    expect(broken.properties).toMatchObject({ breaks: ['high'] })
    expect(only({ findings: [finding] }).properties).not.toHaveProperty('breaks')
    expect(runOf({ findings: [finding] }, { verdict }).results).toHaveLength(1)
  })

  it('is there when it is suppressed only where that is shown, with who says so', () => {
    const result = { findings: [sampleFinding()], suppressed: [sampleSuppressed] }
    expect(runOf(result).results.map(({ ruleId }) => ruleId)).toEqual(['CVE-2024-0001'])
    const { results } = runOf(result, { showSuppressed: true })
    expect(results.map(({ suppressions }) => suppressions)).toEqual([
      undefined,
      [
        {
          kind: 'external',
          status: 'accepted',
          justification: 'vex.json: the server never parses such certificates',
        },
      ],
    ])
  })
})

describe('a rule of a finding', () => {
  it('has all facts in its help, as text and as Markdown', () => {
    const finding = sampleFinding({
      exploited: { added: '2024-01-01' },
      prediction: { score: 0.25, percentile: 0.5 },
    })
    const { rule } = only({ findings: [finding], upgrades: sampleResult().upgrades })
    expect(rule.help.text.split('\n')).toEqual([
      'Package: libssl3 3.0.11-1',
      'Severity: high, CVSS 3.1 (osv)',
      'Priority: high: high severity, fix available',
      'Fixed in: 3.0.15-1',
      'Upgrade: openssl from 3.0.11-1 to 3.0.15-1',
      'Known to be exploited: since 2024-01-01',
      'EPSS: 0.25',
      'Also called: DSA-5000-1',
    ])
    expect(rule.help.markdown.split('\n')[1]).toBe('- **Severity**: high, CVSS 3.1 &#40;osv&#41;')
    expect(rule.properties).toMatchObject({
      tags: ['security', 'vulnerability', 'high', 'deb'],
      precision: 'very-high',
    })
  })

  it('says what is not known', () => {
    const { rule } = only({ findings: [sampleFinding({ fixedVersions: [], aliases: [] })] })
    expect(rule.help.text).toContain('Fixed in: no version yet\nAlso called: nothing else')
    expect(rule.help.text).not.toMatch(/Upgrade|exploited|EPSS/)
  })

  it.each([
    ['CVE-2024-0001', [], 'https://www.cve.org/CVERecord?id=CVE-2024-0001'],
    ['X-1', ['javascript:x', 'https://a.example/', 'https://b.example/'], 'https://a.example/'],
    ['X-1', [], undefined],
  ])('of %s, with the references %j, leads to %s', (id, references, home) => {
    expect(only({ findings: [sampleFinding({ id, references })] }).rule.helpUri).toBe(home)
  })

  it.each([
    // Where the score agrees with the severity it is told; else one that does.
    ['critical', 9, '9.0'],
    ['critical', 8.9, '9.5'],
    ['critical', 10, '10.0'],
    ['high', 8.9, '8.9'],
    ['high', 9, '8.0'],
    ['high', 7, '7.0'],
    ['high', 6.9, '8.0'],
    ['medium', 4, '4.0'],
    ['medium', 3.9, '5.5'],
    ['medium', 6.9, '6.9'],
    ['medium', 7, '5.5'],
    ['low', 0.1, '0.1'],
    ['low', 0, '2.0'],
    ['low', 3.9, '3.9'],
    ['low', 4, '2.0'],
    ['negligible', 9.8, '0.1'],
    ['unknown', 9.8, '5.0'],
    ['high', undefined, '8.0'],
  ] as const)('of severity %s and score %s has the score %s', (severity, score, text) => {
    const { score: _score, ...unscored } = sampleFinding({ severity })
    const finding = score === undefined ? unscored : { ...unscored, score }
    expect(only({ findings: [finding] }).rule.properties['security-severity']).toBe(text)
  })

  it('cuts titles that are too long, and between characters', () => {
    for (let shift = 0; shift < 2; shift++) {
      const { rule } = only({
        findings: [sampleFinding({ title: `${'a'.repeat(shift)}${'😀'.repeat(2000)}` })],
      })
      expect(rule.shortDescription.text.length).toBeLessThanOrEqual(250)
      expect(rule.shortDescription.text).toMatch(/(😀)…$/u)
      expect(rule.fullDescription.text.length).toBeLessThanOrEqual(1000)
      expect(rule.fullDescription.text).toMatch(/(😀)…$/u)
    }
  })
})

describe('a result of a secret', () => {
  it('is at its line, with the excerpt that hides it', () => {
    const secret = sampleSecret({
      line: 7,
      location: { path: 'app/key.pem', layer: 1 },
      severity: 'critical',
    })
    expect(only({ secrets: [secret] })).toMatchObject({
      ruleId: 'secret/private-key',
      level: 'error',
      message: { text: 'Private key: -----BEGIN PRIVATE KEY----- ****.' },
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'app/key.pem' }, region: { startLine: 7 } } },
      ],
      partialFingerprints: { 'temperSecret/v1': 'private-key:app/key.pem:7' },
      rule: {
        name: 'SecretInImage',
        shortDescription: { text: 'Private key' },
        fullDescription: { text: 'A secret is in the image: Private key' },
        properties: { tags: ['security', 'secret'], 'security-severity': '9.5' },
      },
    })
  })

  it('says that a deleted file is still in the image', () => {
    const told = ' A later layer deletes the file, but it is still in the image.'
    expect(only({ secrets: [sampleSecret({ deleted: true })] }).message.text.endsWith(told)).toBe(true)
    expect(only({ secrets: [sampleSecret()] }).message.text).not.toContain('later layer')
  })
})

describe('a result about the whole', () => {
  it.each([
    ['end-of-life', 'EndOfLife', 'The release gets no security updates any more'],
    ['stale-feeds', 'StaleFeeds', 'The advisories are old'],
    ['incomplete', 'Incomplete', 'Not everything could be compared'],
  ] as const)('%s has a rule called %s', (kind, name, title) => {
    const verdict = {
      passed: false,
      rules: ['eol'],
      violations: [{ ...whole, kind, level: 'warning' as const }],
    }
    expect(only({}, { verdict })).toMatchObject({
      ruleId: kind,
      level: 'warning',
      message: { text: 'debian 9: support ended on 2022-06-30; move to a release that is supported.' },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'etc/os-release' } } }],
      rule: {
        name,
        shortDescription: { text: title },
        fullDescription: { text: `${title}: support ended on 2022-06-30` },
        help: { text: 'move to a release that is supported' },
      },
    })
  })
})

describe('a run', () => {
  it('has each rule once, in the order of the first results', () => {
    const findings = ['B', 'A', 'B'].map((id) => sampleFinding({ id }))
    const run = runOf({ findings, secrets: [sampleSecret()] })
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual(['B', 'A', 'secret/private-key'])
    expect(run.results.map(({ ruleIndex }) => ruleIndex)).toEqual([0, 1, 0, 2])
  })

  it('tells notes as warnings', () => {
    const notes = [{ code: 'no-packages', message: 'There are no [packages].' }]
    expect(runOf({ notes }).invocations[0].toolExecutionNotifications).toEqual([
      {
        descriptor: { id: 'no-packages' },
        level: 'warning',
        message: { text: 'There are no \\[packages\\].' },
      },
    ])
  })

  it('has what the gate says, where there is one', () => {
    expect(runOf({}).properties).not.toHaveProperty('verdict')
    const verdict = { passed: true, rules: ['critical'], violations: [] }
    expect(runOf({}, { verdict }).properties).toMatchObject({
      verdict: { passed: true, rules: ['critical'] },
    })
  })

  it('is there of each target, in their order, each with its own rules', () => {
    const one = sampleReport({ result: sampleResult({ ...nothing, findings: [sampleFinding({ id: 'A' })] }) })
    const { runs } = scansSarif([one, cleanReport(), one]) as unknown as { readonly runs: readonly Run[] }
    expect(runs.map(({ tool, results }) => [tool.driver.rules.length, results.length])).toEqual([
      [1, 1],
      [0, 0],
      [1, 1],
    ])
    expect(scansSarif([])).toMatchObject({ version: '2.1.0', runs: [] })
  })

  it('has a day of null where none is known', () => {
    const { asOf: _asOf, ...result } = sampleResult()
    const { runs } = scansSarif([sampleReport({ result })]) as unknown as { readonly runs: readonly Run[] }
    expect(runs[0]?.properties['asOf']).toBeNull()
  })
})
