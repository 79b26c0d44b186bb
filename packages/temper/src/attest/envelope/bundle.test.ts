import { describe, expect, it } from 'vitest'
import { hexOf } from '../../base/digest.ts'
import { sampleSigner, sampleStatement } from '../fixtures/sample.ts'
import { keyOfHint, parseBundle, signBundle } from './bundle.ts'

const signer = sampleSigner()
const made = JSON.parse(Buffer.from(await signBundle(sampleStatement('web'), signer)).toString())
const parse = (change: object) => parseBundle(Buffer.from(JSON.stringify({ ...made, ...change })), 'evidence')
const withMaterial = (verificationMaterial: object) => parse({ verificationMaterial })

describe('the hint of a bundle', () => {
  const hex = hexOf(signer.key.id)

  it('is the id of a key in base64', () => {
    const { material } = parse({})
    expect(material).toEqual({ kind: 'public-key', hint: Buffer.from(hex, 'hex').toString('base64') })
    expect(keyOfHint(Buffer.from(hex, 'hex').toString('base64'))).toBe(signer.key.id)
  })

  it.each([
    ['31 bytes', Buffer.alloc(31, 1).toString('base64')],
    ['33 bytes', Buffer.alloc(33, 1).toString('base64')],
    ['another alphabet', Buffer.alloc(32, 255).toString('base64url')],
    ['no padding', Buffer.alloc(32, 1).toString('base64').slice(0, -1)],
    ['something behind', `${Buffer.alloc(32, 1).toString('base64')}!`],
    ['words', 'my key'],
    ['nothing', ''],
  ])('that was made in another way stays as it is: %s', (_, hint) => {
    expect(keyOfHint(hint)).toBe(hint)
  })

  it('may be missing or empty', () => {
    expect(withMaterial({ publicKey: {} }).material).toEqual({ kind: 'public-key', hint: '' })
    expect(withMaterial({ publicKey: { hint: '' } }).material).toEqual({ kind: 'public-key', hint: '' })
    expect(withMaterial({ publicKey: { hint: 'a' } }).material).toEqual({ kind: 'public-key', hint: 'a' })
  })
})

describe('the material of a bundle', () => {
  it('is a certificate, alone or the first of a chain', () => {
    const first = { rawBytes: 'AQID' }
    const certificate = { kind: 'certificate', der: Buffer.from([1, 2, 3]) }
    expect(withMaterial({ certificate: first }).material).toEqual(certificate)
    const x509CertificateChain = { certificates: [first, { rawBytes: 'AAAA' }] }
    expect(withMaterial({ x509CertificateChain }).material).toEqual(certificate)
  })

  it.each([
    ['neither', {}, /expected a public key or a certificate, found neither$/],
    ['both', { publicKey: {}, certificate: {} }, /found publicKey and certificate$/],
    [
      'all',
      { publicKey: {}, certificate: {}, x509CertificateChain: {} },
      /found publicKey and certificate and x509/,
    ],
    ['a hint that is no text', { publicKey: { hint: 7 } }, /hint: expected text/],
    ['an empty chain', { x509CertificateChain: { certificates: [] } }, /certificates: expected a list/],
    [
      'a long chain',
      { x509CertificateChain: { certificates: Array(17).fill({}) } },
      /at most 16 members, found 17/,
    ],
    ['a certificate without bytes', { certificate: {} }, /certificate: expected base64/],
  ])('is refused: %s', (_, material, message) => {
    expect(() => withMaterial(material)).toThrow(
      expect.objectContaining({ code: 'bad-attestation', message: expect.stringMatching(message) }),
    )
  })
})

describe('a bundle', () => {
  it.each([
    'application/vnd.dev.sigstore.bundle.v0.3+json',
    'application/vnd.dev.sigstore.bundle+json;version=0.3',
    'application/vnd.dev.sigstore.bundle+json;version=0.2',
    'application/vnd.dev.sigstore.bundle+json;version=0.1',
  ])('may be of type %s', (mediaType) => {
    expect(parse({ mediaType }).envelope.signatures).toHaveLength(1)
  })

  it.each([
    undefined,
    null,
    7,
    '',
    'application/json',
    'application/vnd.dev.sigstore.bundle+json;version=0.4',
    'x'.repeat(999),
  ])('may not be of type %j, and says so briefly', (mediaType) => {
    expect(() => parse({ mediaType })).toThrow(
      /^evidence: expected a bundle of version 0.1 to 0.3, found .{1,100}$/,
    )
  })

  it('may not be of a file', () => {
    expect(() => parse({ messageSignature: {} })).toThrow(
      'evidence: expected a signed statement, found the signature of a file',
    )
  })

  it('is the same bytes for the same statement and key', async () => {
    const quiet = sampleSigner('ed25519')
    const [one, other] = [
      await signBundle(sampleStatement('web'), quiet),
      await signBundle(sampleStatement('web'), quiet),
    ]
    expect(one).toEqual(other)
  })
})
