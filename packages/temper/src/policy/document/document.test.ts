import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { type DocumentKind, documentFault, type PeoplesDocument, pathText, readDocument } from './document.ts'

const kind: DocumentKind = {
  title: 'Notes',
  content: 'notes',
  code: 'bad-configuration',
  schema: 'core',
  bytes: 100_000,
  depth: 4,
  advice: { hint: 'Write better notes.' },
}
const read = (text: string | Uint8Array, more: Partial<DocumentKind> = {}): PeoplesDocument =>
  readDocument(Buffer.from(text), 'n.yaml', { ...kind, ...more })

function fault(text: string | Uint8Array, more: Partial<DocumentKind> = {}): TemperError {
  try {
    read(text, more)
  } catch (error) {
    if (error instanceof TemperError) return error
    throw error
  }
  throw new Error('accepted')
}

describe('a file that people wrote', () => {
  it.each<[string, unknown]>([
    ['', undefined],
    ['# only a comment\n', undefined],
    ['a: 1\nb: [x, true, null]\n', { a: 1, b: ['x', true, null] }],
    ['{"a": {"b": "c"}}', { a: { b: 'c' } }],
    ['a: >\n  two\n  lines\n', { a: 'two lines\n' }],
    ['a:\r\n  - b\r\n', { a: ['b'] }],
    ['\ufeffa: b', { a: 'b' }],
    // YAML 1.2 and no later words of 1.1, no merge keys.
    ['a: yes\nb: 010\n"<<": { c: d }\n', { a: 'yes', b: 10, '<<': { c: 'd' } }],
  ])('%j is read', (text, value) => {
    expect(read(text).value).toEqual(value)
  })

  it('has texts alone where days and versions are no numbers', () => {
    const value = { a: '2026-01-01', b: '1.10', c: 'true', d: '' }
    expect(read('a: 2026-01-01\nb: 1.10\nc: true\nd:\n', { schema: 'failsafe' }).value).toEqual(value)
  })

  it('that is JSON means what it means there', () => {
    const values = fc.jsonValue({ maxDepth: 3 }).filter((value) => value !== null)
    fc.assert(
      fc.property(values, (value) => {
        expect(read(JSON.stringify(value), { depth: 100 }).value).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('keeps members that are called as what every object has', () => {
    const { value } = read('__proto__: { a: b }\nconstructor: c\n')
    expect(Object.entries(value as object)).toEqual([
      ['__proto__', { a: 'b' }],
      ['constructor', 'c'],
    ])
  })
})

describe('what is wrong in it', () => {
  it.each<[string, RegExp]>([
    ['a: b: c\n', /n\.yaml:1:\d+: not valid YAML/],
    ['a: [b\n', /n\.yaml:\d+:\d+: not valid YAML/],
    ['x: &a 1\ny: *a\n', /n\.yaml:2:4: aliases are not supported/],
    ['a: 1\nb: 2\na: 3\n', /n\.yaml:3:1: the key "a" is there twice/],
    ['a: { b: 1, b: 2 }\n', /n\.yaml:1:12: the key "b" is there twice/],
    ['a: [[[[[[[[[1]]]]]]]]]\n', /nested deeper than 4 levels/],
    ['1: a\n"1": b\n', /the key "1" is there twice/],
  ])('%j is told with its place', (text, message) => {
    const error = fault(text)
    expect([error.code, error.message.split('\n')[0]]).toEqual(['bad-configuration', 'Notes cannot be read:'])
    expect(error.message).toMatch(message)
    expect(error.hint).toBe('Write better notes.')
  })

  it('is all told at once, up to twenty', () => {
    const twice = Array.from({ length: 25 }, (_, i) => `k${i}: 1\nk${i}: 2\n`).join('')
    const lines = fault(twice).message.split('\n')
    expect(lines).toHaveLength(22)
    expect(lines.at(-1)).toBe('and 5 more')
    expect(fault(twice).details['problems']).toHaveLength(20)
    expect(documentFault(kind, 'f', ['one']).message).toBe('Notes cannot be read:\none')
  })

  it('may be its size, or that it is no text', () => {
    expect(fault('a'.repeat(11), { bytes: 10 })).toMatchObject({
      code: 'limit-exceeded',
      message: 'n.yaml: expected at most 10 bytes of notes, found 11',
    })
    expect(read('a'.repeat(10), { bytes: 10 }).value).toBe('a'.repeat(10))
    expect(fault(Uint8Array.from([0x61, 0xff]))).toMatchObject({ code: 'bad-configuration' })
  })

  it('is one error, whatever bytes there are', () => {
    const odd = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .string({ unit: fc.constantFrom(...'{}[]:,&*!|>#-? \n\t"\'%@`a1'), maxLength: 40 })
        .map((text) => Buffer.from(text)),
    )
    fc.assert(
      fc.property(odd, (bytes) => {
        try {
          read(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(TemperError)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('a place', () => {
  const document = read('a:\n  - b: 1\n    c: 2\n  - d\ne: {f: g}\n')
  it.each<[readonly PropertyKey[], string]>([
    [[], 'n.yaml:1:1'],
    [['a'], 'n.yaml:2:3'],
    [['a', 0, 'c'], 'n.yaml:3:8'],
    [['a', 1], 'n.yaml:4:5'],
    [['e', 'f'], 'n.yaml:5:8'],
    // Of what is not there, the nearest thing around it.
    [['a', 0, 'x'], 'n.yaml:2:5'],
    [['a', 9, 'x'], 'n.yaml:2:3'],
    [['x', 'y'], 'n.yaml:1:1'],
  ])('of %j is %s', (path, place) => {
    expect(document.placeOf(path)).toBe(place)
  })

  it.each<[readonly PropertyKey[], string]>([
    [[], ''],
    [['a'], 'a: '],
    [['a', 0, 'b'], 'a[0].b: '],
    [[0], '[0]: '],
    [['a\u001b[31m'], 'a\\u001b[31m: '],
  ])('%j is written %j', (path, text) => {
    expect(pathText(path)).toBe(text)
  })
})
