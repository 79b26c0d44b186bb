import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { createHttp } from '../../base/http/http.ts'
import { type JsonObject, objectOf } from '../../base/json/value.ts'
import { evidenceTypes, type Trust, type TrustedServices } from '../../model/attestation.ts'
import { signBundle } from '../envelope/bundle.ts'
import { envelopeJson, signEnvelope } from '../envelope/dsse.ts'
import type { OlderMaterial } from '../envelope/older-material.ts'
import { simpleSigningPayload } from '../envelope/simple-signing.ts'
import { pem } from '../fixtures/loopback/authority.ts'
import { LoopbackSigstore } from '../fixtures/loopback/sigstore.ts'
import { sampleSigner, sampleStatement, sampleSubject } from '../fixtures/sample.ts'
import { keylessSigner } from '../sigstore/keyless.ts'
import { readTrustedServices } from '../sigstore/trusted-services.ts'
import { statementBytes } from '../statement/in-toto.ts'
import { checkBundle, checkDsse, checkSimpleSigning, checkStatement } from './check.ts'
import { trustedIdentity } from './identity.ts'

const start = new Date('2026-05-06T07:08:09Z')
const me = 'https://ci.example/team'
const http = createHttp({ fetch: globalThis.fetch, firstDelay: 1 })
const alice = sampleSigner()
const [subject, where] = [sampleSubject('web'), 'evidence']
let services: LoopbackSigstore
let proving: TrustedServices
/** What the identity signed: a bundle, with the certificate in it. */
let bundle: JsonObject
let der: Uint8Array

beforeAll(async () => {
  services = await LoopbackSigstore.start(start)
  proving = await readTrustedServices(Buffer.from(JSON.stringify(services.trustedRoot())), 'root.json')
  const signer = await keylessSigner(services.token(me), { http, addresses: services.addresses })
  bundle = JSON.parse(Buffer.from(await signBundle(sampleStatement('web'), signer)).toString())
  der = signer.certificate?.der ?? new Uint8Array()
})
afterAll(() => services.stop())

const ci = () => trustedIdentity({ identity: me, issuer: services.url }, 'ci')
const trusting = (over: Partial<Trust> = {}): Trust => ({
  keys: [],
  identities: [ci()],
  services: proving,
  ...over,
})
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))
const noIdentity = 'it is signed with a certificate, but no trusted identity was named'

describe('what an identity signed', () => {
  const judge = (trust: Trust, document: unknown = bundle) =>
    checkBundle(bytes(document), { subject, trust, where })

  it('is verified by who trusts it, with the time', () => {
    expect(judge(trusting())).toMatchObject({
      verified: true,
      vouchers: ['ci'],
      signers: [`${me} (${services.url})`],
      time: start.toISOString(),
      reason: 'signed by a trusted identity',
      type: 'https://example.com/claim/v1',
      names: ['web'],
    })
  })

  it('is told as signed, and not as verified, where nobody or another is trusted', () => {
    const { services: _services, ...without } = trusting()
    for (const trust of [trusting({ identities: [] }), without])
      expect(judge(trust)).toMatchObject({ verified: false, signers: [me], vouchers: [], reason: noIdentity })
    const others = [trustedIdentity({ identity: me, issuer: 'https://other.example' }, 'other')]
    expect(judge(trusting({ identities: others }))).toMatchObject({
      verified: false,
      vouchers: [],
      signers: [`${me} (${services.url})`],
      reason: `it is signed by ${me} (${services.url}), who is not trusted`,
    })
  })

  it('is vouched for by each that fits', () => {
    const any = trustedIdentity({ identityRegexp: '.*', issuer: services.url }, 'any')
    const none = trustedIdentity({ identity: 'nobody', issuer: services.url }, 'none')
    expect(judge(trusting({ identities: [ci(), none, any] })).vouchers).toEqual(['ci', 'any'])
  })

  it('is about the image that it names', () => {
    const other = checkBundle(bytes(bundle), { subject: sampleSubject('other'), trust: trusting(), where })
    expect(other).toMatchObject({
      verified: false,
      signers: [me],
      reason: `it is about ${subject}, not about this image`,
    })
  })

  it.each([
    ['no log entry', { tlogEntries: [] }, 'log'],
    [
      'too many log entries',
      { tlogEntries: Array(17).fill({}) },
      'at most 16 log entries and timestamps, found 17',
    ],
    [
      'too many timestamps',
      { timestampVerificationData: { rfc3161Timestamps: Array(17).fill({}) } },
      'at most 16 log entries and timestamps, found 17',
    ],
    [
      'timestamps that are none',
      { timestampVerificationData: 7 },
      'timestampVerificationData: expected an object',
    ],
  ])('is not verified with %s', (_, change, reason) => {
    const verificationMaterial = { ...objectOf(bundle['verificationMaterial']), ...change }
    expect(judge(trusting(), { ...bundle, verificationMaterial })).toMatchObject({
      verified: false,
      reason: expect.stringContaining(reason),
    })
  })
})

describe('what goes wrong elsewhere', () => {
  const broken = (error: unknown): TrustedServices => ({
    certified: () => {
      throw error
    },
    signedAt: () => {
      throw error
    },
  })

  it('is not taken for a bad document', () => {
    const fault = new RangeError('out of memory')
    const trust = trusting({ services: broken(fault) })
    expect(() => checkBundle(bytes(bundle), { subject, trust, where })).toThrow(fault)
    const other = new TemperError('file-system', 'no disk')
    expect(() =>
      checkBundle(bytes(bundle), { subject, trust: trusting({ services: broken(other) }), where }),
    ).toThrow(other)
  })

  it('is a reason when the document is bad', async () => {
    for (const code of ['bad-attestation', 'limit-exceeded'] as const) {
      const trust = trusting({ services: broken(new TemperError(code, 'because')), keys: [alice.key] })
      expect(checkBundle(bytes(bundle), { subject, trust, where })).toMatchObject({
        verified: false,
        signers: [me],
        reason: 'because',
      })
      // A key needs no witness: without one it is not known when it signed.
      const signed = await signBundle(sampleStatement('web'), alice)
      const verdict = checkBundle(signed, { subject, trust, where })
      expect(verdict).toMatchObject({ verified: true, vouchers: [alice.key.id] })
      expect(verdict).not.toHaveProperty('time')
      const fault = trusting({ services: broken(new RangeError('x')), keys: [alice.key] })
      expect(() => checkBundle(signed, { subject, trust: fault, where })).toThrow('x')
    }
  })

  it('has the time of a key where somebody witnessed it', async () => {
    const signed = await signBundle(sampleStatement('web'), alice)
    const witnessed = { ...broken(new Error()), signedAt: () => start }
    const trust = trusting({ services: witnessed, keys: [sampleSigner().key, alice.key] })
    expect(checkBundle(signed, { subject, trust, where }).time).toBe(start.toISOString())
    const unseen = trusting({ services: proving, keys: [alice.key] })
    expect(checkBundle(signed, { subject, trust: unseen, where })).not.toHaveProperty('time')
    const { services: _services, ...alone } = unseen
    expect(checkBundle(signed, { subject, trust: alone, where })).not.toHaveProperty('time')
  })
})

describe('the older scheme', () => {
  const material = (): OlderMaterial => ({ certificate: pem(Buffer.from(der)) })
  const payload = (identity = 'registry.example/web') => simpleSigningPayload({ identity, digest: subject })

  it('names the key that made a signature, and what the image is called', async () => {
    const trust = { keys: [sampleSigner().key, alice.key], identities: [] }
    const signature = Buffer.from(await alice.sign(payload())).toString('base64')
    expect(checkSimpleSigning({ payload: payload(), signature }, { subject, trust, where })).toEqual({
      type: 'https://sigstore.dev/cosign/sign/v1',
      signers: [alice.key.id],
      vouchers: [alice.key.id],
      verified: true,
      reason: 'signed with a trusted key',
      names: ['registry.example/web'],
    })
    const unnamed = Buffer.from(await alice.sign(payload(''))).toString('base64')
    expect(
      checkSimpleSigning({ payload: payload(''), signature: unnamed }, { subject, trust, where }),
    ).not.toHaveProperty('names')
  })

  it.each([
    ['nobody is trusted', { keys: [], identities: [] }, 'it is signed, but no key was given to verify it'],
    [
      'identities are trusted',
      { keys: [], identities: [trustedIdentity({ identity: 'a', issuer: 'b' })] },
      'it is signed with a key, but only identities are trusted',
    ],
    ['another key is trusted', { keys: [alice.key], identities: [] }, 'no trusted key made this signature'],
  ])('is refused where %s', (_, trust, reason) => {
    expect(checkSimpleSigning({ payload: payload(), signature: 'AAAA' }, { subject, trust, where })).toEqual({
      type: 'https://sigstore.dev/cosign/sign/v1',
      signers: [],
      vouchers: [],
      verified: false,
      reason,
      names: ['registry.example/web'],
    })
  })

  it('is refused where it is about another image, or has no signature', () => {
    const trust = { keys: [alice.key], identities: [] }
    const other = { subject: sampleSubject('other'), trust, where }
    expect(checkSimpleSigning({ payload: payload(), signature: 'AAAA' }, other)).toMatchObject({
      verified: false,
      signers: [],
      reason: `it is about ${subject}, not about this image`,
    })
    expect(
      checkSimpleSigning({ payload: payload(), signature: undefined }, { subject, trust, where }),
    ).toEqual({
      type: 'https://sigstore.dev/cosign/sign/v1',
      signers: [],
      vouchers: [],
      verified: false,
      reason: 'evidence, signature: expected base64, found nothing',
    })
  })

  it('with a certificate is proved by the services, or refused', () => {
    const signed = { payload: payload(), signature: 'AAAA', material: material() }
    for (const trust of [trusting({ identities: [] }), { keys: [], identities: [ci()] }])
      expect(checkSimpleSigning(signed, { subject, trust, where })).toMatchObject({
        verified: false,
        signers: [me],
        reason: noIdentity,
        names: ['registry.example/web'],
      })
    expect(checkSimpleSigning(signed, { subject, trust: trusting(), where })).toMatchObject({
      verified: false,
      signers: [],
    })
    const believing: TrustedServices = {
      ...proving,
      certified: () => ({ identity: me, issuer: services.url, time: start }),
    }
    expect(checkSimpleSigning(signed, { subject, trust: trusting({ services: believing }), where })).toEqual({
      type: 'https://sigstore.dev/cosign/sign/v1',
      signers: [`${me} (${services.url})`],
      vouchers: ['ci'],
      verified: true,
      reason: 'signed by a trusted identity',
      time: start.toISOString(),
      names: ['registry.example/web'],
    })
  })

  it('of attestations does the same with an envelope', async () => {
    const envelope = await signEnvelope(statementBytes(sampleStatement('web')), {
      payloadType: evidenceTypes.statement,
      signer: alice,
    })
    const document = bytes(envelopeJson(envelope))
    const verdict = checkDsse(document, { subject, trust: trusting({ identities: [] }), where }, material())
    expect(verdict).toMatchObject({ verified: false, signers: [me], reason: noIdentity })
    const believing: TrustedServices = {
      ...proving,
      certified: () => ({ identity: me, issuer: services.url, time: start }),
    }
    expect(
      checkDsse(document, { subject, trust: trusting({ services: believing }), where }, material()),
    ).toMatchObject({
      verified: true,
      vouchers: ['ci'],
      time: start.toISOString(),
    })
    const named = {
      ...envelope,
      signatures: [{ ...envelope.signatures[0], keyId: 'hint' }],
    } as typeof envelope
    expect(
      checkDsse(bytes(envelopeJson(named)), { subject, trust: { keys: [], identities: [] }, where }).signers,
    ).toEqual(['hint'])
    expect(checkDsse(document, { subject, trust: { keys: [], identities: [] }, where }).signers).toEqual([])
  })
})

it('a statement without a subject is about the image that it is beside, and else about none', () => {
  const trust = { keys: [alice.key], identities: [] }
  const document = bytes({ ...sampleStatement('web'), subject: [] })
  expect(checkStatement(document, { subject, trust, where, place: 'beside' })).toMatchObject({
    type: 'https://example.com/claim/v1',
    verified: false,
    reason: 'it is not signed',
  })
  expect(checkStatement(document, { subject, trust, where })).toMatchObject({
    type: 'unknown',
    verified: false,
    reason: expect.stringContaining('subject: expected a list'),
  })
})

it('a bundle that gives no hint of its key names nobody', async () => {
  const signed = JSON.parse(Buffer.from(await signBundle(sampleStatement('web'), alice)).toString())
  const document = bytes({ ...signed, verificationMaterial: { publicKey: {} } })
  const trust = { keys: [], identities: [] }
  expect(checkBundle(document, { subject, trust, where })).toMatchObject({ verified: false, signers: [] })
})

it('a statement that nobody signed is told as what it is', () => {
  const trust = { keys: [alice.key], identities: [] }
  const document = Buffer.from(statementBytes(sampleStatement('web')))
  expect(checkStatement(document, { subject, trust, where })).toMatchObject({
    verified: false,
    signers: [],
    vouchers: [],
    reason: 'it is not signed',
    names: ['web'],
  })
  const other = checkStatement(document, { subject: sampleSubject('other'), trust, where })
  expect(other).toMatchObject({
    verified: false,
    signers: [],
    reason: `it is about ${subject}, not about this image`,
  })
  expect(other).not.toHaveProperty('names')
})
