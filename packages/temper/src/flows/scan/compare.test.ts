import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { severities } from '../../model/advisory/advisory.ts'
import type { ComparedFinding, ScanReport } from '../../model/advisory/scan-report.ts'
import { sampleComponent, sampleFinding, sampleReport, sampleResult } from '../../report/fixtures/sample.ts'
import { scanJson, scansJson } from '../../report/json/json.ts'
import { comparable, compareFindings, readEarlier } from './compare.ts'

const finding = fc.record({
  id: fc.constantFrom('CVE-1', 'CVE-2', 'CVE-3'),
  severity: fc.constantFrom(...severities),
  package: fc.record({
    type: fc.constantFrom('deb', 'npm'),
    name: fc.constantFrom('a', 'b'),
    version: fc.constantFrom('1', '2'),
  }),
  fixedVersions: fc.constantFrom([], ['3']),
}) satisfies fc.Arbitrary<ComparedFinding>
/** Of a problem in a package there is one finding. */
const findings = fc.uniqueArray(finding, { selector: keyOf, maxLength: 8 })

function keyOf({ id, package: { type, name } }: ComparedFinding): string {
  return JSON.stringify([id, type, name])
}
const keys = (all: readonly ComparedFinding[]) => new Set(all.map(keyOf))

describe('two sets of findings', () => {
  it('fall apart into what came, what went and what stayed', () => {
    fc.assert(
      fc.property(findings, findings, (now, earlier) => {
        const { appeared, disappeared, stayed } = compareFindings(now, earlier)
        expect(keys(appeared)).toEqual(keys(now).difference(keys(earlier)))
        expect(keys(disappeared)).toEqual(keys(earlier).difference(keys(now)))
        expect(keys(stayed)).toEqual(keys(now).intersection(keys(earlier)))
        expect(appeared.length + stayed.length).toBe(now.length)
        for (const each of stayed) {
          const before = earlier.find((other) => keyOf(other) === keyOf(each))
          const { earlierVersion, ...current } = each
          expect(now).toContainEqual(current)
          expect(earlierVersion ?? current.package.version).toBe(before?.package.version)
        }
      }),
    )
  })

  it('that are the same have nothing but what stayed, in whatever order they come', () => {
    fc.assert(
      fc.property(findings, (all) => {
        const { appeared, disappeared, stayed } = compareFindings(all, all.toReversed())
        expect([appeared, disappeared, stayed]).toEqual([[], [], all])
      }),
    )
  })

  it('swapped have swapped sides', () => {
    fc.assert(
      fc.property(findings, findings, (a, b) => {
        expect(compareFindings(a, b).appeared).toEqual(compareFindings(b, a).disappeared)
      }),
    )
  })
})

const bytes = (value: unknown) => ({ name: 'old.json', bytes: Buffer.from(JSON.stringify(value)) })
const report = (over: Partial<ScanReport['result']> = {}) => sampleReport({ result: sampleResult(over) })

describe('an earlier result', () => {
  it('as JSON has what is compared of what was found', () => {
    const known = [
      sampleFinding(),
      sampleFinding({ id: 'CVE-2024-9', fixedVersions: [], severity: 'unknown' }),
      sampleFinding({ component: sampleComponent({ type: 'npm', name: 'left-pad', version: '' }) }),
    ]
    expect(readEarlier(bytes(scanJson(report({ findings: known }))), 'any')).toEqual(comparable(known))
  })

  it('of several targets is that of the one of this name', () => {
    const [a, b] = ['oci:a', 'oci:b'].map((name, at) =>
      report({
        target: { ...sampleResult().target, name },
        findings: Array.from({ length: at + 1 }, (_, i) => sampleFinding({ id: `CVE-${at}-${i}` })),
      }),
    ) as [ScanReport, ScanReport]
    const both = bytes(scansJson([a, b]))
    expect(readEarlier(both, 'oci:a').map(({ id }) => id)).toEqual(['CVE-0-0'])
    expect(readEarlier(both, 'oci:b')).toHaveLength(2)
    expect(() => readEarlier(both, 'oci:c')).toThrow(/2 targets, and none of them is oci:c/)
  })

  const good = { id: 'CVE-1', severity: 'high', package: { type: 'deb', name: 'a', version: '1' } }
  it.each<[string, unknown, RegExp]>([
    ['no object', 7, /no list of findings/],
    ['nothing', null, /no list of findings/],
    ['a list', [], /no list of findings/],
    ['findings that are no list', { findings: {} }, /no list of findings/],
    ['a finding that is none', { findings: [null] }, /finding 1 .*type or severity are unknown/],
    ['an unknown severity', { findings: [good, { ...good, severity: 'HIGH' }] }, /finding 2 /],
    ['an unknown type', { findings: [{ ...good, package: { ...good.package, type: 'x' } }] }, /finding 1 /],
    ['a type that every object has', { findings: [{ ...good, severity: 'constructor' }] }, /finding 1 /],
    ['an id that is a number', { findings: [{ ...good, id: 1 }] }, /text is missing or too long/],
    ['an id without end', { findings: [{ ...good, id: 'x'.repeat(10_001) }] }, /missing or too long/],
    ['no version', { findings: [{ ...good, package: { type: 'deb', name: 'a' } }] }, /missing or too long/],
    ['a fix that is a number', { findings: [{ ...good, fixedVersions: [1] }] }, /missing or too long/],
    ['targets without ours', { targets: [null, 3, { target: 'x' }] }, /3 targets, and none of them is any/],
  ])('of %s is refused with the place', (_, value, message) => {
    expect(() => readEarlier(bytes(value), 'any')).toThrow(
      expect.objectContaining({ code: 'bad-usage', message: expect.stringMatching(message) }),
    )
  })

  it.each(['', '{', '{"findings":[}', '\u0000', '<html>'])('that is %j is refused', (text) => {
    expect(() => readEarlier({ name: 'old.json', bytes: Buffer.from(text) }, 'any')).toThrow(
      expect.objectContaining({ code: 'bad-usage', message: expect.stringContaining('old.json') }),
    )
  })

  it('that nests without end is refused', () => {
    const deep = Buffer.from(`{"findings":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)
    expect(() => readEarlier({ name: 'old.json', bytes: deep }, 'any')).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/bad-usage|limit-exceeded/) }),
    )
  })

  it('may say nothing of repairs, and has no more than a hundred of one', () => {
    const many = Array.from({ length: 150 }, (_, i) => String(i))
    const read = readEarlier(bytes({ findings: [good, { ...good, fixedVersions: many }] }), 'any')
    expect(read.map(({ fixedVersions }) => fixedVersions.length)).toEqual([0, 100])
  })
})
