import { describe, expect, it } from 'vitest'
import { certificate, extension, newKeyPair, pem, usage } from '../fixtures/loopback/authority.ts'
import { der, sequence } from '../fixtures/loopback/der.ts'
import { claimedIdentity, isForCodeSigning, readPemCertificates, signingCertificate } from './certificate.ts'

const keys = newKeyPair()
const made = (...extensions: readonly Buffer[]) =>
  certificate({
    subject: 'me',
    issuer: 'me',
    key: keys.publicKey,
    issuerKey: keys,
    extensions,
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2027-01-01T00:00:00Z'),
  })
/** subjectAltName (RFC 5280, 4.2.1.6): 1 is an e-mail address, 6 an address of the web. */
const named = (tag: number, name: string) =>
  extension('2.5.29.17', sequence(der(tag | 0x80, Buffer.from(name))))

describe('whom a certificate names', () => {
  it.each([
    [1, 'me@x.example', ['me@x.example']],
    [6, 'https://x.example/URI:y', ['https://x.example/URI:y']],
  ])('is its first name: %i %s', (tag, name, expected) => {
    expect(claimedIdentity(made(named(tag, name)))).toEqual(expected)
  })

  it('is all of its names where it has several, the first of them of another kind', () => {
    const name = (tag: number, text: string) => der(tag | 0x80, Buffer.from(text))
    const names = sequence(name(2, 'x.example'), name(6, 'https://x.example/y'))
    expect(claimedIdentity(made(extension('2.5.29.17', names)))).toEqual([
      'DNS:x.example, URI:https://x.example/y',
    ])
  })

  it('is nobody where it says nothing, or cannot be read', () => {
    expect(claimedIdentity(made())).toEqual([])
    expect(claimedIdentity(made(named(6, '')))).toEqual([])
    for (const bytes of [new Uint8Array(), Buffer.from('no'), made().subarray(0, -9)])
      expect(claimedIdentity(bytes)).toEqual([])
  })

  it('is cut where it is long', () => {
    expect(claimedIdentity(made(named(6, `https://${'x'.repeat(5000)}`)))[0]).toHaveLength(1000)
  })
})

it('only certificates for signing code are', () => {
  expect(isForCodeSigning(made(usage.code()))).toBe(true)
  expect(isForCodeSigning(made(usage.time()))).toBe(false)
  expect(isForCodeSigning(made())).toBe(false)
  expect(isForCodeSigning(new Uint8Array())).toBe(false)
})

describe('certificates in PEM', () => {
  it('are all that are there, in their order, and nothing else', () => {
    const [one, other] = [made(), made(usage.code())]
    const key = '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'
    expect(readPemCertificates(pem(one) + key + pem(other), 'x').map((bytes) => Buffer.from(bytes))).toEqual([
      one,
      other,
    ])
    expect(readPemCertificates(key, 'x')).toEqual([])
  })

  it('that are damaged are refused briefly', () => {
    const bad = `-----BEGIN CERTIFICATE-----\n${'*'.repeat(9999)}\n-----END CERTIFICATE-----\n`
    expect(() => readPemCertificates(bad, 'x')).toThrow(
      expect.objectContaining({
        code: 'bad-attestation',
        message: expect.stringMatching(/^x: expected certificates in PEM, found .{1,200}$/s),
      }),
    )
    const long = 'y'.repeat(300)
    expect(() => readPemCertificates(bad, long)).toThrow(
      expect.objectContaining({ message: `${long}: expected certificates in PEM, found ${'y'.repeat(200)}` }),
    )
  })
})

describe('the certificate of a material', () => {
  it('is there alone, or first in a chain; alone counts before', () => {
    const alone = { rawBytes: 'AQ==' }
    const chain = { certificates: [{ rawBytes: 'Ag==' }, { rawBytes: 'Aw==' }] }
    expect(signingCertificate({ certificate: alone }, 'x')).toEqual(Buffer.from([1]))
    expect(signingCertificate({ x509CertificateChain: chain }, 'x')).toEqual(Buffer.from([2]))
    expect(signingCertificate({ certificate: alone, x509CertificateChain: chain }, 'x')).toEqual(
      Buffer.from([1]),
    )
    expect(signingCertificate({}, 'x')).toBeUndefined()
  })

  it.each([
    [{ certificate: 7 }, 'x, certificate: expected an object'],
    [{ certificate: { rawBytes: 7 } }, 'x, certificate: expected base64'],
    [{ x509CertificateChain: [] }, 'x, x509CertificateChain: expected an object'],
    [{ x509CertificateChain: { certificates: [{}] } }, 'x, x509CertificateChain: expected base64'],
    [
      { x509CertificateChain: { certificates: {} } },
      'x, x509CertificateChain, certificates: expected a list',
    ],
  ])('that is none is refused where it is: %j', (material, message) => {
    expect(() => signingCertificate(material, 'x')).toThrow(
      expect.objectContaining({ message: expect.stringContaining(message) }),
    )
  })
})
