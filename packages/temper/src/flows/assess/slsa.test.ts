import { expect, it } from 'vitest'
import { knownOfPlain } from '../../rules/image/fixtures/plain-image.ts'
import type { SubjectEvidence } from '../../rules/image/subject.ts'
import { slsaReport } from './slsa.ts'

const [provenance] = knownOfPlain.evidence.provenance
const level = (more: readonly object[]) => {
  const made = more.map((each) => ({ ...provenance, ...each })) as SubjectEvidence['provenance']
  return slsaReport({ evidence: { ...knownOfPlain.evidence, provenance: made } })?.build
}
const unverified = { evidence: { ...provenance?.evidence, verified: false } }

it.each([
  ['none', [], 0],
  ['some that names nobody', [{ builder: undefined }], 0],
  ['some that nobody who is trusted signed', [unverified], 1],
  ['some that somebody who is trusted signed', [unverified, {}], 2],
] as const)('with %s of provenance it has the level that this shows', (_, made, expected) => {
  expect(level(made)).toBe(expected)
})

it('is not known where nothing can be attached', () => {
  expect(slsaReport({})).toBeUndefined()
})
