import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MadeList } from './made-list.ts'
import { wellFormed } from './well-formed.ts'

const loneHalf = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

describe('wellFormed', () => {
  it('replaces halves of surrogate pairs in strings and names, however deep', () => {
    expect(wellFormed({ 'a\ud800': ['\udc00b', { c: 'd\ud83d' }], e: [[['\ud83d\ude00']]] })).toEqual({
      'a\ufffd': ['\ufffdb', { c: 'd\ufffd' }],
      e: [[['\ud83d\ude00']]],
    })
  })

  it.each([null, true, 0, -1.5, '', [], {}, undefined])('leaves %j as it is', (value) => {
    expect(wellFormed(value)).toEqual(value)
  })

  it('keeps a name that means something to the language an ordinary one', () => {
    const value = wellFormed(JSON.parse('{"__proto__": {"a": "\\ud800"}}'))
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect(JSON.stringify(value)).toBe('{"__proto__":{"a":"\ufffd"}}')
  })

  it('replaces them in lists that are made later', () => {
    const value = wellFormed({ list: new MadeList(['a\ud800', 'b'], (text) => ({ text })) })
    expect(JSON.stringify(value)).toBe('{"list":[{"text":"a\ufffd"},{"text":"b"}]}')
  })

  it('leaves no half behind, and changes nothing that has none', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(wellFormed(value)).toEqual(value)
      }),
    )
    const anyText = fc
      .array(fc.integer({ min: 0xd700, max: 0xe0ff }))
      .map((all) => String.fromCharCode(...all))
    fc.assert(
      fc.property(fc.dictionary(anyText, fc.array(anyText)), (value) => {
        expect(JSON.stringify(wellFormed(value))).not.toMatch(loneHalf)
        expect(JSON.stringify(wellFormed(value))).not.toMatch(/\\ud[89a-f]/)
      }),
    )
  })
})
