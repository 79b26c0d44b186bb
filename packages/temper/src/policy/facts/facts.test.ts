import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { severities } from '../../model/advisory/advisory.ts'
import { tiers } from '../../model/assess/assessment.ts'
import { levels } from '../../model/rule.ts'
import { sampleFacts } from '../fixtures/sample.ts'
import { now, sampleFinding, sampleResult } from '../gate/fixtures/sample.ts'
import { factsOf } from './from-input.ts'
import { inputOf } from './input.ts'
import { inputSchema, policyInputJsonSchema } from './schema.ts'

const validate = new Ajv2020({ strict: false }).compile(policyInputJsonSchema())
const text = fc.string({ maxLength: 8 })
const path = fc.constantFrom('', '/etc/a', '/usr/bin/b')
const days = fc.integer({ min: 0, max: 2000 })

/** Inputs as examples of policies write them: anything may be left out. */
const partial = fc.record(
  {
    image: fc.record(
      {
        reference: text,
        repository: text,
        created: fc.constantFrom('', '2026-02-01T00:00:00.000Z'),
        age: days,
        user: text,
        size: fc.nat(),
        layers: fc.nat(5),
        env: fc.dictionary(text, text, { maxKeys: 2 }),
        ports: fc.array(text, { maxLength: 2 }),
        labels: fc.dictionary(text, text, { maxKeys: 2 }),
      },
      { requiredKeys: [] },
    ),
    tier: fc.constantFrom('' as const, ...tiers),
    scan: fc.record(
      {
        judged: fc.boolean(),
        complete: fc.boolean(),
        packages: fc.nat(9),
        day: fc.constantFrom('', '2026-02-28'),
        gaps: fc.array(text, { maxLength: 2 }),
        stale: fc.array(fc.constantFrom('osv', 'kev'), { maxLength: 2 }),
        ended: fc.boolean(),
        endOfLife: fc.constant('2026-01-01'),
      },
      { requiredKeys: [] },
    ),
    findings: fc.array(
      fc.record(
        {
          id: text,
          aliases: fc.array(text, { maxLength: 2 }),
          title: text,
          package: text,
          version: text,
          paths: fc.array(fc.constantFrom('/a', '/b/c'), { maxLength: 2 }),
          severity: fc.constantFrom(...severities),
          score: fc.integer({ min: 0, max: 10 }),
          kev: fc.boolean(),
          epss: fc.double({ min: 0, max: 1, noNaN: true }),
          exposed: fc.boolean(),
          fixable: fc.boolean(),
          fixed: fc.array(fc.constantFrom('1', '2'), { maxLength: 2 }),
          malicious: fc.boolean(),
          age: days,
          fixAge: days,
        },
        { requiredKeys: ['id'] },
      ),
      { maxLength: 3 },
    ),
    secrets: fc.array(
      fc.record(
        { rule: text, severity: fc.constantFrom(...severities), path, deleted: fc.boolean() },
        { requiredKeys: ['rule'] },
      ),
      { maxLength: 2 },
    ),
    violations: fc.array(
      fc.record(
        { rule: text, level: fc.constantFrom(...levels), subject: text, path },
        { requiredKeys: ['rule'] },
      ),
      { maxLength: 2 },
    ),
    judged: fc.uniqueArray(text, { maxLength: 3 }),
    evidence: fc.array(fc.record({ type: text, verified: fc.boolean() }, { requiredKeys: ['type'] }), {
      maxLength: 2,
    }),
    unjudged: fc.dictionary(fc.constantFrom('rules', 'tier', 'scan', 'evidence'), text),
  },
  { requiredKeys: [] },
)
const turned = (input: ReturnType<typeof inputSchema.parse>) => inputOf(factsOf(input, { now }), { now })

describe('the input of a policy', () => {
  it('that leaves everything out is whole, and fits its published schema', () => {
    const input = inputSchema.parse({})
    validate(input)
    expect(validate.errors).toBeNull()
    expect(input).toMatchObject({ tier: '', findings: [], scan: { judged: true, complete: true } })
  })

  it('turned into facts and back says the same, again and again', () => {
    fc.assert(
      fc.property(partial, (given) => {
        const input = inputSchema.parse(given)
        const once = turned(input)
        validate(once)
        expect(validate.errors).toBeNull()
        expect(turned(inputSchema.parse(once))).toEqual(once)
        const { image, tier, aspects } = once
        expect([tier, aspects, image.user, image.env]).toEqual([
          input.tier,
          input.aspects,
          input.image.user,
          input.image.env,
        ])
        expect(once.violations.map(({ rule, level, path: where }) => [rule, level, where])).toEqual(
          input.violations.map(({ rule, level, path: where }) => [rule, level, where]),
        )
        if (input.scan.judged)
          expect(once.findings.map(({ fixed: _, fixable, ...rest }) => ({ ...rest, fixable }))).toEqual(
            input.findings.map(({ fixed, type, purl, priority, ...rest }) => ({
              ...rest,
              type,
              purl,
              priority,
              fixable: rest.fixable || fixed.length > 0,
            })),
          )
        else expect(once.findings).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  it('is incomplete when it says so, and has a gap then', () => {
    const of = (scan: object) => turned(inputSchema.parse({ scan })).scan
    expect(of({ complete: false })).toMatchObject({ complete: false, gaps: ['not everything was compared'] })
    expect(of({ complete: false, gaps: ['x'] })).toMatchObject({ complete: false, gaps: ['x'] })
    expect(of({ complete: true })).toMatchObject({ complete: true, gaps: [] })
    expect(of({ stale: ['osv'] }).stale).toEqual(['osv'])
  })

  it.each([
    { image: { usr: 'x' } },
    { findings: [{}] },
    { findings: [{ id: 'x', score: 11 }] },
    { findings: [{ id: 'x', severity: 'HIGH' }] },
    { tier: 'best' },
    { violations: [{ rule: 'x', level: 'fatal' }] },
    { image: { size: -1 } },
    { image: { age: 1.5 } },
    { unknown: true },
  ])('is not %j', (input) => {
    expect(inputSchema.safeParse(input).success).toBe(false)
    expect(validate({ ...inputSchema.parse({}), ...input })).toBe(false)
  })
})

describe('what is counted and told of a finding', () => {
  const told = (over: Parameters<typeof sampleFinding>[0]) =>
    inputOf(sampleFacts({ scan: sampleResult({ findings: [sampleFinding(over)] }) }), { now }).findings[0]

  it.each([
    ['2026-02-28T00:00:00Z', 1],
    ['2026-02-28T00:00:01Z', 0],
    ['2026-03-01T00:00:00Z', 0],
    ['2026-03-02T00:00:00Z', -1],
    ['2025-03-01T00:00:00Z', 365],
    ['no date', undefined],
  ])('its age since %s: %s days', (published, age) => {
    expect(told({ published })?.age).toBe(age)
  })

  it.each([
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', true],
    ['CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', true],
    ['CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', false],
    ['CVSS:4.0/AV:P/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', false],
    ['(AV:L/AC:L/Au:N/C:P/I:P/A:P)', false],
    ['AV:L', false],
    ['CVSS:3.1/MAV:L/AC:L', true],
    ['', true],
  ])('by its vector %s it is exposed: %s', (vector, exposed) => {
    expect(told({ vector })?.exposed).toBe(exposed)
  })

  it('places are absolute, whichever way they were found', () => {
    const { component } = sampleFinding()
    const locations = [{ path: 'a/b' }, { path: '/c' }, { path: '//d' }]
    expect(told({ component: { ...component, locations } })?.paths).toEqual(['/a/b', '/c', '/d'])
  })

  it('numbers that nobody gives are absent, and words empty', () => {
    const { score: _, published: _p, fixPublished: _f, ...bare } = sampleFinding()
    const finding = inputOf(sampleFacts({ scan: sampleResult({ findings: [bare] }) }), { now }).findings[0]
    for (const name of ['score', 'epss', 'age', 'fixAge']) expect(finding).not.toHaveProperty(name)
    expect(finding).toMatchObject({
      title: '',
      kev: false,
      malicious: false,
      fixable: true,
      fixed: ['1.0-2'],
    })
  })
})

describe('what nobody looked at', () => {
  it('is said, with the reason, and an image without time has no age', () => {
    const { scan: _, tier: _t, evidence: _e, image, ...rest } = sampleFacts()
    const { created: _c, ...undated } = image
    const input = inputOf(
      { ...rest, image: undated, unjudged: { scan: { why: 'no feeds', remedy: 'fetch' } } },
      { now },
    )
    expect(input).toMatchObject({
      tier: '',
      findings: [],
      evidence: [],
      unjudged: { scan: 'no feeds' },
      scan: { judged: false, complete: false, packages: 0 },
      image: { created: '' },
    })
    expect(input.image).not.toHaveProperty('age')
  })
})
