import { expect, it } from 'vitest'
import { predicateTypes } from '../../model/attestation.ts'
import { predicateType, wantedType } from './predicate-type.ts'

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
