import { expect, test } from 'vitest'
import { ageText } from './ls.ts'

const minute = 60_000
test.each([
  [0, '0 minutes'],
  [minute, '1 minute'],
  [59.9 * minute, '59 minutes'],
  [60 * minute, '1 hour'],
  [47.9 * 60 * minute, '47 hours'],
  [48 * 60 * minute, '2 days'],
  [729 * 1440 * minute, '729 days'],
  [730 * 1440 * minute, '2 years'],
  [-1, '-'],
  [Number.NaN, '-'],
])('an age of %d ms is %s', (milliseconds, expected) => {
  expect(ageText(milliseconds)).toBe(expected)
})
