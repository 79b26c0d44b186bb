import { describe, expect, it } from 'vitest'
import { base64Of, documentLimit, listOf, parseDocument, textOf } from './json-document.ts'

const refused = (message: string) => expect.objectContaining({ code: 'bad-attestation', message })

describe('members of documents', () => {
  it('are lists of one to a limit', () => {
    expect(listOf([1, 2], 'x', 2)).toEqual([1, 2])
    expect(() => listOf([1, 2, 3], 'x', 2)).toThrow(refused('x: expected at most 2 members, found 3'))
    for (const none of [[], {}, 'a', null, undefined])
      expect(() => listOf(none, 'x', 2)).toThrow(/^x: expected a list that is not empty, found /)
  })

  it('are text of one character to a limit', () => {
    expect(textOf('ab', 'x', 2)).toBe('ab')
    expect(textOf('a'.repeat(1000), 'x')).toHaveLength(1000)
    for (const wrong of ['abc', '', 7, null, undefined, {}])
      expect(() => textOf(wrong, 'x', 2)).toThrow(/^x: expected text of 1 to 2 characters, found /)
    expect(() => textOf('a'.repeat(1001), 'x')).toThrow('x: expected text of 1 to 1000 characters')
  })

  it.each([
    ['', []],
    ['AQ==', [1]],
    ['AQ', [1]],
    ['AQI=', [1, 2]],
    ['AQID', [1, 2, 3]],
    ['-_8=', [0xfb, 0xff]],
    ['+/8', [0xfb, 0xff]],
  ])('are base64 in both alphabets: %j', (text, bytes) => {
    expect([...base64Of(text, 'x')]).toEqual(bytes)
  })

  it.each(['A', 'AQ=A', 'AQ===', 'AR==', 'AQID\n', ' AQID', 'AQ ID', 'A*==', '=AQI', 7, null, undefined])(
    'are not base64: %j',
    (text) => {
      expect(() => base64Of(text, 'x')).toThrow(/^x: expected base64, found /)
    },
  )
})

describe('documents', () => {
  it.each(['[]', '"a"', '7', 'null'])('that are no object are refused: %s', (text) => {
    expect(() => parseDocument(Buffer.from(text), 'x')).toThrow(/^x: expected an object, found /)
  })

  it('that are no UTF-8, or no JSON, are refused', () => {
    expect(() => parseDocument(Buffer.from([0x7b, 0xff, 0x7d]), 'x')).toThrow(/^x: expected JSON/)
    expect(() => parseDocument(Buffer.from('{'), 'x')).toThrow(/^x: expected JSON/)
  })

  it('that are too large are refused before they are read', () => {
    // As large as it may be, it is read: no JSON, then.
    expect(() => parseDocument(new Uint8Array(documentLimit + 1), 'x')).toThrow(
      expect.objectContaining({
        code: 'limit-exceeded',
        message: `x: ${documentLimit + 1} bytes, more than the limit of ${documentLimit}`,
      }),
    )
  })
})
