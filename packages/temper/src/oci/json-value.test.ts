import { describe, expect, it } from 'vitest'
import {
  asArray,
  asDigest,
  asObject,
  asSize,
  asString,
  optionalString,
  optionalStrings,
  parseJsonObject,
} from './json-value.ts'

const refused = (message: string) => expect.objectContaining({ code: 'bad-image', message })

describe('values of manifests', () => {
  it.each([
    ['object', asObject, [], 'x: expected an object, found '],
    ['object', asObject, null, 'x: expected an object, found '],
    ['object', asObject, 'a', 'x: expected an object, found '],
    ['text', asString, 7, 'x: expected text, found '],
    ['text', asString, undefined, 'x: expected text, found '],
    ['size', asSize, -1, 'x: expected a number of bytes, found '],
    ['size', asSize, 1.5, 'x: expected a number of bytes, found '],
    ['size', asSize, 2 ** 53, 'x: expected a number of bytes, found '],
    ['size', asSize, '7', 'x: expected a number of bytes, found '],
    ['digest', asDigest, 7, 'x: expected text, found '],
  ])('that are no %s are refused: %#', (_, read, value, message) => {
    expect(() => read(value, 'x')).toThrow(
      expect.objectContaining({ code: 'bad-image', message: expect.stringContaining(message) }),
    )
  })

  it('are as they are', () => {
    expect(asSize(0, 'x')).toBe(0)
    expect(asSize(2 ** 53 - 1, 'x')).toBe(2 ** 53 - 1)
    expect(asString('', 'x')).toBe('')
    expect(asDigest(`sha256:${'a'.repeat(64)}`, 'x')).toBe(`sha256:${'a'.repeat(64)}`)
    expect(() => asDigest(`sha256:${'A'.repeat(64)}`, 'x')).toThrow('x')
  })

  it('are lists up to a limit', () => {
    expect(asArray([1, 2], 'x', 2)).toEqual([1, 2])
    expect(asArray([], 'x', 0)).toEqual([])
    expect(() => asArray([1, 2, 3], 'x', 2)).toThrow(
      expect.objectContaining({ code: 'limit-exceeded', message: 'x: 3 entries, more than the limit of 2' }),
    )
    expect(() => asArray({ length: 1 }, 'x', 2)).toThrow('x: expected a list, found ')
  })

  it('may be missing, or null as Docker writes it', () => {
    for (const none of [undefined, null]) {
      expect(optionalString(none, 'x')).toBeUndefined()
      expect(optionalStrings(none, 'x')).toBeUndefined()
    }
    expect(optionalString('', 'x')).toBe('')
    expect(() => optionalString(0, 'x')).toThrow('x: expected text')
    expect(optionalStrings({}, 'x')).toEqual({})
    expect(optionalStrings({ a: 'b' }, 'x')).toEqual({ a: 'b' })
    expect(() => optionalStrings({ a: 'b', c: 7 }, 'x')).toThrow('x, c: expected text')
    expect(Object.keys(optionalStrings(JSON.parse('{"__proto__":"a"}'), 'x') ?? {})).toEqual(['__proto__'])
  })
})

describe('a document', () => {
  const nested = (depth: number) => Buffer.from(`{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`)

  it.each([
    ['no JSON', Buffer.from('{'), /^x: expected JSON, found /],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), /^x: expected JSON, found /],
    ['a list', Buffer.from('[]'), /^x: expected an object, found /],
    ['nothing', Buffer.alloc(0), /^x: expected JSON, found /],
  ])('that is %s is refused', (_, bytes, message) => {
    expect(() => parseJsonObject(bytes, 'x')).toThrow(refused(expect.stringMatching(message) as never))
  })

  it('may be nested to forty levels', () => {
    expect(parseJsonObject(nested(40), 'x')).toHaveProperty('a')
    expect(() => parseJsonObject(nested(41), 'x')).toThrow(
      expect.objectContaining({ code: 'limit-exceeded' }),
    )
  })
})
