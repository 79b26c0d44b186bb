import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { glob } from '../../base/glob.ts'
import { tiers } from '../../model/assess/assessment.ts'
import { type Level, levels, placePath, type Violation } from '../../model/rule.ts'
import type { ImageFacts } from '../facts/facts.ts'
import { type Policy, type PolicyException, type PolicyLevel, policyLevels } from '../file/policy.ts'
import { sampleFacts, samplePolicy } from '../fixtures/sample.ts'
import { now, sampleFinding, sampleResult } from '../gate/fixtures/sample.ts'
import { parseGate } from '../gate/parse.ts'
import { decide } from './decide.ts'
import type { Reason } from './decision.ts'
import { applyExceptions } from './exceptions.ts'

const ids = ['a', 'b', 'ab']
const id = fc.constantFrom(...ids)
const level = fc.constantFrom(...levels)
const policyLevel = fc.constantFrom(...policyLevels)
const severity = fc.constantFrom('critical', 'high', 'low')

const violation: fc.Arbitrary<Violation> = fc
  .tuple(id, level, fc.constantFrom('usr/bin/a', 'opt/b', 'etc/c'))
  .map(([rule, own, path]) => ({
    rule,
    level: own,
    subject: `/${path}`,
    place: { kind: 'path', path },
    found: 'found',
    remedy: 'mend it',
  }))

const exception: fc.Arbitrary<PolicyException> = fc
  .record(
    {
      rule: fc.constantFrom('*', 'a', 'b', 'a*', 'vulnerabilities', '?'),
      expires: fc.constantFrom('2020-01-01', '2026-02-28', '2026-03-01', '2099-01-01'),
      finding: fc.constantFrom('CVE-1', 'cve-2', 'GHSA-3'),
      path: fc.constantFrom('usr/**', 'usr/*', 'opt/?', '**'),
      package: fc.constantFrom('libfoo*', 'foo', 'bar'),
      images: fc.constantFrom([], ['registry.example/**'], ['elsewhere.example/**']),
    },
    { requiredKeys: ['rule', 'expires'] },
  )
  .map((stated) => ({ images: [], owner: 'o@example.org', reason: 'why', origin: 'p.yaml:1', ...stated }))

const policy: fc.Arbitrary<Policy> = fc
  .record({
    otherRules: fc.oneof(fc.constant('own' as const), policyLevel),
    rules: fc.array(fc.tuple(id, policyLevel), { maxLength: 3 }),
    error: fc.subarray(['critical', 'high', 'fixable']),
    warning: fc.subarray(['any']),
    tier: fc.constantFrom(...tiers),
    evidence: fc.array(fc.tuple(fc.constantFrom('signature', 'sbom'), policyLevel), { maxLength: 2 }),
    exceptions: fc.array(exception, { maxLength: 3 }),
  })
  .map(({ rules, error, warning, evidence, ...rest }) =>
    samplePolicy({
      ...rest,
      rules: new Map(rules.map(([rule, own]) => [rule, { level: own, parameters: {} }])),
      evidence: new Map(evidence),
      vulnerabilities: {
        ...(error.length === 0 ? {} : { error: parseGate(error.join(',')) }),
        ...(warning.length === 0 ? {} : { warning: parseGate(warning.join(',')) }),
      },
    }),
  )

const facts: fc.Arbitrary<ImageFacts> = fc
  .record({
    violations: fc.array(violation, { maxLength: 3 }),
    unjudgedRules: fc.subarray([...ids]),
    findings: fc.array(fc.tuple(fc.constantFrom('CVE-1', 'CVE-2'), severity), { maxLength: 2 }),
    tier: fc.constantFrom(...tiers),
    evidence: fc.array(
      fc.record({
        type: fc.constantFrom('https://spdx.dev/Document', 'https://cyclonedx.org/bom'),
        verified: fc.boolean(),
        reason: fc.constant('why'),
        signers: fc.constant([]),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ findings, unjudgedRules, ...rest }) =>
    sampleFacts({
      ...rest,
      judged: new Set(ids.filter((each) => !unjudgedRules.includes(each))),
      unjudgedRules: unjudgedRules.map((rule) => ({ rule, level: 'error', why: 'w', remedy: 'r' })),
      scan: sampleResult({
        findings: [...new Map(findings)].map(([each, bad]) => sampleFinding({ id: each, severity: bad })),
      }),
    }),
  )

const judge = (wanted: Policy, known: ImageFacts) => decide(wanted, known, { now })

/** Holds for whatever policy and image there are. */
function always(check: (wanted: Policy, known: ImageFacts) => Promise<void>): Promise<void> {
  return fc.assert(fc.asyncProperty(policy, facts, check), { numRuns: 120, seed: 31 })
}

describe('a decision, whatever the policy and whatever is known', () => {
  it('refuses by errors, and only by those; the rest is told, the worse first', async () => {
    await always(async (wanted, known) => {
      const { allowed, reasons, remarks, waived } = await judge(wanted, known)
      expect(allowed).toBe(reasons.length === 0)
      expect(reasons.every((each) => each.level === 'error')).toBe(true)
      const order = remarks.map((each) => levels.indexOf(each.level))
      expect(order).toEqual(order.toSorted((x, y) => x - y))
      expect(remarks.some((each) => each.level === 'error')).toBe(false)
      for (const { exception: each } of waived) expect(each.expires >= '2026-03-01').toBe(true)
    })
  })

  it('is no better for what is broken besides', async () => {
    await fc.assert(
      fc.asyncProperty(policy, facts, violation, async (wanted, known, more) => {
        const before = await judge(wanted, known)
        const after = await judge(wanted, { ...known, violations: [...known.violations, more] })
        expect(after.allowed && !before.allowed).toBe(false)
        expect(after.reasons.length).toBeGreaterThanOrEqual(before.reasons.length)
      }),
      { numRuns: 120, seed: 32 },
    )
  })

  it('is no better for a policy that minds more', async () => {
    const stricter = (each: PolicyLevel | undefined): PolicyLevel =>
      policyLevels[policyLevels.indexOf(each ?? 'off') + 1] ?? 'error'
    await always(async (wanted, known) => {
      const { allowed } = await judge(wanted, known)
      const rules = new Map(
        [...wanted.rules].map(([rule, { level: own, parameters }]) => [
          rule,
          { level: stricter(own), parameters },
        ]),
      )
      const evidence = new Map([...wanted.evidence].map(([kind, own]) => [kind, stricter(own)]))
      for (const more of [{ rules }, { evidence }, { tier: 'secure' as const }, { exceptions: [] }]) {
        const after = await judge({ ...wanted, ...more }, known)
        expect({ more, better: after.allowed && !allowed }).toEqual({ more, better: false })
      }
    })
  })

  it('is no better for not having looked', async () => {
    const nobody = { why: 'nobody looked', remedy: 'look' }
    await always(async (wanted, known) => {
      const { allowed } = await judge(wanted, known)
      const { scan: _s, tier: _t, evidence: _e, ...blind } = known
      const unseen = { scan: nobody, tier: nobody, evidence: nobody }
      for (const after of [
        await judge(wanted, { ...blind, unjudged: unseen }),
        await judge(wanted, {
          ...known,
          violations: [],
          judged: new Set<string>(),
          unjudgedRules: [],
          unjudged: { rules: nobody },
        }),
      ])
        expect(after.allowed && !allowed).toBe(false)
    })
  })

  it('is no worse for evidence that somebody trusted signed', async () => {
    await always(async (wanted, known) => {
      const before = await judge(wanted, known)
      const evidence = (known.evidence ?? []).map((each) => ({ ...each, verified: true }))
      const after = await judge(wanted, { ...known, evidence })
      expect(before.allowed && !after.allowed).toBe(false)
    })
  })

  it('is the same for the same, in whatever order violations are found', async () => {
    await always(async (wanted, known) => {
      const told = async (given: ImageFacts) => {
        const { reasons, remarks } = await judge(wanted, given)
        return [...reasons, ...remarks].map((each) => JSON.stringify(each)).sort()
      }
      expect(await told({ ...known, violations: known.violations.toReversed() })).toEqual(await told(known))
    })
  })
})

const reason: fc.Arbitrary<Reason> = fc.oneof(
  violation,
  fc
    .tuple(
      fc.subarray(['CVE-1', 'CVE-2', 'ghsa-3'], { minLength: 1 }),
      fc.subarray(['libfoo1', 'foo', 'bar'], { minLength: 1 }),
    )
    .map(([names, packages]) => ({
      rule: 'vulnerabilities',
      level: 'error' as Level,
      subject: 's',
      found: 'f',
      remedy: 'r',
      place: { kind: 'package', name: packages[0] ?? '', version: '1', purl: 'pkg:deb/x@1' } as const,
      finding: { ids: names, packages },
    })),
  id.map((rule) => ({
    rule,
    level: 'error' as Level,
    subject: 's',
    place: { kind: 'whole' } as const,
    found: 'not judged',
    remedy: 'r',
    unjudged: true as const,
  })),
)

describe('exceptions', () => {
  /** What each says, one question after the other. */
  function says(each: PolicyException, about: Reason): boolean {
    const path = placePath(about.place)
    const packages = about.finding?.packages ?? []
    return (
      glob(each.rule)(about.rule) &&
      (each.finding === undefined ||
        (about.finding?.ids ?? []).some((name) => name.toLowerCase() === each.finding?.toLowerCase())) &&
      (each.package === undefined || packages.some((name) => glob(each.package ?? '')(name))) &&
      (each.path === undefined || (path !== undefined && glob(each.path)(path)))
    )
  }

  it('let pass what they say, for as long as they say, however many there are', () => {
    const fits = (pattern: string) => glob(pattern)('registry.example/team/web')
    fc.assert(
      fc.property(
        fc.array(reason, { maxLength: 6 }),
        fc.array(exception, { maxLength: 6 }),
        (reasons, all) => {
          const { remaining, waived, expired, unused } = applyExceptions(reasons, all, { now, fits })
          const here = all.filter(({ images }) => images.length === 0 || images.some(fits))
          const open = reasons.filter(
            (each) => !here.some((one) => one.expires >= '2026-03-01' && says(one, each)),
          )
          expect(remaining).toEqual(open)
          expect(waived.map((each) => each.reason)).toEqual(reasons.filter((each) => !open.includes(each)))
          for (const { reason: about, exception: one } of waived) expect(says(one, about)).toBe(true)
          const used = (one: PolicyException) => reasons.some((each) => says(one, each))
          expect(unused).toEqual(here.filter((one) => !used(one)))
          expect(expired).toEqual(here.filter((one) => used(one) && one.expires < '2026-03-01'))
        },
      ),
      { numRuns: 400, seed: 33 },
    )
  })
})
