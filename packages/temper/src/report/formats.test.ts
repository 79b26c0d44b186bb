import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { isComplete, type ScanReport } from '../model/advisory/scan-report.ts'
import { scansCsv } from './csv.ts'
import { scanCycloneDx } from './cyclonedx-vex.ts'
import { findingFingerprint } from './finding-identity.ts'
import {
  cleanReport,
  doubtfulReport,
  hostileReport,
  sampleFinding,
  sampleReport,
  sampleResult,
} from './fixtures/sample.ts'
import { scansGitlab } from './gitlab.ts'
import { scansHtml } from './html/html.ts'
import { scanStatement } from './in-toto.ts'
import { scansJson } from './json/json.ts'
import { scanJsonSchema } from './json/schema.ts'
import { scansJunit } from './junit.ts'
import { scansMarkdown } from './markdown/markdown.ts'
import { scansSarif } from './sarif/sarif.ts'

function readJson(path: string): object {
  return JSON.parse(readFileSync(path, 'utf8'))
}

function withFormats<T extends Ajv | Ajv2020>(ajv: T): T {
  addFormats.default(ajv as Ajv)
  for (const name of ['idn-email', 'iri-reference']) ajv.addFormat(name, true)
  return ajv
}

// One pattern of SARIF's schema is not valid in unicode mode.
const options = { strict: false, allErrors: true, unicodeRegExp: false } as const

function sarifSchema(): ValidateFunction {
  // Draft 4, of which it uses nothing with a different meaning in draft 7.
  const {
    id: _id,
    $schema: _draft,
    ...schema
  } = readJson(join(import.meta.dirname, 'fixtures/sarif-2.1.0-rtm.5.json')) as Record<string, unknown>
  return withFormats(new Ajv(options)).compile(schema)
}

function cycloneDxSchema(): ValidateFunction {
  const library = createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')
  const read = (name: string) =>
    readJson(join(dirname(library), 'res/schema', `${name}.SNAPSHOT.schema.json`))
  const ajv = withFormats(new Ajv(options))
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs'])
    ajv.addSchema(read(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`)
  return ajv.compile(read('bom-1.6'))
}

const text = (most = 10_000) => ({ type: 'string', minLength: 1, maxLength: most })
const object = (properties: Record<string, object>, more: string[] = []) => ({
  type: 'object',
  required: [...Object.keys(properties).filter((name) => !more.includes(name)), ...more.filter(() => false)],
  properties,
})
const web = { type: 'string', pattern: '^https?://.+' }
const tool = object({ id: text(), name: text(), version: text(), vendor: object({ name: text() }) })
const moment = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$' }

/** What GitLab's documentation of the report demands, written down anew. */
const gitlabSchema = object({
  version: { type: 'string', pattern: '^15\\.\\d+\\.\\d+$' },
  scan: object({
    analyzer: tool,
    scanner: tool,
    type: { const: 'container_scanning' },
    status: { enum: ['success', 'failure'] },
    start_time: moment,
    end_time: moment,
    messages: {
      type: 'array',
      items: object({ level: { enum: ['info', 'warn', 'fatal'] }, value: text() }),
    },
  }),
  vulnerabilities: {
    type: 'array',
    items: object(
      {
        id: { type: 'string', format: 'uuid' },
        name: text(255),
        description: text(1_048_576),
        severity: { enum: ['Info', 'Unknown', 'Low', 'Medium', 'High', 'Critical'] },
        solution: text(7000),
        identifiers: {
          type: 'array',
          minItems: 1,
          maxItems: 20,
          items: object({ type: text(), name: text(), value: text(), url: web }, ['url']),
        },
        links: { type: 'array', items: object({ url: web }) },
        location: object({
          dependency: object({ package: object({ name: text() }), version: text() }),
          operating_system: text(255),
          image: text(255),
        }),
        flags: {
          type: 'array',
          items: object({
            type: { const: 'flagged-as-likely-false-positive' },
            origin: text(),
            description: text(),
          }),
        },
      },
      ['flags'],
    ),
  },
})

const reports: readonly (readonly [string, ScanReport])[] = [
  ['findings', sampleReport()],
  ['suppressed ones too', sampleReport({ showSuppressed: true })],
  ['nothing', cleanReport()],
  ['no advisories', sampleReport({ result: sampleResult({ feeds: [], findings: [], upgrades: [] }) })],
  [
    'a folder',
    sampleReport({
      result: sampleResult({
        target: { name: 'dir:.', kind: 'directory', inventoryFrom: 'files' },
        layers: [],
      }),
    }),
  ],
  ['hostile texts', hostileReport()],
]

describe('documents are valid', () => {
  const sarif = sarifSchema()
  const cycloneDx = cycloneDxSchema()
  const gitlab = withFormats(new Ajv(options)).compile(gitlabSchema)
  const json = withFormats(new Ajv2020(options)).compile(scanJsonSchema())
  const check = (valid: ValidateFunction, value: unknown) =>
    expect(valid(JSON.parse(JSON.stringify(value))) || valid.errors?.slice(0, 3)).toBe(true)

  it.each(reports)('SARIF: %s', (_name, report) => check(sarif, scansSarif([report])))
  it.each(reports)('CycloneDX: %s', (_name, report) => check(cycloneDx, scanCycloneDx(report)))
  it.each(reports)('GitLab: %s', (_name, report) => check(gitlab, scansGitlab([report])))
  it.each(reports)('JSON: %s', (_name, report) => check(json, scansJson([report])))

  it('with several targets', () => {
    const all = reports.map(([, report]) => report)
    check(sarif, scansSarif(all))
    check(gitlab, scansGitlab(all))
    check(json, scansJson(all))
  })

  it('and the schemas refuse what is not', () => {
    expect(sarif({ version: '2.1.0', runs: [{}] })).toBe(false)
    expect(
      cycloneDx({
        bomFormat: 'CycloneDX',
        specVersion: '1.6',
        vulnerabilities: [{ ratings: [{ severity: 'bad' }] }],
      }),
    ).toBe(false)
    expect(gitlab({ version: '15.0.7', scan: {}, vulnerabilities: [] })).toBe(false)
    expect(json({ target: 'a', findings: [] })).toBe(false)
  })
})

describe('JUnit', () => {
  it.each(reports)('is well-formed: %s', (_name, report) => {
    const names: string[] = []
    const parser = new SaxesParser()
    parser.on('error', (error) => {
      throw error
    })
    parser.on('opentag', ({ name }) => names.push(name))
    parser.write(scansJunit([report])).close()
    expect(names.slice(0, 3)).toEqual(['testsuites', 'testsuite', 'properties'])
    expect(names).toContain('testcase')
    expect(new Set(names)).not.toContain('script')
  })

  it('fails what breaks the gate, or everything without one', () => {
    const failures = (report: ScanReport) => Number(/ failures="(\d+)"/.exec(scansJunit([report]))?.[1])
    expect(failures(sampleReport())).toBe(5)
    expect(failures(sampleReport({ verdict: { passed: true, rules: ['eol'], violations: [] } }))).toBe(0)
    expect(failures(cleanReport())).toBe(0)
  })

  it('passes what is known to be clean, and skips what was not compared', () => {
    expect(scansJunit([cleanReport()])).toContain(
      '<testcase classname="scan" name="no known vulnerabilities in 128',
    )
    const doubtful = scansJunit([doubtfulReport()])
    expect(doubtful).toContain('skipped="1"')
    expect(doubtful).not.toContain('no known vulnerabilities')
    expect(doubtful).toContain('2 of 2 packages not compared')
  })
})

/** Cells of RFC 4180; fails on anything that is not quoted. */
function parseCsv(csv: string): string[][] {
  return csv
    .trimEnd()
    .split('\n')
    .map((line) => {
      expect(line).toMatch(/^"(?:[^"]|"")*"(?:,"(?:[^"]|"")*")*$/)
      return [...line.matchAll(/"((?:[^"]|"")*)"/g)].map(([, cell = '']) => cell.replaceAll('""', '"'))
    })
}

describe('CSV', () => {
  it.each(reports)('has as many cells in each row: %s', (_name, report) => {
    const rows = parseCsv(scansCsv([report]))
    const shown = report.showSuppressed ? report.result.suppressed.length : 0
    const expected = report.result.findings.length + shown
    expect(rows).toHaveLength(1 + (expected === 0 && !isComplete(report.result) ? 1 : expected))
    expect(new Set(rows.map((row) => row.length)).size).toBe(1)
  })

  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    ' =1',
    '"=1',
    "'=1",
    '|calc',
    '%0',
    '\uff1d1',
    '\u001b=1',
  ])('makes no formula of %j', (title) => {
    const result = sampleResult({ findings: [sampleFinding({ title })] })
    const [head = [], row = []] = parseCsv(scansCsv([sampleReport({ result })]))
    const cell = row[head.indexOf('title')]
    expect(cell).not.toMatch(/^[\s"]*[=+\-@|%\uff1d]/)
  })

  it('leaves versions and scores as they are', () => {
    const [head = [], row = []] = parseCsv(scansCsv([sampleReport()]))
    expect(row[head.indexOf('version')]).toBe('3.0.11-1')
    expect(row[head.indexOf('score')]).toBe('10')
  })
})

describe('in-toto', () => {
  it('states what was found about the image', () => {
    expect(scanStatement(sampleReport())).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ digest: { sha256: 'ab'.repeat(32) } }],
      predicateType: 'https://in-toto.io/attestation/vulns/v0.2',
      predicate: {
        scanner: {
          db: { lastUpdate: '2026-11-18T00:00:00Z' },
          result: [
            {
              id: 'CVE-2021-44228',
              severity: [
                { method: 'temper', score: 'critical' },
                { method: 'cvss_score', score: '10.0' },
                {},
                {},
              ],
            },
            { id: 'CVE-2024-0001' },
            {},
            {},
          ],
        },
        metadata: { scanStartedOn: '2026-11-20T10:00:00Z', scanFinishedOn: '2026-11-20T10:00:01Z' },
      },
    })
  })

  it('is about images only', () => {
    const target = { name: 'dir:.', kind: 'directory', inventoryFrom: 'files' } as const
    expect(() => scanStatement(sampleReport({ result: sampleResult({ target }) }))).toThrow(
      'needs the digest',
    )
  })
})

describe('SARIF', () => {
  const [run] = scansSarif([sampleReport({ showSuppressed: true })])['runs'] as [
    {
      tool: { driver: { rules: { id: string; properties: Record<string, string> }[] } }
      results: {
        ruleId: string
        ruleIndex: number
        suppressions?: unknown
        partialFingerprints: Record<string, string>
      }[]
    },
  ]

  it('points each result to its rule, and suppresses what is suppressed', () => {
    for (const result of run.results) expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId)
    expect(
      run.results.filter(({ suppressions }) => suppressions !== undefined).map(({ ruleId }) => ruleId),
    ).toEqual(['CVE-2022-0002'])
  })

  it('gives scores that agree with the severity', () => {
    const scores = Object.fromEntries(
      run.tool.driver.rules.map(({ id, properties }) => [id, Number(properties['security-severity'])]),
    )
    expect(scores).toMatchObject({ 'CVE-2021-44228': 10, 'CVE-2024-0001': 7.5, 'CVE-2023-9999': 2 })
  })

  it.each([
    ['the first', [9.8, 9.1, 9.5]],
    ['the last', [9.1, 9.5, 9.8]],
    ['one between', [9.1, 9.8, 9.5]],
  ])('tells once of a problem in several packages, with the worst of their scores: %s', (_where, scores) => {
    const findings = scores.map((score) => sampleFinding({ severity: 'critical', score }))
    const report = sampleReport({ result: sampleResult({ findings, secrets: [] }) })
    const [several] = scansSarif([report])['runs'] as [typeof run]
    expect(several.results.slice(0, 3).map(({ ruleIndex }) => ruleIndex)).toEqual([0, 0, 0])
    expect(several.tool.driver.rules.map(({ id }) => id).filter((id) => id === 'CVE-2024-0001')).toHaveLength(
      1,
    )
    expect(several.tool.driver.rules[0]?.properties['security-severity']).toBe('9.8')
  })

  it('knows a finding again after an upgrade that did not remove it', () => {
    const finding = sampleFinding()
    const upgraded = sampleFinding({ component: { ...finding.component, version: '3.0.12-1' } })
    expect(findingFingerprint(upgraded)).toBe(findingFingerprint(finding))
    expect(findingFingerprint(sampleFinding({ id: 'CVE-1' }))).not.toBe(findingFingerprint(finding))
  })
})

describe('CycloneDX', () => {
  it('has an analysis for what somebody judged', () => {
    const document = scanCycloneDx(sampleReport()) as { vulnerabilities: { id: string; analysis?: object }[] }
    expect(
      Object.fromEntries(document.vulnerabilities.map(({ id, analysis }) => [id, analysis])),
    ).toMatchObject({
      'CVE-2024-0001': undefined,
      'CVE-2022-0002': { state: 'not_affected', justification: 'code_not_reachable' },
    })
  })

  it('gives packages at two places two references', () => {
    const finding = sampleFinding()
    const copy = sampleFinding({ component: { ...finding.component, locations: [{ path: 'other' }] } })
    const { components } = scanCycloneDx(
      sampleReport({ result: sampleResult({ findings: [finding, copy], suppressed: [] }) }),
    ) as {
      components: { 'bom-ref': string }[]
    }
    expect(new Set(components.map((each) => each['bom-ref'])).size).toBe(2)
  })
})

/** Every string of a document, and every name. */
function stringsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(stringsOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) => [name, ...stringsOf(each)])
}

describe('documents that are JSON', () => {
  it.each([
    ['json', scansJson([hostileReport()])],
    ['json of several', scansJson([hostileReport(), hostileReport()])],
    ['sarif', scansSarif([hostileReport()])],
    ['cyclonedx', scanCycloneDx(hostileReport())],
    ['in-toto', scanStatement(hostileReport())],
    ['gitlab', scansGitlab([hostileReport()])],
  ])('hold no half of a character, which many readers refuse: %s', (_, document) => {
    expect(stringsOf(document).filter((text) => !text.isWellFormed())).toEqual([])
  })
})

describe('every format', () => {
  const written = {
    json: (report: ScanReport) => JSON.stringify(scansJson([report])),
    sarif: (report: ScanReport) => JSON.stringify(scansSarif([report])),
    cyclonedx: (report: ScanReport) => JSON.stringify(scanCycloneDx(report)),
    'in-toto': (report: ScanReport) => JSON.stringify(scanStatement(report)),
    junit: (report: ScanReport) => scansJunit([report]),
    gitlab: (report: ScanReport) => JSON.stringify(scansGitlab([report])),
    html: (report: ScanReport) => scansHtml([report]),
    markdown: (report: ScanReport) => scansMarkdown([report]),
  }

  it.each(Object.entries(written))('%s says when it was scanned, and how old the feeds are', (_, write) => {
    const text = write(sampleReport()).replaceAll('\\', '').replaceAll('&#58;', ':')
    expect(text).toMatch(/2026-11-20[T ]10:00/)
    expect(text).toContain('2026-11-18')
  })

  it.each(Object.entries(written))('%s says of what was not compared that it was not', (_, write) => {
    const text = write(doubtfulReport())
    expect(text).toMatch(
      /not everything could be compared|"complete":false|"temper:complete","value":"false"|were not compared/,
    )
    expect(text.toLowerCase()).not.toContain('no known vulnerabilities')
  })

  it('csv says so in each row', () => {
    const [head = [], ...rows] = parseCsv(scansCsv([sampleReport()]))
    const column = (name: string) => rows.map((row) => row[head.indexOf(name)])
    expect(new Set(column('scanned'))).toEqual(new Set(['2026-11-20T10:00:01Z']))
    expect(new Set(column('advisories_of'))).toEqual(new Set(['2026-11-18T00:00:00Z']))
    expect(new Set(column('complete'))).toEqual(new Set(['yes']))
  })

  it('counts what has no severity in words', () => {
    const findings = [
      sampleFinding({ severity: 'unknown' }),
      sampleFinding({ id: 'CVE-1', severity: 'unknown' }),
    ]
    const text = scansMarkdown([sampleReport({ result: sampleResult({ findings }) })])
    expect(text).toContain('2 of unknown severity')
  })

  it('has what became of each component, when asked for', () => {
    expect(scansJson([doubtfulReport()])).not.toHaveProperty('components')
    expect(scansJson([{ ...doubtfulReport(), showComponents: true }])).toMatchObject({
      summary: { complete: false, compared: 0, notCompared: 2 },
      components: [
        { name: 'libssl3', compared: false, feeds: [], reason: 'no feed is a list of Debian 12', as: null },
        { name: 'libssl3' },
      ],
    })
  })
})
