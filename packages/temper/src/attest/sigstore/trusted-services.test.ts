import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { createHttp } from '../../base/http/http.ts'
import type { JsonObject } from '../../base/json/value.ts'
import type { Signer, Trust, TrustedServices } from '../../model/attestation.ts'
import { signBundle } from '../envelope/bundle.ts'
import { signEnvelope } from '../envelope/dsse.ts'
import { simpleSigningPayload } from '../envelope/simple-signing.ts'
import { pem } from '../fixtures/loopback/authority.ts'
import { LoopbackSigstore } from '../fixtures/loopback/sigstore.ts'
import { sampleSigner, sampleStatement, sampleSubject } from '../fixtures/sample.ts'
import { objectOf } from '../json-document.ts'
import { checkBundle, checkSimpleSigning } from '../trust/check.ts'
import { trustedIdentity } from '../trust/identity.ts'
import { keylessSigner } from './keyless.ts'
import { logEnvelope } from './rekor.ts'
import { requestTimestamp } from './timestamp.ts'
import { readTrustedServices } from './trusted-services.ts'

const start = new Date('2026-05-06T07:08:09Z')
const minute = 60_000
const me = 'https://ci.example/team'
const http = createHttp({ fetch: globalThis.fetch, firstDelay: 1 })
const alice = sampleSigner()
const [subject, where] = [sampleSubject('web'), 'evidence']
let services: LoopbackSigstore
let proving: TrustedServices
let ci: Signer
/** What the identity signed, with a log entry and a timestamp of the start. */
let bundle: JsonObject

const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value))
const partOf = (value: unknown) => objectOf(value, 'part')
const jsonOf = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString()) as JsonObject
const reading = (root: unknown) => readTrustedServices(bytesOf(root), 'root.json')

beforeAll(async () => {
  services = await LoopbackSigstore.start(start)
  proving = await reading(services.trustedRoot())
  ci = await keylessSigner(services.token(me), { http, addresses: services.addresses })
  bundle = jsonOf(await signBundle(sampleStatement('web'), ci))
})
afterAll(() => services.stop())

/** With other witnesses than a bundle has. */
function witnessed(json: JsonObject, change: JsonObject): JsonObject {
  return { ...json, verificationMaterial: { ...partOf(json['verificationMaterial']), ...change } }
}
const entryOf = (json: JsonObject): JsonObject => {
  const [entry] = partOf(json['verificationMaterial'])['tlogEntries'] as readonly JsonObject[]
  return entry ?? {}
}
const signatureOf = (json: JsonObject): Uint8Array => {
  const [first] = partOf(json['dsseEnvelope'])['signatures'] as readonly { readonly sig: string }[]
  return Buffer.from(first?.sig ?? '', 'base64')
}

/** A timestamp for a signature, made some minutes after the start. */
async function stamped(signature: Uint8Array, minutes: number): Promise<JsonObject> {
  services.now = new Date(start.getTime() + minutes * minute)
  const { tsa } = services.addresses
  const stamp = await requestTimestamp(signature, { http, tsa }).finally(() => {
    services.now = start
  })
  return { rfc3161Timestamps: [{ signedTimestamp: Buffer.from(stamp).toString('base64') }] }
}

const trust = (): Trust => ({
  keys: [alice.key],
  identities: [trustedIdentity({ identity: me, issuer: services.url }, 'ci')],
  services: proving,
})
const judge = (json: JsonObject) => checkBundle(bytesOf(json), { subject, trust: trust(), where })

describe('the time of a signature', () => {
  it('is the first that a trusted service proves: the log and the timestamp authority each have one', async () => {
    const late = witnessed(bundle, { timestampVerificationData: await stamped(signatureOf(bundle), 2) })
    expect(judge(late)).toMatchObject({ verified: true, time: start.toISOString() })
  })

  it('is not that of a log entry without a promise: nobody signed it, and anybody may write an earlier one', async () => {
    const { inclusionPromise: _, ...entry } = entryOf(bundle)
    const integratedTime = String(start.getTime() / 1000 - 86_400)
    const json = witnessed(bundle, { tlogEntries: [{ ...entry, integratedTime }] })
    expect(judge(json)).toMatchObject({ verified: true, time: start.toISOString() })
  })

  it('is that of the log where there is no timestamp', () => {
    for (const timestampVerificationData of [null, undefined, {}])
      expect(judge(witnessed(bundle, { timestampVerificationData }))).toMatchObject({
        verified: true,
        time: start.toISOString(),
      })
  })
})

describe('the time of what a key signed', () => {
  it('is proved by a timestamp alone, or by a log alone', async () => {
    const signed = jsonOf(await signBundle(sampleStatement('web'), alice))
    const timestampVerificationData = await stamped(signatureOf(signed), 3)
    expect(judge(witnessed(signed, { timestampVerificationData }))).toMatchObject({
      verified: true,
      vouchers: [alice.key.id],
      time: new Date(start.getTime() + 3 * minute).toISOString(),
    })
    const envelope = {
      payload: Buffer.from(String(partOf(signed['dsseEnvelope'])['payload']), 'base64'),
      payloadType: String(partOf(signed['dsseEnvelope'])['payloadType']),
      signatures: [{ signature: signatureOf(signed) }],
    }
    const entry = await logEnvelope(envelope, { http, rekor: services.url, verifier: alice.key.pem })
    expect(judge(witnessed(signed, { tlogEntries: [entry] })).time).toBe(start.toISOString())
  })

  it('is not known where nobody witnessed it', async () => {
    const signed = jsonOf(await signBundle(sampleStatement('web'), alice))
    expect(proving.signedAt(signed, alice.key)).toBeUndefined()
  })

  it('is not that of a timestamp for another signature', async () => {
    const signed = jsonOf(await signBundle(sampleStatement('web'), alice))
    const other = await signEnvelope(Buffer.from('x'), { payloadType: 'text/plain', signer: alice })
    const stamp = await stamped(other.signatures[0]?.signature ?? new Uint8Array(), 0)
    const verdict = judge(witnessed(signed, { timestampVerificationData: stamp }))
    expect(verdict.verified).toBe(true)
    expect(verdict).not.toHaveProperty('time')
  })
})

describe('the older scheme with a certificate', () => {
  /** As cosign attaches it: the certificate, and an RFC 3161 timestamp or the promise of the log. */
  async function older(payload: Uint8Array) {
    const signature = Buffer.from(await ci.sign(payload)).toString('base64')
    const certificate = pem(Buffer.from(ci.certificate?.der ?? []))
    const spec = {
      data: { hash: { algorithm: 'sha256', value: hexOfSha256(payload) } },
      signature: { content: signature, publicKey: { content: Buffer.from(certificate).toString('base64') } },
    }
    const logged = services.log.append({ apiVersion: '0.0.1', kind: 'hashedrekord', spec }, start)
    const [entry] = Object.values(logged) as [JsonObject]
    const { verification, ...Payload } = entry
    const { signedEntryTimestamp } = partOf(verification)
    const log = JSON.stringify({ SignedEntryTimestamp: signedEntryTimestamp, Payload })
    return { signature, material: { certificate, bundle: log } }
  }

  it('is verified over the payload that was signed, and over no other', async () => {
    const payload = simpleSigningPayload({ identity: 'registry.example/web', digest: subject })
    const signed = await older(payload)
    const expected = { subject, trust: trust(), where }
    expect(checkSimpleSigning({ payload, ...signed }, expected)).toMatchObject({
      verified: true,
      vouchers: ['ci'],
      time: start.toISOString(),
    })
    const other = simpleSigningPayload({ identity: 'registry.example/other', digest: subject })
    expect(checkSimpleSigning({ payload: other, ...signed }, expected)).toMatchObject({ verified: false })
  })
})

function hexOfSha256(bytes: Uint8Array): string {
  return sha256(bytes).slice('sha256:'.length)
}

describe('a bundle', () => {
  it('may have as many log entries as there may be, and no more', () => {
    const reason = (count: number) => judge(witnessed(bundle, { tlogEntries: Array(count).fill({}) })).reason
    expect(reason(16)).not.toContain('at most')
    expect(reason(17)).toBe('the bundle: expected at most 16 log entries and timestamps, found 17')
  })

  it('that nothing proves is refused briefly, with what the library said as the cause', () => {
    const kindVersion = { kind: 'x'.repeat(999), version: '0.0.1' }
    const json = witnessed(bundle, { tlogEntries: [{ ...entryOf(bundle), kindVersion }] })
    expect(() => proving.certified(json)).toThrow(
      expect.objectContaining({
        code: 'bad-attestation',
        message: expect.stringMatching(/^its log entry is for something else \(.{200}\)$/),
        cause: expect.any(Error),
      }),
    )
  })
})

describe('a trusted root', () => {
  const logs = () => services.trustedRoot()['tlogs'] as readonly JsonObject[]

  it('that names no log, or no authority, trusts none', async () => {
    for (const [service, reason] of [
      ['tlogs', /no trusted log promised|no trusted service confirms/],
      ['ctlogs', /certificate is not valid/],
      ['certificateAuthorities', /certificate is not valid/],
      ['timestampAuthorities', /no trusted service confirms/],
    ] as const) {
      const without = await reading({ ...services.trustedRoot(), [service]: [] })
      const verdict = checkBundle(bytesOf(bundle), {
        subject,
        trust: { ...trust(), services: without },
        where,
      })
      expect(verdict).toMatchObject({ verified: false, vouchers: [], reason: expect.stringMatching(reason) })
    }
  })

  it.each([
    ['an empty document', {}],
    ['empty lists', { tlogs: [], ctlogs: [], certificateAuthorities: [], timestampAuthorities: [] }],
    ['another kind of document', { version: 1, keys: { ours: 'ours.pub' }, rules: [] }],
    ['another kind of document of Sigstore', { mediaType: 'x', caUrls: [{ url: 'https://fulcio.example' }] }],
  ])('is not %s', async (_, document) => {
    await expect(reading(document)).rejects.toMatchObject({
      code: 'bad-trust',
      message: expect.stringMatching(
        /^root\.json: expected a Sigstore trusted root: .*at least one service in certificateAuthorities/,
      ),
    })
  })

  it('that cannot be used is refused briefly, with where to get one', async () => {
    const [log] = logs()
    const endless = { ...log, baseUrl: 'x'.repeat(999), publicKey: {} }
    await expect(reading({ ...services.trustedRoot(), tlogs: [endless] })).rejects.toMatchObject({
      code: 'bad-trust',
      message: expect.stringMatching(/: the key of the log x{105} has no validFor\.start$/),
    })
    const unread = { ...log, hashAlgorithm: 'x'.repeat(999) }
    await expect(reading({ ...services.trustedRoot(), tlogs: [unread] })).rejects.toMatchObject({
      code: 'bad-trust',
      message: expect.stringMatching(/^root\.json: expected a Sigstore trusted root: .{200}$/s),
      hint: 'Get one from whoever runs the services.',
      next: { action: 'get-trusted-root' },
      cause: expect.any(Error),
    })
  })
})
