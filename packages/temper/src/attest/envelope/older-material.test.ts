import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { newKeyPair, pem, rootCertificate } from '../fixtures/loopback/authority.ts'
import { certifiedBundle, type OlderMaterial, olderMaterial } from './older-material.ts'

const der = rootCertificate('me', newKeyPair(), new Date('2026-05-06T00:00:00Z'))
const certificate = pem(der)
const payload = Buffer.from('what was signed')
const signature = Buffer.from([1, 2, 3])
const content = { payload, signature, where: 'evidence' }
const body = Buffer.from(JSON.stringify({ kind: 'hashedrekord', apiVersion: '0.0.1', spec: {} }))
const promise = {
  SignedEntryTimestamp: '-_8=',
  Payload: { body: body.toString('base64'), integratedTime: 0, logIndex: 7, logID: 'ab'.repeat(32) },
}
const timestamp = JSON.stringify({ SignedRFC3161Timestamp: 'AQID' })

describe('annotations', () => {
  const names = {
    certificate: 'dev.sigstore.cosign/certificate',
    bundle: 'dev.sigstore.cosign/bundle',
    timestamp: 'dev.sigstore.cosign/rfc3161timestamp',
  }

  it('give what vouches for the key, as much as there is', () => {
    expect(olderMaterial({ [names.certificate]: 'c' })).toEqual({ certificate: 'c' })
    expect(olderMaterial({ [names.certificate]: 'c', [names.bundle]: '', [names.timestamp]: '' })).toEqual({
      certificate: 'c',
    })
    expect(
      olderMaterial({ [names.certificate]: 'c', [names.bundle]: 'b', [names.timestamp]: 't', more: 'x' }),
    ).toEqual({ certificate: 'c', bundle: 'b', timestamp: 't' })
  })

  it('give nothing without a certificate', () => {
    expect(olderMaterial({})).toBeUndefined()
    expect(olderMaterial({ [names.certificate]: '', [names.bundle]: 'b' })).toBeUndefined()
    expect(olderMaterial({ [names.bundle]: 'b', [names.timestamp]: 't' })).toBeUndefined()
  })
})

describe('a bundle of it', () => {
  const bundleOf = (more: Partial<OlderMaterial> = {}) => certifiedBundle({ certificate, ...more }, content)

  it('is that of a payload, with its digest', () => {
    const made = bundleOf()
    expect(Buffer.from(made.der)).toEqual(der)
    expect(made.json).toEqual({
      mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
      verificationMaterial: {
        certificate: { rawBytes: der.toString('base64') },
        tlogEntries: [],
      },
      messageSignature: {
        messageDigest: {
          algorithm: 'SHA2_256',
          digest: createHash('sha256').update(payload).digest('base64'),
        },
        signature: 'AQID',
      },
    })
  })

  it('is that of an envelope', () => {
    const envelope = { payloadType: 'text/plain', payload, signatures: [{ signature, keyId: 'k' }] }
    const { json } = certifiedBundle({ certificate }, { envelope, where: 'evidence' })
    expect(json).not.toHaveProperty('messageSignature')
    expect(json['dsseEnvelope']).toEqual({
      payload: payload.toString('base64'),
      payloadType: 'text/plain',
      signatures: [{ keyid: 'k', sig: 'AQID' }],
    })
  })

  it('has the promise of the log and the timestamp', () => {
    expect(bundleOf({ bundle: JSON.stringify(promise), timestamp }).json['verificationMaterial']).toEqual({
      certificate: { rawBytes: der.toString('base64') },
      tlogEntries: [
        {
          logIndex: '7',
          logId: { keyId: Buffer.from('ab'.repeat(32), 'hex').toString('base64') },
          kindVersion: { kind: 'hashedrekord', version: '0.0.1' },
          integratedTime: '0',
          inclusionPromise: { signedEntryTimestamp: '+/8=' },
          canonicalizedBody: body.toString('base64'),
        },
      ],
      timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: 'AQID' }] },
    })
  })

  it('takes the first certificate, and looks at nothing else in the PEM', () => {
    const other = pem(rootCertificate('other', newKeyPair(), new Date()))
    const key = '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'
    expect(Buffer.from(certifiedBundle({ certificate: key + certificate + other }, content).der)).toEqual(der)
  })

  it.each([
    [
      'no certificate',
      { certificate: '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n' },
      /^evidence, certificate: expected a certificate in PEM, found none$/,
    ],
    [
      'what is no PEM',
      { certificate: '-----BEGIN CERTIFICATE-----\n*' },
      /^evidence, certificate: expected certificates in PEM, found /,
    ],
    ['a promise that is no JSON', { bundle: '{' }, /^evidence, log entry: expected JSON/],
    ['a promise of nothing', { bundle: '{}' }, /^evidence, log entry, Payload: expected an object/],
    ['a timestamp without one', { timestamp: '{}' }, /^evidence, timestamp: expected base64/],
  ])('is refused with %s', (_, material, message) => {
    expect(() => bundleOf(material)).toThrow(
      expect.objectContaining({ code: 'bad-attestation', message: expect.stringMatching(message) }),
    )
  })

  it.each([
    ['logID', 'AB'.repeat(32), 'a SHA-256 in hex'],
    ['logID', 'ab'.repeat(31), 'a SHA-256 in hex'],
    ['logID', `${'ab'.repeat(32)}0`, 'a SHA-256 in hex'],
    ['logID', `0${'ab'.repeat(32)}`, 'a SHA-256 in hex'],
    ['logID', 7, 'text'],
    ['body', 'e30', 'text'],
    ['body', undefined, 'base64'],
    ['logIndex', -1, 'a whole number'],
    ['logIndex', 1.5, 'a whole number'],
    ['logIndex', '7', 'a whole number'],
    ['logIndex', 2 ** 53, 'a whole number'],
    ['integratedTime', undefined, 'a whole number'],
    ['integratedTime', null, 'a whole number'],
  ])('is refused when %s is %j', (name, value, expected) => {
    const bundle = JSON.stringify({ ...promise, Payload: { ...promise.Payload, [name]: value } })
    expect(() => bundleOf({ bundle })).toThrow(new RegExp(`^evidence, log entry, .*expected ${expected}`))
  })

  it('keeps what it refuses short', () => {
    for (const [name, long] of [
      ['logID', 'x'.repeat(999)],
      ['logIndex', '7'.repeat(999)],
    ] as const) {
      const bundle = JSON.stringify({ ...promise, Payload: { ...promise.Payload, [name]: long } })
      expect(() => bundleOf({ bundle })).toThrow(/^.{1,200}$/)
    }
  })
})
