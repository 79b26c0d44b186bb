import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Severity, severities } from '../../model/advisory/advisory.ts'
import type { Finding } from '../../model/advisory/finding.ts'
import type { GateViolation } from '../../model/advisory/scan-report.ts'
import { sampleSecret } from '../../model/fixtures/sample.ts'
import { gateRule } from './compile.ts'
import { now, sampleFinding, sampleResult } from './fixtures/sample.ts'
import { parseGate } from './parse.ts'

function ruleOf(text: string) {
  const [expression] = parseGate(text)
  if (expression === undefined) throw new Error(`${text} is no rule`)
  return gateRule(expression)
}

function violations(text: string, over: Parameters<typeof sampleResult>[0] = {}): GateViolation[] {
  return [...ruleOf(text).check({ result: sampleResult(over), now })]
}

/** Whether a rule refuses one finding. */
function refuses(text: string, over: Partial<Finding>): boolean {
  return violations(text, { findings: [sampleFinding(over)] }).length > 0
}

/** RFC 3339, so many seconds before the moment that ages are counted to. */
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString()

describe('a rule of the gate', () => {
  it.each(['high', 'High + fixable > 7d', 'secret', 'secret+high', 'eol', 'stale-feeds', 'incomplete'])(
    '%s is a rule as any other, with its text as its id',
    (text) => {
      const rule = ruleOf(text)
      expect(rule.id).toBe(text.toLowerCase().replaceAll(' ', ''))
      expect(rule.title).toMatch(/^[A-Z].*[^.]$/)
      expect(rule.why).toMatch(/^[A-Z].*\.$/)
      expect(rule.fix).toMatch(/^[a-z].*[^.]$/)
      expect(rule).toMatchObject({ level: 'error', controls: [] })
    },
  )

  it('tells a finding at the package that it is in', () => {
    const at = sampleFinding()
    const component = { ...at.component, locations: [{ path: 'var/lib/dpkg/status' }] }
    const findings = [{ ...at, component }]
    expect(violations('high', { findings })).toEqual([
      {
        rule: 'high',
        level: 'error',
        subject: 'libfoo1 1.0-1',
        place: {
          kind: 'package',
          name: 'libfoo1',
          version: '1.0-1',
          purl: 'pkg:deb/debian/libfoo1@1.0-1',
          path: '/var/lib/dpkg/status',
        },
        found: 'severity high',
        remedy: 'upgrade foo from 1.0-1 to 1.0-2',
        kind: 'finding',
        id: 'CVE-2026-1',
        finding: findings[0],
        upgrade: expect.objectContaining({ to: '1.0-2' }),
      },
    ])
  })

  it('has a malicious package removed, whatever newer version there is', () => {
    const [violation] = violations('high', { findings: [sampleFinding({ malicious: true })] })
    expect(violation?.remedy).toMatch(/^remove the package, and replace every secret/)
  })

  it('tells a secret at its line', () => {
    const secret = sampleSecret({ line: 7, location: { path: 'etc/key.pem', layer: 2 } })
    expect(violations('secret', { secrets: [secret] })).toEqual([
      {
        rule: 'secret',
        level: 'error',
        kind: 'secret',
        id: 'private-key',
        secret,
        subject: 'etc/key.pem:7',
        place: secret.place,
        found: secret.found,
        remedy: secret.remedy,
      },
    ])
  })
})

describe('severities', () => {
  // Each rule refuses itself and what stands before it; nothing includes what nobody knows.
  it.each(severities.flatMap((rule) => severities.map((severity) => [rule, severity] as const)))(
    '%s and a finding that is %s',
    (rule: Severity, severity: Severity) => {
      const known = rule !== 'unknown' && severity !== 'unknown'
      const expected = known ? severities.indexOf(severity) <= severities.indexOf(rule) : rule === severity
      expect(refuses(rule, { severity })).toBe(expected)
      const secrets = [sampleSecret({ severity })]
      expect(violations(`secret+${rule}`, { secrets, findings: [] }).length > 0).toBe(expected)
    },
  )
})

describe('numbers', () => {
  it.each([
    ['score>7', 7, false],
    ['score>7', 7.1, true],
    ['score>=7', 7, true],
    ['score>=7', 6.9, false],
    ['score>0', 0, false],
    ['score>=0', 0, true],
    ['score>=10', 10, true],
  ])('%s and a score of %d: %s', (rule, score, expected) => {
    expect(refuses(rule, { score })).toBe(expected)
  })

  it.each([
    ['epss>0.5', 0.5, false],
    ['epss>0.5', 0.500001, true],
    ['epss>=0.5', 0.5, true],
    ['epss>=0.5', 0.499999, false],
    ['epss>=1', 1, true],
  ])('%s and a likelihood of %d: %s', (rule, score, expected) => {
    expect(refuses(rule, { prediction: { score, percentile: 0.9 } })).toBe(expected)
  })

  it('what has none breaks no rule about it', () => {
    const { score: _, ...without } = sampleFinding()
    expect(violations('score>=0', { findings: [without] })).toEqual([])
    expect(violations('epss>=0', { findings: [without] })).toEqual([])
  })
})

describe('ages', () => {
  it.each([
    ['h', 3600],
    ['d', 86_400],
    ['w', 604_800],
    ['m', 2_592_000],
    ['y', 31_536_000],
  ])('of one %s are older by a second', (unit, seconds) => {
    const rule = `high>1${unit}`
    expect(refuses(rule, { published: ago(seconds) })).toBe(false)
    expect(refuses(rule, { published: ago(seconds + 1) })).toBe(true)
    expect(refuses(rule, { published: ago(seconds - 1) })).toBe(false)
  })

  it('count from the repair in rules about what can be fixed, and only there', () => {
    const over = { published: ago(100 * 86_400), fixPublished: ago(86_400) }
    expect(refuses('high+fixable>2d', over)).toBe(false)
    expect(refuses('high>2d', over)).toBe(true)
    const { fixPublished: _, ...undated } = over
    const { fixPublished: _old, ...bare } = sampleFinding(undated)
    expect(violations('high+fixable>2d', { findings: [bare] })[0]?.found).toContain('published 100 days ago')
  })

  it.each(['', 'yesterday', '2026-13-40', 'NaN'])('of "%s" are unknown, which opens no gate', (published) => {
    expect(violations('high>5y', { findings: [sampleFinding({ published })] })[0]?.found).toBe(
      'severity high, of unknown age',
    )
  })

  it('in the future are young', () => {
    expect(refuses('high>1h', { published: ago(-86_400) })).toBe(false)
  })
})

describe('what to do', () => {
  it.each<[string, Partial<Finding>, boolean, string]>([
    ['the upgrade of the plan', {}, true, 'upgrade foo from 1.0-1 to 1.0-2'],
    ['a version that repairs it', {}, false, 'upgrade libfoo1 to 1.0-2'],
    ['the lowest of several', { fixedVersions: ['1.0-2', '1.1-1'] }, false, 'upgrade libfoo1 to 1.0-2'],
    ['nothing but words', { fixedVersions: [] }, false, 'no fixed version is known: remove the package'],
  ])('is %s', (_, over, planned, expected) => {
    const upgrades = planned ? sampleResult().upgrades : []
    const [violation] = violations('high', { findings: [sampleFinding(over)], upgrades })
    expect(violation?.remedy.startsWith(expected)).toBe(true)
    expect(violation?.upgrade !== undefined).toBe(planned)
  })
})

describe('conditions', () => {
  const words = ['any', 'kev', 'fixable', 'urgent', 'high', 'low', 'unknown', 'epss>0.3', 'score>=7'] as const
  const findings = fc.record({
    severity: fc.constantFrom(...severities),
    score: fc.double({ min: 0, max: 10, noNaN: true }),
    fixedVersions: fc.constantFrom<string[][]>([], ['2']),
    priority: fc.constantFrom(
      { level: 'urgent', value: 100, why: 'it is used' } as const,
      { level: 'low', value: 1, why: 'it is not' } as const,
    ),
    prediction: fc.record({
      score: fc.double({ min: 0, max: 1, noNaN: true }),
      percentile: fc.constant(0.5),
    }),
    published: fc.integer({ min: 0, max: 1000 }).map((days) => ago(days * 86_400)),
  })

  it('together refuse what each of them refuses, whatever their order', () => {
    fc.assert(
      fc.property(fc.subarray([...words], { minLength: 1 }), findings, (chosen, over) => {
        const each = chosen.every((word) => refuses(word, over))
        expect(refuses(chosen.join('+'), over)).toBe(each)
        expect(refuses(chosen.toReversed().join('+'), over)).toBe(each)
      }),
    )
  })

  it('refuse less the older they ask for', () => {
    fc.assert(
      fc.property(findings, fc.nat(900), fc.nat(900), (over, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)]
        if (refuses(`any>${more}d`, over)) expect(refuses(`any>${less}d`, over)).toBe(true)
      }),
    )
  })
})
