import { expect, it } from 'vitest'
import { predicateTypes } from '../../model/attestation.ts'
import { isOfType, predicateType, wantedType } from './predicate-type.ts'

it.each([
  ['vex', predicateTypes.openvex],
  ['spdx', predicateTypes.spdxjson],
  ['spdx-json', predicateTypes.spdxjson],
  ['cyclonedx-json', predicateTypes.cyclonedx],
  ['provenance', 'https://slsa.dev/provenance'],
  ['https://example.com/type', 'https://example.com/type'],
])('looks for %s', (text, type) => {
  expect(wantedType(text)).toBe(type)
})

it.each(['sbom', 'toString', '', 'a b'])('knows no type "%s"', (text) => {
  expect(() => wantedType(text)).toThrow(expect.objectContaining({ code: 'bad-usage' }))
  expect(() => predicateType(text)).toThrow(expect.objectContaining({ code: 'bad-usage' }))
})

it('attests under one type, where it looks for several', () => {
  expect(predicateType('spdx')).toBe(predicateTypes.spdxjson)
  expect(predicateType('openvex')).toBe(predicateTypes.openvex)
  for (const family of ['provenance', 'vex', 'cyclonedx-json'])
    expect(() => predicateType(family)).toThrow(expect.objectContaining({ code: 'bad-usage' }))
})

it.each([
  ['a:b', true],
  ['urn:x', true],
  ['a+b.c-d1:x', true],
  ['A:b', false],
  ['1:b', false],
  [' a:b', false],
  ['x a:b', false],
  ['a:b c', false],
  ['a:b\n', false],
  ['a:', false],
  [`a:${'b'.repeat(998)}`, true],
  [`a:${'b'.repeat(999)}`, false],
])('takes %j for the address of a type: %s', (text, taken) => {
  if (taken) expect(predicateType(text)).toBe(text)
  else expect(() => predicateType(text)).toThrow(/^".{0,100}" is not a type of attestation$/s)
})

it('says what types there are', () => {
  expect(() => wantedType('x')).toThrow(
    expect.objectContaining({
      hint: expect.stringMatching(/^Use signature, slsaprovenance1.* provenance.*predicate type\.$/),
    }),
  )
})

it.each([
  ['https://cyclonedx.org/bom', true],
  ['https://cyclonedx.org/bom/v1.6', true],
  ['https://cyclonedx.org/bomx', false],
  ['https://cyclonedx.org', false],
  ['x/https://cyclonedx.org/bom/', false],
])('%s is a CycloneDX document: %s', (type, expected) => {
  expect(isOfType(type, predicateTypes.cyclonedx)).toBe(expected)
})
