import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseRelation, parseRelations } from './relation.ts'

const read = (text: string) => parseRelation(text, 'here')
const code = (work: () => unknown): unknown => {
  try {
    work()
  } catch (error) {
    return (error as { readonly code?: unknown }).code
  }
  return undefined
}

describe('a word of a list of apk', () => {
  it.each([
    ['curl', { name: 'curl' }],
    ['so:libz.so.1', { name: 'so:libz.so.1' }],
    ['/bin/sh', { name: '/bin/sh' }],
    ['!sudo', { name: 'sudo', conflict: true }],
    ['curl@edge', { name: 'curl', tag: 'edge' }],
    ['!a<2@edge', { name: 'a', relation: '<', version: '2', conflict: true, tag: 'edge' }],
    ['pc:zlib>=1.3', { name: 'pc:zlib', relation: '>=', version: '1.3' }],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  it.each([
    ['<', '<'],
    ['<=', '<='],
    ['=<', '<='],
    ['=', '='],
    ['==', '='],
    ['>=', '>='],
    ['=>', '>='],
    ['>', '>'],
    ['~', '~'],
    ['~=', '~'],
    ['=~', '~'],
  ])('has the operator %s', (operator, relation) => {
    expect(read(`musl${operator}1.2.5-r10`)).toEqual({ name: 'musl', relation, version: '1.2.5-r10' })
  })

  it.each([
    '',
    '!',
    'a=',
    '=1',
    'a<>1',
    'a><1',
    'a===1',
    'a=1=2',
    'a b',
    'a@',
    'a@b@c',
    '!!a',
    `${'a'.repeat(257)}`,
  ])('is refused in words of ours: %j', (text) => {
    expect(code(() => read(text))).toBe('bad-index')
  })

  it('is never taken for something else, whatever it is made of', () => {
    const part = fc.constantFrom('!', '<', '=', '>', '~', '@', 'a', '1', '.', ':', '/', '-')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        const fault = code(() => read(text))
        if (fault !== undefined) {
          expect(fault).toBe('bad-index')
          return
        }
        const { name, relation, version, conflict, tag } = read(text)
        const operator = text
          .replace(/^!/, '')
          .slice(name.length)
          .replace(/[^<>=~].*$/s, '')
        expect(
          `${conflict ? '!' : ''}${name}${operator}${version ?? ''}${tag === undefined ? '' : `@${tag}`}`,
        ).toBe(text)
        expect(operator === '').toBe(relation === undefined)
      }),
      { numRuns: 2000 },
    )
  })
})

it('a list has blanks between its words, and an end', () => {
  expect(parseRelations('  a   b>1 ', 'here')).toEqual([
    { name: 'a' },
    { name: 'b', relation: '>', version: '1' },
  ])
  expect(code(() => parseRelations('a '.repeat(20_001), 'here'))).toBe('limit-exceeded')
})
