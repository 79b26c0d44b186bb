import { describe, expect, it } from 'vitest'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { type Tier, tiers } from '../../model/assess/assessment.ts'
import { parseReference } from '../../oci/reference.ts'
import { decide } from '../../policy/decide/decide.ts'
import type { OwnRule, Policy, PolicyLevel } from '../../policy/file/policy.ts'
import { samplePolicy } from '../../policy/fixtures/sample.ts'
import { imageRules } from '../../rules/image/rules.ts'
import { assessSubject } from '../assess/assess.ts'
import { factsOf } from '../assess/facts.ts'
import { exampleSubject } from '../assess/fixtures/example-subject.ts'
import { beforeSigning, wantsEvidence } from './gate.ts'

/** A perfect image as it is just after it was built: somebody is trusted, and nobody has signed anything. */
const unsignedFacts = async () => {
  const subject = await exampleSubject({
    title: 'just built',
    known: ({ evidence }) => ({
      evidence: {
        ...evidence,
        attached: evidence.attached.map((each) => ({ ...each, verified: false, signers: [] })),
        sboms: [],
        provenance: [],
      },
    }),
  })
  const assessment = assessSubject(subject, '2026-06-01T00:00:00Z')
  return factsOf({ subject, assessment }, sampleImage([]), parseReference('oci:out'))
}
const said = async (policy: Policy) =>
  await decide(policy, await unsignedFacts(), { now: new Date('2026-06-01T00:00:00Z') })

const setting = (level: PolicyLevel) => ({ level, parameters: {} })
const own = (brokenWhen: string): OwnRule => ({
  id: 'own',
  level: 'error',
  title: 'so',
  each: 'image',
  fix: 'mend',
  origin: 'p:1',
  brokenWhen,
})

/** Policies that refuse an image for no other reason than that it is not signed yet. */
const wanting: readonly (readonly [string, Policy])[] = [
  ['the highest tier', samplePolicy({ tier: 'secure' })],
  ['a kind of evidence', samplePolicy({ evidence: new Map([['sbom', 'error']]) })],
  ['a rule', samplePolicy({ rules: new Map([['unsigned', setting('error')]]) })],
  ['all rules', samplePolicy({ otherRules: 'error' })],
]

/** Expressions, and whether signing may change their answer. */
const expressions: readonly (readonly [string, boolean])[] = [
  ['!evidence.exists(e, e.verified)', true],
  ['tier != "secure"', true],
  ['aspects["provenance"] != "secure"', true],
  ['image.user == "root"', false],
  ['image.labels.exists(l, l == "frontier")', false],
]

describe('a policy before anything is signed', () => {
  it.each(wanting)('asks not for what only signing gives: %s', async (_, policy) => {
    expect((await said(policy)).allowed).toBe(false)
    expect((await said(beforeSigning(policy))).reasons).toEqual([])
    expect(wantsEvidence(policy)).toBe(true)
    expect(wantsEvidence(beforeSigning(policy))).toBe(false)
  })

  it.each<readonly [string, Policy]>([
    ['nothing', samplePolicy()],
    ['a lower tier', samplePolicy({ tier: 'hardened' })],
    ['rules at their own levels', samplePolicy({ otherRules: 'own' })],
    ['a rule that is told', samplePolicy({ rules: new Map([['unsigned', setting('warning')]]) })],
    ['all rules but that', samplePolicy({ otherRules: 'warning' })],
  ])('is the same when it asks for %s, and is not asked again', async (_, policy) => {
    expect(wantsEvidence(policy)).toBe(false)
    expect(beforeSigning(policy)).toEqual(policy)
    expect((await said(policy)).allowed).toBe(true)
  })

  it.each(expressions)('is asked about %s only once that can be answered: %s', (text, later) => {
    const policy = samplePolicy({ ownRules: [own(text)] })
    expect(wantsEvidence(policy)).toBe(later)
    expect(beforeSigning(policy).ownRules).toEqual(later ? [] : policy.ownRules)
  })

  it('still refuses what is wrong with the image itself', async () => {
    const strict = samplePolicy({ tier: 'secure', otherRules: 'error', ownRules: [own('image.layers == 0')] })
    expect((await said(beforeSigning(strict))).reasons.map(({ rule }) => rule)).toEqual(['own'])
    expect(beforeSigning(strict).tier).toBe('hardened')
  })

  it('has of the rules over what is attached none that refuses, and of the others all', () => {
    const { rules } = beforeSigning(samplePolicy({ otherRules: 'error' }))
    const attached = imageRules.filter(({ needs }) => needs.includes('evidence')).map(({ id }) => id)
    expect([...rules.keys()].sort()).toEqual([...attached].sort())
  })

  it('keeps a tier that evidence has no part in', () => {
    const kept = tiers.map((tier): [Tier, Tier | undefined] => [
      tier,
      beforeSigning(samplePolicy({ tier })).tier,
    ])
    expect(kept).toEqual([
      ['regular', 'regular'],
      ['minimal', 'minimal'],
      ['hardened', 'hardened'],
      ['secure', 'hardened'],
    ])
  })
})
