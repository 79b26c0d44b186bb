import { expect, it } from 'vitest'
import { predicateTypes } from '../../../model/attestation.ts'
import { knownOfPlain, signedEvidence } from '../fixtures/plain-image.ts'
import type { ImageSubject } from '../subject.ts'
import { unsigned } from './unsigned.ts'

const told = (...types: readonly string[]) => {
  const attached = types.map((type) => signedEvidence(type))
  const subject = { evidence: { ...knownOfPlain.evidence, attached } } as unknown as ImageSubject
  return [...unsigned.check(subject)].map(({ found }) => found)
}

it('takes a signature or provenance for a word for the image', () => {
  expect(told(predicateTypes.signature)).toEqual([])
  expect(told(predicateTypes.slsaprovenance)).toEqual([])
})

it('takes nothing else for one, however well it is signed: anybody may list or scan an image', () => {
  const others = [predicateTypes.spdxjson, predicateTypes.vulns, predicateTypes.openvex, predicateTypes.vsa]
  expect(told(...others)).toEqual(['nobody signed it'])
})
