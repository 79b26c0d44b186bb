import { expect, test } from 'vitest'
import { scansCsv } from '../../../report/csv.ts'
import { scanCycloneDx } from '../../../report/cyclonedx-vex.ts'
import { sampleFinding, sampleReport, sampleResult } from '../../../report/fixtures/sample.ts'
import { scansGitlab } from '../../../report/gitlab.ts'
import { scansHtml } from '../../../report/html/html.ts'
import { mostRows } from '../../../report/html/parts.ts'
import { scansJson } from '../../../report/json/json.ts'
import { scansJunit } from '../../../report/junit.ts'
import { scansSarif } from '../../../report/sarif/sarif.ts'
import type { ScanFormat } from './format.ts'
import { scanFormats, writeScan } from './format.ts'

const same = (text: string) => text
const style = { finished: same, bold: same, dim: same, good: same, warn: same, bad: same }

/** So many that a text of all of them, made in one go, would be found by its length. */
const many = 4000
const finding = sampleFinding()
const report = sampleReport({
  result: sampleResult({
    findings: Array.from({ length: many }, (_, index) => ({
      ...finding,
      id: `CVE-2025-${100_000 + index}`,
      component: { ...finding.component, name: `library-${index}` },
    })),
  }),
})

const piecesOf = async (format: ScanFormat) => [
  ...(await writeScan(format, [report], { style, columns: 100, verbose: true })),
]

test.each(['terminal', 'json', 'sarif', 'cyclonedx-vex', 'in-toto', 'junit', 'gitlab', 'csv'] as const)(
  'writes %s in pieces that stay short however many findings there are',
  async (format) => {
    const pieces = await piecesOf(format)
    const text = pieces.join('')
    expect(text).toContain(`CVE-2025-${100_000 + many - 1}`)
    expect(text.length).toBeGreaterThan(many * 20)
    const longest = pieces.reduce((most, piece) => Math.max(most, piece.length), 0)
    expect(longest).toBeLessThan(150_000)
    expect(longest).toBeLessThan(text.length)
  },
)

test.each(scanFormats)('%s does not look at all packages again for each finding', async (format) => {
  let looks = 0
  const result = {
    ...report.result,
    get ledger() {
      looks++
      return report.result.ledger
    },
  }
  const texts = await writeScan(format, [{ ...report, result }], { style, columns: 100, verbose: true })
  expect([...texts].join('').length).toBeGreaterThan(1000)
  expect(looks).toBeLessThan(20)
})

test('the pieces are the text that the formats have as a whole', async () => {
  expect((await piecesOf('json')).join('')).toBe(`${JSON.stringify(scansJson([report]), undefined, 2)}\n`)
  expect((await piecesOf('sarif')).join('')).toBe(`${JSON.stringify(scansSarif([report]), undefined, 2)}\n`)
  expect((await piecesOf('gitlab')).join('')).toBe(`${JSON.stringify(scansGitlab([report]), undefined, 2)}\n`)
  expect((await piecesOf('cyclonedx-vex')).join('')).toBe(
    `${JSON.stringify(scanCycloneDx(report), undefined, 2)}\n`,
  )
  expect((await piecesOf('junit')).join('')).toBe(scansJunit([report]))
  expect((await piecesOf('csv')).join('')).toBe(scansCsv([report]))
})

test('a page for a browser says how many rows it leaves out', () => {
  const findings = Array.from({ length: mostRows + 5 }, (_, index) => ({ ...finding, id: `X-${index}` }))
  const page = scansHtml([sampleReport({ result: sampleResult({ findings }) })])
  expect(page).toContain(`These are the first ${mostRows} of ${mostRows + 5}`)
  expect(page).toContain(`>X-${mostRows - 1}<`)
  expect(page).not.toContain(`>X-${mostRows}<`)
})
