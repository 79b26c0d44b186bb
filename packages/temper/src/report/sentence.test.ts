import { expect, it } from 'vitest'
import { sentence } from './sentence.ts'

it.each([
  ['', ''],
  ['  ', ''],
  ['a', 'a.'],
  [' a ', 'a.'],
  ['a.', 'a.'],
  ['a!', 'a!'],
  ['a?', 'a?'],
  ['a…', 'a…'],
  ['a:', 'a:'],
  ['a)', 'a).'],
])('%j is the sentence %j', (text, expected) => {
  expect(sentence(text)).toBe(expected)
})
