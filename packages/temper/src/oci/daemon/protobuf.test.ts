import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { bytesField, decodeMessage, encodeMessage, messageField, numberField, textField } from './protobuf.ts'

describe('messages', () => {
  it('are as the specification has its examples', () => {
    expect(Buffer.from(encodeMessage({ 1: 150 })).toString('hex')).toBe('089601')
    expect(Buffer.from(encodeMessage({ 2: 'testing' })).toString('hex')).toBe('120774657374696e67')
    expect(numberField(decodeMessage(Buffer.from('089601', 'hex')), 1)).toBe(150)
  })

  it('come back as they were written', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string(), fc.uint8Array(), (number, text, bytes) => {
        const inner = encodeMessage({ 1: number, 2: text })
        const message = decodeMessage(encodeMessage({ 3: inner, 4: bytes }))
        expect(numberField(messageField(message, 3), 1)).toBe(number)
        expect(textField(messageField(message, 3), 2)).toBe(Buffer.from(text).toString())
        expect(Buffer.from(bytesField(message, 4))).toEqual(Buffer.from(bytes))
      }),
    )
  })

  it('are read or refused, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        try {
          decodeMessage(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(TemperError)
        }
      }),
    )
  })
})
