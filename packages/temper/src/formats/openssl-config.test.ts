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

it.each<[string, string, Readonly<Record<string, string>>]>([
  ['keys without a value are left out', 'a\n= b\nc =', { c: '' }],
  ['no blanks at all', 'a=b', { a: 'b' }],
  ['a bracket at the end of a value', 'a = b]', { a: 'b]' }],
  ['a bracket that is not closed', '[ a = b', { '[ a': 'b' }],
  ['a comment behind quotes', 'a = "x y" # c\nb = \'x y\' # c', { a: 'x y', b: 'x y' }],
  ['a variable with a long name', 'long = 1\nb = $' + '{long}', { long: '1', b: '1' }],
  ['a later value counts', 'a = 1\na = 2', { a: '2' }],
  ['single quotes', "a = 'x # y'", { a: 'x # y' }],
  ['a quote that is not closed stays', 'a = "x', { a: '"x' }],
  ['only a quote', 'a = "', { a: '"' }],
  ['a sign of equality in a value', 'a = b = c', { a: 'b = c' }],
  ['an escaped comment sign', 'a = b\\# c # d', { a: 'b\\# c' }],
  ['blanks around', '\t a\t=  b \r', { a: 'b' }],
  ['a variable in braces', 'a = 1\nb = x$' + '{a}y', { a: '1', b: 'x1y' }],
  ['an unknown variable stays', 'b = $none', { b: '$none' }],
  ['a variable that is set later stays', 'b = $a\na = 1', { b: '$a', a: '1' }],
])('%s', (_, text, expected) => {
  expect(Object.fromEntries(parseOpensslConfig(text, none).get('default') ?? [])).toEqual(expected)
})

it('reads sections that are indented, end in a carriage return, or are empty', () => {
  const config = parseOpensslConfig('  [ s ]  \r\na = 1\r\n[empty]\n', none)
  expect(config.get('s')?.get('a')).toBe('1')
  expect(config.get('empty')?.size).toBe(0)
})

it.each([
  ['.include /x', ['/x']],
  ['.include = /x', ['/x']],
  ['.include=/x', ['/x']],
  ['.include "/a b"', ['/a b']],
  ['.include /etc/a=b', ['/etc/a=b']],
  ['.include', []],
  ['.include =', []],
])('%s includes %j', (text, expected) => {
  const asked: string[] = []
  parseOpensslConfig(text, (path) => {
    asked.push(path)
    return []
  })
  expect(asked).toEqual(expected)
})

it('finds variables of the own section first, then of the first one', () => {
  const config = parseOpensslConfig('a = 1\nb = 2\n[ s ]\na = 3\nc = $a $b $s::a $default::a', none)
  expect(config.get('s')?.get('c')).toBe('3 2 3 1')
})

it('goes on in the section that an included text ends in', () => {
  const config = parseOpensslConfig('[a]\n.include x\nafter = 1\n', () => ['inner = 2\n[b]\n'])
  expect(config.get('a')?.get('inner')).toBe('2')
  expect(config.get('b')?.get('after')).toBe('1')
})

it('includes 64 texts and no more', () => {
  let asked = 0
  const include = () => {
    asked++
    return ['x = 1']
  }
  parseOpensslConfig('.include y\n'.repeat(100), include)
  expect(asked).toBe(64)
  const config = parseOpensslConfig('.include y', () => Array.from({ length: 100 }, (_, at) => `k${at} = 1`))
  expect(config.get('default')?.size).toBe(64)
})
