import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson, readableJson } from './canonical-json.ts'

describe('canonicalJson', () => {
  test('does not depend on the order of keys', () => {
    expect(canonicalJson({ b: 1, a: [{ d: 2, c: undefined }] })).toBe('{"a":[{"d":2}],"b":1}')
    expect(readableJson({ b: 1, a: 2 })).toBe('{\n  "a": 2,\n  "b": 1\n}\n')
  })

  test('keeps a key named __proto__', () => {
    const named = JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}')
    expect(canonicalJson(named)).toBe('{"__proto__":{"x":1},"constructor":2}')
    expect(canonicalJson(named)).not.toBe(canonicalJson({ constructor: 2 }))
  })

  test('is JSON of the same value, and the same for every order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse())
        expect(canonicalJson(reversed)).toBe(canonicalJson(value))
      }),
    )
  })
})
