import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Violation } from '../../model/rule.ts'
import type { ImageFacts } from '../facts/facts.ts'
import { factsOf } from '../facts/from-input.ts'
import { inputOf } from '../facts/input.ts'
import { inputSchema } from '../facts/schema.ts'
import type { OwnRule, Policy, PolicyException } from '../file/policy.ts'
import { sampleFacts, samplePolicy } from '../fixtures/sample.ts'
import { now, sampleFinding, sampleResult } from '../gate/fixtures/sample.ts'
import { parseGate } from '../gate/parse.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'

const judge = (policy: Partial<Policy>, facts: Partial<ImageFacts> = {}) =>
  decide(samplePolicy(policy), sampleFacts(facts), { now })
const rulesOf = ({ reasons }: Decision) => reasons.map(({ rule }) => rule)

function violation(rule: string, over: Partial<Violation> = {}): Violation {
  const place = { kind: 'path', path: '/usr/bin/su' } as const
  return { rule, level: 'error', subject: '/usr/bin/su', place, found: 'setuid', remedy: 'mend it', ...over }
}

function own(over: Partial<OwnRule> = {}): OwnRule {
  const title = 'it is small'
  const rule = {
    id: 'own',
    level: 'error',
    title,
    each: 'image',
    fix: 'mend it',
    origin: 'p.yaml:1',
  } as const
  return { ...rule, brokenWhen: 'true', ...over }
}

function exception(over: Partial<PolicyException> = {}): PolicyException {
  const who = { owner: 'o@example.org', reason: 'why not', expires: '2026-03-01', origin: 'p.yaml:9' }
  return { rule: 'setuid', images: [], ...who, ...over }
}

describe('what nobody asks for', () => {
  it('does not refuse', async () => {
    const decision = await judge({}, { tier: 'regular', violations: [violation('setuid')] })
    expect(decision).toEqual({
      allowed: true,
      policy: 'sample',
      reasons: [],
      remarks: [],
      waived: [],
      expired: [],
      unused: [],
    })
  })
})

describe('what nobody looked at', () => {
  const why = { why: 'nobody could', remedy: 'let somebody' }

  it.each<[string, Partial<Policy>, Partial<ImageFacts>]>([
    ['vulnerabilities', { vulnerabilities: { error: parseGate('critical') } }, { unjudged: { scan: why } }],
    ['tier', { tier: 'minimal' }, { unjudged: { tier: why } }],
    ['evidence-signature', { evidence: new Map([['signature', 'error']]) }, { unjudged: { evidence: why } }],
    ['rules', { otherRules: 'own' }, { judged: new Set<string>(), unjudged: { rules: why } }],
    [
      'setuid',
      { rules: new Map([['setuid', { level: 'error', parameters: {} }]]) },
      { judged: new Set(['shell']), unjudged: { rules: why } },
    ],
  ])('refuses: %s', async (rule, policy, facts) => {
    const { tier: _t, scan: _s, evidence: _e, ...bare } = sampleFacts()
    const decision = await decide(samplePolicy(policy), { ...bare, ...facts }, { now })
    expect(decision.allowed).toBe(false)
    expect(decision.reasons).toMatchObject([
      { rule, found: 'not judged: nobody could', remedy: 'let somebody', unjudged: true },
    ])
  })

  it('is told where the policy asks for it in a lower level only', async () => {
    const { scan: _, ...facts } = sampleFacts()
    const policy = samplePolicy({ vulnerabilities: { warning: parseGate('critical') } })
    const decision = await decide(policy, facts, { now })
    expect(decision).toMatchObject({ allowed: true, remarks: [{ level: 'warning', unjudged: true }] })
  })
})

describe('vulnerabilities', () => {
  it('are told once, by the worst level, with all that is true of them', async () => {
    const exploited = sampleFinding({ severity: 'critical', exploited: { added: '2026-01-01' } })
    const facts = { scan: sampleResult({ findings: [exploited, sampleFinding({ id: 'CVE-2026-2' })] }) }
    const error = parseGate('critical,kev')
    const decision = await judge({ vulnerabilities: { error, warning: parseGate('high') } }, facts)
    expect(decision.reasons).toMatchObject([
      {
        rule: 'vulnerabilities',
        found: 'CVE-2026-1 in libfoo1 1.0-1: severity critical, known to be exploited since 2026-01-01',
        remedy: 'upgrade foo from 1.0-1 to 1.0-2',
      },
    ])
    expect(decision.remarks).toMatchObject([{ level: 'warning', subject: 'libfoo1 1.0-1' }])
  })

  it('in their thousands are judged in no time that grows with their square', async () => {
    const findings = Array.from({ length: 20_000 }, (_, i) => sampleFinding({ id: `CVE-2026-${i}` }))
    const exceptions = Array.from({ length: 10_000 }, (_, i) =>
      exception({ rule: 'vulnerabilities', finding: `CVE-2026-${i}` }),
    )
    const decision = await judge(
      { vulnerabilities: { error: parseGate('high,any') }, exceptions },
      { scan: sampleResult({ findings }) },
    )
    expect([decision.reasons.length, decision.waived.length]).toEqual([10_000, 10_000])
  })
})

describe('rules', () => {
  it.each<[Policy['otherRules'], Policy['rules'], string[], string[]]>([
    ['own', new Map(), ['a'], ['b', 'c']],
    ['off', new Map(), [], []],
    ['warning', new Map(), [], ['a', 'b', 'c']],
    ['off', new Map([['b', { level: 'error', parameters: {} }]]), ['b'], []],
    ['own', new Map([['a', { level: 'off', parameters: {} }]]), [], ['b', 'c']],
    ['error', new Map([['a', { parameters: {} }]]), ['a', 'b', 'c'], []],
  ])('count as %s with %j', async (otherRules, rules, refusing, told) => {
    const violations = [
      violation('a'),
      violation('b', { level: 'warning' }),
      violation('c', { level: 'note' }),
    ]
    const decision = await judge({ otherRules, rules }, { violations, judged: new Set(['a', 'b', 'c']) })
    expect(rulesOf(decision)).toEqual(refusing)
    expect(decision.remarks.map(({ rule }) => rule)).toEqual(told)
  })
})

describe('a rule that could not be judged', () => {
  const unjudgedRules = [{ rule: 'a', level: 'error', why: 'nobody could', remedy: 'let somebody' }] as const

  it.each<[Policy['otherRules'], Policy['rules'], boolean, number]>([
    ['own', new Map(), false, 0],
    ['warning', new Map(), true, 1],
    ['off', new Map(), true, 0],
    ['off', new Map([['a', { level: 'error', parameters: {} }]]), false, 0],
    ['own', new Map([['a', { level: 'off', parameters: {} }]]), true, 0],
  ])('counts as it would if it were broken: %s, %j', async (otherRules, rules, allowed, told) => {
    const decision = await judge({ otherRules, rules }, { unjudgedRules })
    expect([decision.allowed, decision.remarks.length]).toEqual([allowed, told])
    for (const reason of [...decision.reasons, ...decision.remarks])
      expect(reason).toMatchObject({ rule: 'a', found: 'not judged: nobody could', remedy: 'let somebody' })
  })
})

describe('evidence', () => {
  const type = 'https://cyclonedx.org/bom'
  const evidence = (verified: boolean) => [
    { type, verified, reason: 'no trusted key signed it', signers: [] },
  ]

  it.each<[ImageFacts['evidence'] & object, string | undefined]>([
    [evidence(true), undefined],
    [[{ ...evidence(true)[0], type: `${type}/v1.6` } as never], undefined],
    [evidence(false), 'the sbom does not count: no trusted key signed it'],
    [[], 'no sbom is attached'],
    [[{ ...evidence(true)[0], type: `${type}s` } as never], 'no sbom is attached'],
  ])('of %j', async (attached, complaint) => {
    const decision = await judge({ evidence: new Map([['sbom', 'error']]) }, { evidence: attached })
    expect(decision.reasons.map((reason) => reason.found)).toEqual(complaint === undefined ? [] : [complaint])
  })
})

describe('exceptions', () => {
  const policy = { otherRules: 'own' } as const
  const facts = { violations: [violation('setuid')] }

  it.each<[string, Partial<PolicyException>, boolean]>([
    ['the rule', {}, true],
    ['a pattern of rules', { rule: 'set*' }, true],
    ['another rule', { rule: 'shell' }, false],
    ['the path', { path: '/usr/bin/*' }, true],
    ['another path', { path: '/opt/**' }, false],
    ['the repository', { images: ['registry.example/team/*'] }, true],
    ['another repository', { images: ['registry.example/other/*'] }, false],
    ['a package, which a path is not', { package: '*' }, false],
    ['the last day', { expires: '2026-03-01' }, true],
    ['a day before', { expires: '2026-02-28' }, false],
  ])('fit by %s', async (_, over, waives) => {
    const decision = await judge({ ...policy, exceptions: [exception(over)] }, facts)
    expect(decision.allowed).toBe(waives)
    expect(decision.waived.map(({ exception: by }) => by.owner)).toEqual(waives ? ['o@example.org'] : [])
  })

  it('that have ended and would have fit are told', async () => {
    const ended = exception({ expires: '2026-02-28' })
    const decision = await judge({ ...policy, exceptions: [ended] }, facts)
    expect([decision.expired, decision.unused]).toEqual([[ended], []])
  })

  it('that fit nothing are told too', async () => {
    const useless = exception({ rule: 'shell' })
    const decision = await judge({ ...policy, exceptions: [exception(), useless] }, facts)
    expect([decision.allowed, decision.unused]).toEqual([true, [useless]])
  })

  it('for a finding name it by any of its names, or by its package', async () => {
    const scan = sampleResult({ findings: [sampleFinding({ aliases: ['GHSA-x'] })] })
    for (const by of [{ finding: 'ghsa-X' }, { package: 'foo' }, { package: 'lib*' }]) {
      const exceptions = [exception({ rule: 'vulnerabilities', ...by })]
      const decision = await judge({ vulnerabilities: { error: parseGate('any') }, exceptions }, { scan })
      expect([by, decision.allowed]).toEqual([by, true])
    }
  })

  it('let nothing vanish: what refuses and what is waived is all there is', async () => {
    const some = fc.constantFrom('a', 'b', 'c', '*', 'd')
    const days = fc.constantFrom('2026-02-28', '2026-03-01', '2027-01-01')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(some, days), { maxLength: 4 }), async (pairs) => {
        const violations = ['a', 'b', 'c'].map((rule) => violation(rule))
        const exceptions = pairs.map(([rule, expires]) => exception({ rule, expires }))
        const { reasons, waived } = await judge({ ...policy, exceptions }, { violations })
        expect([...reasons, ...waived.map(({ reason }) => reason)].map(({ rule }) => rule).sort()).toEqual([
          ...['a', 'b', 'c'],
        ])
      }),
    )
  })
})

describe('rules of a policy itself', () => {
  it('are asked of the image, and of each finding, secret and violation', async () => {
    const findings = [sampleFinding(), sampleFinding({ id: 'CVE-2026-2', severity: 'low' })]
    const decision = await judge(
      {
        ownRules: [
          own({ id: 'size', brokenWhen: 'image.size > 999' }),
          own({ id: 'kind', each: 'findings', brokenWhen: 'finding.severity == "low" && !finding.kev' }),
          own({ id: 'path', each: 'violations', brokenWhen: 'violation.path.startsWith("/usr/")' }),
          own({ id: 'fine', brokenWhen: 'findings.exists(f, f.epss > 0.5)', level: 'off' }),
        ],
      },
      { scan: sampleResult({ findings }), violations: [violation('setuid')] },
    )
    expect(decision.reasons.map(({ rule, subject }) => [rule, subject])).toEqual([
      ['size', 'registry.example/team/web:1'],
      ['kind', 'CVE-2026-2 in libfoo1 1.0-1'],
      ['path', '/usr/bin/su'],
    ])
  })

  it('that have no answer refuse, and say of what', async () => {
    const asked = own({ each: 'findings', brokenWhen: 'finding.epss > 0.5' })
    expect((await judge({ ownRules: [asked] })).reasons).toMatchObject([
      {
        rule: 'own',
        found:
          'not judged: p.yaml:1: the expression gives no answer of CVE-2026-1 in libfoo1 1.0-1: field not found: epss',
        unjudged: true,
      },
    ])
    expect((await judge({ ownRules: [own({ brokenWhen: '1' })] })).reasons).toMatchObject([
      { found: expect.stringContaining('it is neither true nor false') },
    ])
  })

  it('that cannot be understood are a mistake of the policy', async () => {
    await expect(judge({ ownRules: [own({ brokenWhen: '1 +' })] })).rejects.toMatchObject({
      code: 'bad-policy',
      message: expect.stringContaining('p.yaml:1: the expression of "own" cannot be understood'),
    })
  })

  it('that would take for ever, or all memory, are stopped, and the others count', async () => {
    const findings = Array.from({ length: 3000 }, (_, i) => sampleFinding({ id: `CVE-2026-${i}` }))
    const forever = 'findings.all(a, findings.all(b, findings.all(c, a.id != b.id + c.id)))'
    const ownRules = [own({ id: 'quick' }), own({ id: 'slow', brokenWhen: forever })]
    const limits = { milliseconds: 4000, megabytes: 256 }
    const decision = await decide(
      samplePolicy({ ownRules }),
      sampleFacts({ scan: sampleResult({ findings }) }),
      { now, limits },
    )
    expect(decision.reasons.map(({ rule, found }) => [rule, found])).toEqual([
      ['quick', 'registry.example/team/web:1: not so: it is small'],
      ['slow', expect.stringContaining('it takes longer than 4 s')],
    ])
  })

  it('match patterns in linear time', async () => {
    const brokenWhen = `"${'a'.repeat(40)}!".matches("^(a+)+$")`
    expect((await judge({ ownRules: [own({ brokenWhen })] })).allowed).toBe(true)
  })
})

describe('the scope of a policy', () => {
  it.each([
    [['registry.example/team/*'], true],
    [['registry.example/other/*'], false],
    [['registry.example/other/*', '**/web'], true],
    [['REGISTRY.EXAMPLE/team/web'], true],
  ])('%j fits: %s', async (images, fits) => {
    expect((await judge({ images })).allowed).toBe(fits)
  })
})

describe('the input', () => {
  it('is judged as what it was made of', async () => {
    const finding = fc.record(
      {
        severity: fc.constantFrom('critical', 'high', 'low', 'unknown'),
        score: fc.double({ min: 0, max: 10, noNaN: true }),
        exploited: fc.constant({ added: '2026-01-01' }),
        prediction: fc.record({
          score: fc.double({ min: 0, max: 1, noNaN: true }),
          percentile: fc.constant(0.5),
        }),
        published: fc.constantFrom('2026-02-25T00:00:00Z', '2025-01-01T00:00:00Z'),
        fixedVersions: fc.constantFrom([], ['2']),
        malicious: fc.boolean(),
      },
      { requiredKeys: ['severity'] },
    )
    const conditions =
      'malicious,kev,critical,high+fixable>7d,epss>0.5,score>7,low>30d,incomplete,eol,stale-feeds'
    const policy = samplePolicy({
      vulnerabilities: { error: parseGate(conditions) },
      tier: 'hardened',
      otherRules: 'own',
      evidence: new Map([['sbom', 'error']]),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(finding, { maxLength: 5 }),
        fc.constantFrom('minimal' as const, 'secure' as const),
        async (findings, tier) => {
          const scan = sampleResult({ findings: findings.map((each) => sampleFinding(each as never)) })
          const facts = sampleFacts({ scan, tier, violations: [violation('setuid')] })
          const read = inputSchema.parse(JSON.parse(JSON.stringify(inputOf(facts, { now }))))
          const [before, after] = [
            await decide(policy, facts, { now }),
            await decide(policy, factsOf(read, { now }), { now }),
          ]
          const told = ({ reasons }: Decision) => reasons.map(({ rule, subject }) => [rule, subject])
          expect(told(after)).toEqual(told(before))
        },
      ),
      { numRuns: 60 },
    )
  })
})
