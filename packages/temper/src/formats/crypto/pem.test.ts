import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { readPem } from './pem.ts'

const what = 'test.pem'

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? []
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`
}

describe('readPem', () => {
  it('reads back what was written, with text around and between', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 5 }), (blocks) => {
        const text = blocks.map((bytes) => `# a comment\r\n${pem('CERTIFICATE', bytes)}`).join('\n')
        expect(readPem(text, { what }).map((block) => [...block.bytes])).toEqual(
          blocks.map((bytes) => [...bytes]),
        )
      }),
    )
  })

  it.each([
    ['not closed', '-----BEGIN CERTIFICATE-----\nAAAA\n'],
    ['closed by another label', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END KEY-----\n'],
    ['opened twice', '-----BEGIN CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n'],
    ['closed without a start', '-----END CERTIFICATE-----\n'],
    ['no base64', '-----BEGIN CERTIFICATE-----\nA*==\n-----END CERTIFICATE-----\n'],
    ['base64 cut short', '-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n'],
  ])('refuses a block that is %s', (_, text) => {
    expect(() => readPem(text, { what })).toThrow(TemperError)
  })

  it('refuses more blocks than there can be', () => {
    const many = pem('CERTIFICATE', new Uint8Array([1])).repeat(10_001)
    expect(() => readPem(many, { what })).toThrow(/more than 10000/)
  })
})
