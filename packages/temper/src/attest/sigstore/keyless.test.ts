import { bundleToJSON } from '@sigstore/bundle'
import { DSSEBundleBuilder, FulcioSigner, RekorWitness, TSAWitness } from '@sigstore/sign'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttp } from '../../base/http/http.ts'
import { evidenceTypes, type Trust } from '../../model/attestation.ts'
import { signBundle } from '../envelope/bundle.ts'
import { LoopbackSigstore } from '../fixtures/loopback/sigstore.ts'
import { sampleStatement, sampleSubject } from '../fixtures/sample.ts'
import { statementBytes } from '../statement/in-toto.ts'
import { checkBundle } from '../trust/check.ts'
import { trustedIdentity } from '../trust/identity.ts'
import type { SigstoreAddresses } from './client.ts'
import { keylessSigner } from './keyless.ts'
import { readTrustedServices } from './trusted-services.ts'

const now = new Date('2026-05-06T07:08:09Z')
const me = 'https://ci.example/team'
const http = createHttp({ fetch: globalThis.fetch, firstDelay: 1 })
let services: LoopbackSigstore
let trust: Trust
beforeAll(async () => {
  services = await LoopbackSigstore.start(now)
  trust = {
    keys: [],
    identities: [trustedIdentity({ identity: me, issuer: services.url }, 'ci')],
    services: await readTrustedServices(Buffer.from(JSON.stringify(services.trustedRoot())), 'root.json'),
  }
})
afterAll(() => services.stop())

const judge = (bundle: Uint8Array) =>
  checkBundle(bundle, { subject: sampleSubject('web'), trust, where: 'evidence' })

describe('without a key', () => {
  it('signs with one certificate what is logged and timestamped one by one', async () => {
    const before = services.seen.length
    const signer = await keylessSigner(services.token(me), { http, addresses: services.addresses })
    for (const name of ['web', 'other']) await signBundle(sampleStatement(name), signer)
    expect(services.seen.slice(before).sort()).toEqual([
      ...['POST /api/v1/log/entries', 'POST /api/v1/log/entries'],
      ...['POST /api/v1/timestamp', 'POST /api/v1/timestamp'],
      'POST /api/v2/signingCert',
    ])
  })

  it('names an e-mail address that the provider has seen, and else the subject', async () => {
    const signer = async (more: object) =>
      await keylessSigner(services.token(me, more), { http, addresses: services.addresses })
    const known = await signer({ email: 'me@example.com', email_verified: true })
    expect(known.certificate?.identity).toBe('me@example.com')
    const verdict = judge(await signBundle(sampleStatement('web'), known))
    expect(verdict.signers).toEqual([`me@example.com (${services.url})`])
  })

  it('is what the library of Sigstore does: its bundles are verified too', async () => {
    const options = { timeout: 10_000, retry: 0 }
    const builder = new DSSEBundleBuilder({
      signer: new FulcioSigner({
        fulcioBaseURL: services.url,
        identityProvider: { getToken: async () => services.token(me) },
        ...options,
      }),
      witnesses: [
        new RekorWitness({ rekorBaseURL: services.url, entryType: 'dsse', ...options }),
        new TSAWitness({ tsaBaseURL: services.url, ...options }),
      ],
    })
    const data = Buffer.from(statementBytes(sampleStatement('web')))
    const bundle = await builder.create({ data, type: evidenceTypes.statement })
    const json = Buffer.from(JSON.stringify(bundleToJSON(bundle)))
    expect(judge(json)).toMatchObject({ verified: true, vouchers: ['ci'], time: now.toISOString() })
  })
})

/** Services that answer something else than they should. */
const answers: readonly (readonly [string, keyof SigstoreAddresses, unknown, RegExp])[] = [
  ['no certificate', 'fulcio', {}, /expected a certificate with an embedded SCT/],
  ['a certificate that is none', 'fulcio', chain('x'), /certificates? in PEM/],
  ['no log entry', 'rekor', {}, /expected one entry, found 0$/],
  ['two log entries', 'rekor', { a: {}, b: {} }, /expected one entry, found 2/],
  ['a log entry without a body', 'rekor', { a: {} }, /body: expected base64/],
  [
    'a log entry of something else',
    'rekor',
    { a: { body: otherBody() } },
    /expected the signature that was sent/,
  ],
  ['no timestamp', 'tsa', {}, /expected a timestamp for the digest/],
]

function chain(pem: string) {
  return { signedCertificateEmbeddedSct: { chain: { certificates: [pem] } } }
}

function otherBody(): string {
  const spec = { signatures: [{ signature: 'AAAA' }] }
  return Buffer.from(JSON.stringify({ kind: 'dsse', apiVersion: '0.0.1', spec })).toString('base64')
}

describe('services that are broken', () => {
  it.each(answers)('give %s: nothing is signed', async (_name, service, answer, reason) => {
    const fetch: typeof globalThis.fetch = async (input, init) =>
      String(input).startsWith('http://broken.example')
        ? new Response(JSON.stringify(answer), { status: 201 })
        : globalThis.fetch(input, init)
    const addresses = { ...services.addresses, [service]: 'http://broken.example' }
    const made = async () => {
      const signer = await keylessSigner(services.token(me), { http: createHttp({ fetch }), addresses })
      return await signBundle(sampleStatement('web'), signer)
    }
    await expect(made()).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(reason),
    })
  })

  it.each([
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [400, 'network'],
    [503, 'network'],
  ])('answer %s: the error is %s, with what they say', async (status, code) => {
    const body = JSON.stringify({ message: 'not today' })
    const fetch: typeof globalThis.fetch = async () => new Response(body, { status })
    const quick = createHttp({ fetch, firstDelay: 1 })
    const made = keylessSigner(services.token(me), { http: quick, addresses: services.addresses })
    await expect(made).rejects.toMatchObject({ code, message: expect.stringMatching(`${status}: not today`) })
  })
})
