import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseOpensslConfig } from './openssl-config.ts'

const none = () => []

it('reads sections, comments, quotes, continued lines and variables', () => {
  const config = parseOpensslConfig(
    'a = 1 # one\n[ s ]\nb = "x # y"\nc = one \\\ntwo\nd = $b/$(default::a)/$a/$ENV::HOME\nt::e = f\n',
    none,
  )
  expect(config.get('default')).toEqual(new Map([['a', '1']]))
  expect(config.get('s')).toEqual(
    new Map([
      ['b', 'x # y'],
      ['c', 'one two'],
      ['d', 'x # y/1/1/$ENV::HOME'],
    ]),
  )
  expect(config.get('t')?.get('e')).toBe('f')
})

it('reads included texts in place, and ends when they include themselves', () => {
  const config = parseOpensslConfig('[a]\n.include = /x\nc = 3\n', (path) => [`b = ${path}\n.include /x\n`])
  expect(config.get('a')).toEqual(
    new Map([
      ['b', '/x'],
      ['c', '3'],
    ]),
  )
})

it('reads long lines in linear time', () => {
  const blanks = ' '.repeat(500_000)
  for (const line of [`[${blanks}x`, `a${blanks}b`, `.include${blanks}`, `${blanks}=`, `a${blanks}= b`])
    parseOpensslConfig(line, none)
  expect(parseOpensslConfig(`[ s ]\na${blanks}=${blanks}b`, none).get('s')?.get('a')).toBe('b')
})

it('takes any text', () => {
  const text = fc.string({
    unit: fc.constantFrom('[', ']', '=', '\n', '\\', '"', '#', '$', '{', '}', ':', 'a', ' '),
  })
  fc.assert(fc.property(text, (source) => parseOpensslConfig(source, none).has('default')))
})
