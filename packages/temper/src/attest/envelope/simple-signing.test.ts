import { describe, expect, it } from 'vitest'
import { sampleSubject } from '../fixtures/sample.ts'
import { parseSimpleSigning, simpleSigningPayload } from './simple-signing.ts'

const digest = sampleSubject('web')
const good = JSON.parse(
  Buffer.from(simpleSigningPayload({ identity: 'registry.example/web', digest })).toString(),
)
const parse = (change: object) =>
  parseSimpleSigning(Buffer.from(JSON.stringify({ critical: { ...good.critical, ...change } })), 'payload')

describe('a payload of the older scheme', () => {
  it('has the members that cosign gives it', () => {
    expect(good).toEqual({
      critical: {
        identity: { 'docker-reference': 'registry.example/web' },
        image: { 'docker-manifest-digest': digest },
        type: 'cosign container image signature',
      },
      optional: null,
    })
    expect(parse({})).toEqual({ identity: 'registry.example/web', digest })
  })

  it('may call the image nothing', () => {
    expect(parse({ identity: {} }).identity).toBe('')
    expect(parse({ identity: { 'docker-reference': 7 } }).identity).toBe('')
    expect(parse({ identity: { 'docker-reference': 'x'.repeat(999) } }).identity).toBe('x'.repeat(500))
  })

  it.each([
    [
      { type: 'atomic container signature' },
      'payload, type: expected "cosign container image signature", found "atomic container signature"',
    ],
    [{ type: 7 }, 'payload, type: expected text'],
    [{ image: {} }, 'payload, docker-manifest-digest: expected text'],
    [
      { image: { 'docker-manifest-digest': 'sha1:00' } },
      'payload, docker-manifest-digest: expected a SHA-256 digest, found sha1:00',
    ],
    [{ identity: undefined }, 'payload, critical, identity: expected an object'.replace(', critical', '')],
  ])('with %j is refused', (change, message) => {
    expect(() => parse(change)).toThrow(
      expect.objectContaining({ code: 'bad-attestation', message: expect.stringContaining(message) }),
    )
  })

  it('is refused briefly', () => {
    expect(() => parse({ type: 'x'.repeat(999) })).toThrow(/^.{1,200}$/)
    expect(() => parse({ image: { 'docker-manifest-digest': 'x'.repeat(999) } })).toThrow(/^.{1,200}$/)
  })
})
