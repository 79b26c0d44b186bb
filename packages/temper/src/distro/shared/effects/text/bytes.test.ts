import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeBytes, encodeBytes } from './bytes.ts'

it.each([
  ['plain\n', Buffer.from('plain\n')],
  ['ä€😀', Buffer.from('ä€😀')],
  ['\ufeffmarked', Buffer.from('\ufeffmarked')],
  ['M\udcfcnchen', Buffer.from('M\xfcnchen', 'latin1')],
  ['ä\udcff\udc80', Buffer.from([0xc3, 0xa4, 0xff, 0x80])],
])('%j is the text of %j', (text, bytes) => {
  expect(decodeBytes(bytes)).toBe(text)
  expect(Buffer.from(encodeBytes(text))).toEqual(Buffer.from(bytes))
})

it('gives all bytes back as they were', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(Buffer.from(encodeBytes(decodeBytes(bytes)))).toEqual(Buffer.from(bytes))
    }),
  )
})
