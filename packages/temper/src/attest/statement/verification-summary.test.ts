import { expect, it } from 'vitest'
import { sampleSubject } from '../fixtures/sample.ts'
import { digestSet } from './in-toto.ts'
import { policySummary, rebuildSummary } from './verification-summary.ts'

const facts = {
  subjects: [{ name: 'registry.example/web:1', digest: digestSet(sampleSubject('web')) }],
  verifier: 'https://ci.example/verifier',
  version: '1.2.3',
  time: '2026-01-02T03:04:05Z',
  resource: 'oci://registry.example/web:1',
  provenance: sampleSubject('provenance'),
}

it('says that a rebuild gave the same image, as SLSA writes it', () => {
  expect(rebuildSummary({ ...facts, equal: true })).toEqual({
    _type: 'https://in-toto.io/Statement/v1',
    subject: facts.subjects,
    predicateType: 'https://slsa.dev/verification_summary/v1',
    predicate: {
      verifier: { id: 'https://ci.example/verifier', version: { temper: '1.2.3' } },
      timeVerified: '2026-01-02T03:04:05Z',
      resourceUri: 'oci://registry.example/web:1',
      policy: { uri: 'urn:temper:policy:rebuild:v1' },
      inputAttestations: [{ digest: digestSet(facts.provenance) }],
      verificationResult: 'PASSED',
      verifiedLevels: ['SLSA_BUILD_LEVEL_1', 'TEMPER_REBUILT_IDENTICAL'],
      slsaVersion: '1.0',
    },
  })
})

it('says that it gave another', () => {
  expect(rebuildSummary({ ...facts, equal: false }).predicate).toMatchObject({
    verificationResult: 'FAILED',
    verifiedLevels: ['FAILED'],
  })
})

it('names a policy in one word of capitals, and no tier where none is known', () => {
  const { provenance: _, ...common } = facts
  const policyDigest = sampleSubject('policy')
  const summary = policySummary({ ...common, policy: 'our -- own rules', policyDigest, passed: true })
  expect(summary.predicate).toMatchObject({ verifiedLevels: ['TEMPER_POLICY_OUR_OWN_RULES'] })
})

it.each([
  [true, { verificationResult: 'PASSED', verifiedLevels: ['TEMPER_POLICY_OUR_RULES', 'TEMPER_TIER_SECURE'] }],
  [false, { verificationResult: 'FAILED', verifiedLevels: ['FAILED'] }],
])('says what a policy said: %s', (passed, expected) => {
  const { provenance: _, ...common } = facts
  const policyDigest = sampleSubject('policy')
  const summary = policySummary({ ...common, policy: 'our-rules', policyDigest, passed, tier: 'secure' })
  expect(summary.predicate).toEqual({
    verifier: { id: 'https://ci.example/verifier', version: { temper: '1.2.3' } },
    timeVerified: '2026-01-02T03:04:05Z',
    resourceUri: 'oci://registry.example/web:1',
    policy: { uri: 'urn:temper:policy:our-rules', digest: digestSet(policyDigest) },
    slsaVersion: '1.0',
    ...expected,
  })
})
