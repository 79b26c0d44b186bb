import { describe, expect, it } from 'vitest'
import { sha256 } from '../base/digest.ts'
import { TemperError } from '../base/error.ts'
import { isRefusal, noSuchBlob, noSuchName } from './store-error.ts'

describe('a name that is not there', () => {
  const names = (amount: number) => Array.from({ length: amount }, (_, index) => `v${index}`)

  it.each([
    [0, 'Nothing has a name there yet. Check the reference, or build or push the image first.'],
    [1, 'It has: v0.'],
    [10, 'It has: v0, v1, v2, v3, v4, v5, v6, v7, v8, v9.'],
    [12, 'It has: v0, v1, v2, v3, v4, v5, v6, v7, v8, v9 and 2 more.'],
  ])('where there are %i is told with what there is', (amount, hint) => {
    expect(noSuchName('v99', 'oci:out', names(amount))).toMatchObject({
      code: 'not-found',
      message: 'No image "v99" in oci:out',
      hint,
      details: { name: 'v99', place: 'oci:out' },
    })
  })
})

it('a blob that is not there makes the image incomplete', () => {
  const digest = sha256('x')
  expect(noSuchBlob(digest, 'oci:out')).toMatchObject({
    code: 'not-found',
    message: `No ${digest} in oci:out`,
    details: { digest, place: 'oci:out' },
    hint: 'The image is incomplete here. Copy or build it again.',
  })
})

it.each([
  [400, true],
  [401, false],
  [403, true],
  [404, true],
  [405, true],
  [408, false],
  [429, false],
  [499, true],
  [500, false],
  [501, true],
  [503, false],
  [399, false],
])('status %i is a refusal for good: %s', (status, refusal) => {
  expect(isRefusal(new TemperError('network', 'x', { details: { status } }))).toBe(refusal)
})

it('what has no status is no refusal', () => {
  for (const error of [
    new TemperError('network', 'x'),
    new TemperError('network', 'x', { details: { status: '404' } }),
    new Error('x'),
    7,
    undefined,
  ])
    expect(isRefusal(error)).toBe(false)
})
