import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttp } from '../base/http/http.ts'
import type { JsonObject } from '../base/json/value.ts'
import { evidenceTypes, type Signer, type Statement, type Trust } from '../model/attestation.ts'
import { signBundle } from './envelope/bundle.ts'
import { envelopeJson, preAuthEncoding, signEnvelope } from './envelope/dsse.ts'
import { LoopbackSigstore } from './fixtures/loopback/sigstore.ts'
import { sampleSigner, sampleStatement, sampleSubject } from './fixtures/sample.ts'
import { keylessSigner } from './sigstore/keyless.ts'
import { logEnvelope } from './sigstore/rekor.ts'
import { requestTimestamp } from './sigstore/timestamp.ts'
import { readTrustedServices } from './sigstore/trusted-services.ts'
import { statementBytes } from './statement/in-toto.ts'
import { type CheckedDocument, checkBundle, checkDsse } from './trust/check.ts'
import { trustedIdentity } from './trust/identity.ts'

/*
 * What somebody can do who may write to the registry, holds keys of his own, and has an identity of his own with the
 * same services: each has to be refused, with its reason.
 */

const start = new Date('2026-05-06T07:08:09Z')
const me = 'https://ci.example/team'
const http = createHttp({ fetch: globalThis.fetch, firstDelay: 1 })
const alice = sampleSigner()
const mallory = sampleSigner()
let services: LoopbackSigstore
/** The same software, run by somebody whom nobody trusts. */
let rogue: LoopbackSigstore
let trust: Trust
let bundle: JsonObject
let otherEntry: JsonObject

beforeAll(async () => {
  ;[services, rogue] = [await LoopbackSigstore.start(start), await LoopbackSigstore.start(start)]
  const root = Buffer.from(JSON.stringify(services.trustedRoot()))
  trust = {
    keys: [alice.key],
    identities: [trustedIdentity({ identity: me, issuer: services.url }, 'ci')],
    services: await readTrustedServices(root, 'root.json'),
  }
  // Neighbours in the log, so that proofs have hashes in them.
  for (const name of ['a', 'b', 'c']) otherEntry = entryOf(await signed(sampleStatement(name)))
  bundle = await signed()
  for (const name of ['d', 'e']) await signed(sampleStatement(name))
})
afterAll(() => Promise.all([services.stop(), rogue.stop()]))

const signerOf = (sub = me, of = services): Promise<Signer> =>
  keylessSigner(of.token(sub), { http, addresses: of.addresses })

async function signed(statement: Statement = sampleStatement('web'), signer?: Signer): Promise<JsonObject> {
  return read(await signBundle(statement, signer ?? (await signerOf())))
}

const read = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString()) as JsonObject

/** A part of a document, by the names on the way. */
function part(json: JsonObject, ...path: readonly (string | number)[]): Record<string, unknown> {
  let member: unknown = json
  for (const name of path) member = (member as Record<string | number, unknown>)[name]
  return member as Record<string, unknown>
}
const entryPath = ['verificationMaterial', 'tlogEntries', 0] as const
const entryOf = (json: JsonObject): JsonObject => part(json, ...entryPath)

/** A copy with a change in it. */
function changed(change: (copy: JsonObject) => void, json = bundle): JsonObject {
  const copy = structuredClone(json)
  change(copy)
  return copy
}

function put(object: Record<string, unknown>, name: string, value: unknown): void {
  object[name] = value
}

/** Base64 with one bit turned. */
function bent(value: unknown, at = 20): string {
  const bytes = Buffer.from(String(value), 'base64')
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes.toString('base64')
}

const judge = (json: JsonObject, believed = trust): CheckedDocument =>
  checkBundle(Buffer.from(JSON.stringify(json)), {
    subject: sampleSubject('web'),
    trust: believed,
    where: 'evidence',
  })

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')

it('believes what nobody tampered with', () => {
  expect(judge(bundle)).toMatchObject({ verified: true, vouchers: ['ci'], time: start.toISOString() })
  // A proof of inclusion does without the promise, when the timestamp authority has the time.
  expect(judge(changed((copy) => Reflect.deleteProperty(entryOf(copy), 'inclusionPromise')))).toMatchObject({
    verified: true,
  })
})

const attacks: readonly (readonly [string, () => JsonObject | Promise<JsonObject>, RegExp])[] = [
  [
    'a payload that was changed',
    () =>
      changed((copy) => {
        part(copy, 'dsseEnvelope')['payload'] = base64({
          ...sampleStatement('web'),
          predicate: { good: false },
        })
      }),
    /log entry is for something else|signature is wrong/,
  ],
  [
    'a signature that was changed',
    () =>
      changed((copy) => {
        const [first] = part(copy, 'dsseEnvelope')['signatures'] as Record<string, unknown>[]
        if (first !== undefined) first['sig'] = bent(first['sig'], 40)
      }),
    /no trusted service confirms/,
  ],
  [
    'a bundle of another image, attached to this one',
    () => signed(sampleStatement('other')),
    /not about this image/,
  ],
  [
    'another identity of the same services',
    async () => signed(undefined, await signerOf('https://ci.example/team-2')),
    /is signed by https:\/\/ci\.example\/team-2 .*who is not trusted/,
  ],
  [
    'the same name from another provider',
    async () => {
      const token = services.token(me, { iss: 'https://issuer.example' })
      return signed(undefined, await keylessSigner(token, { http, addresses: services.addresses }))
    },
    /\(https:\/\/issuer\.example\), who is not trusted/,
  ],
  [
    'services that nobody trusts',
    async () => signed(undefined, await signerOf(me, rogue)),
    /no trusted service confirms/,
  ],
  [
    'a certificate of an authority that nobody trusts, with a log and times that are trusted',
    async () => {
      const { fulcio } = rogue.addresses
      const addresses = { ...services.addresses, fulcio }
      return signed(undefined, await keylessSigner(rogue.token(me), { http, addresses }))
    },
    /certificate is not valid/,
  ],
  [
    'a certificate that had expired when it was used',
    async () => {
      const signer = await signerOf()
      services.now = new Date(start.getTime() + 3_600_000)
      return signed(undefined, signer).finally(() => {
        services.now = start
      })
    },
    /certificate is not valid \(.*not valid or expired/,
  ],
  [
    'a certificate that was not valid yet',
    async () => {
      services.now = new Date(start.getTime() + 3_600_000)
      const signer = await signerOf()
      services.now = start
      return signed(undefined, signer)
    },
    /certificate is not valid/,
  ],
  [
    'no log entry',
    () => changed((copy) => put(part(copy, 'verificationMaterial'), 'tlogEntries', [])),
    /not in a trusted log/,
  ],
  [
    'no log entry and no timestamp',
    () =>
      changed((copy) => {
        part(copy, 'verificationMaterial')['tlogEntries'] = []
        Reflect.deleteProperty(part(copy, 'verificationMaterial'), 'timestampVerificationData')
      }),
    /no trusted service confirms when it was signed/,
  ],
  [
    'a log entry without promise and proof',
    () =>
      changed((copy) => {
        Reflect.deleteProperty(entryOf(copy), 'inclusionPromise')
        Reflect.deleteProperty(entryOf(copy), 'inclusionProof')
      }),
    /bundle cannot be read|has no proof/,
  ],
  [
    'the log entry of another signature',
    () => changed((copy) => put(part(copy, 'verificationMaterial'), 'tlogEntries', [otherEntry])),
    /log entry is for something else/,
  ],
  [
    'a promise that was changed',
    () =>
      changed((copy) => {
        const promise = part(copy, ...entryPath, 'inclusionPromise')
        promise['signedEntryTimestamp'] = bent(promise['signedEntryTimestamp'], 30)
      }),
    /no trusted log promised/,
  ],
  [
    'a time of the log that was changed',
    () =>
      changed((copy) => {
        part(copy, ...entryPath)['integratedTime'] = String(start.getTime() / 1000 + 60)
      }),
    /no trusted log promised/,
  ],
  [
    'a proof of inclusion with another hash in it',
    () =>
      changed((copy) => {
        const hashes = part(copy, ...entryPath, 'inclusionProof')['hashes'] as string[]
        hashes[0] = bent(hashes[0])
      }),
    /nothing proves that its log entry is in the log \(calculated root hash/,
  ],
  [
    'a proof of inclusion at another place',
    () => changed((copy) => put(part(copy, ...entryPath, 'inclusionProof'), 'logIndex', '0')),
    /nothing proves that its log entry is in the log/,
  ],
  [
    'a checkpoint that nobody signed',
    () =>
      changed((copy) => {
        const checkpoint = part(copy, ...entryPath, 'inclusionProof', 'checkpoint')
        checkpoint['envelope'] = String(checkpoint['envelope']).replace(/\n4\n/, '\n5\n')
      }),
    /nothing proves that its log entry is in the log \(invalid checkpoint signature/,
  ],
  [
    'the same log entry twice, to count for two',
    () =>
      changed(
        (copy) => void (part(copy, 'verificationMaterial')['tlogEntries'] as unknown[]).push(entryOf(copy)),
      ),
    /duplicate/,
  ],
  [
    'a timestamp of another signature',
    async () => {
      const other = await signed(sampleStatement('other'))
      return changed((copy) => {
        part(copy, 'verificationMaterial')['timestampVerificationData'] = part(other, 'verificationMaterial')[
          'timestampVerificationData'
        ]
      })
    },
    /no trusted service confirms/,
  ],
  [
    'the key of another certificate in the place of the signer',
    async () => {
      const other = await signed(undefined, await signerOf('https://ci.example/other'))
      return changed((copy) => {
        const certificate = part(bundle, 'verificationMaterial')['certificate']
        part(copy, 'verificationMaterial')['certificate'] = certificate
      }, other)
    },
    /signature is wrong/,
  ],
  [
    'a certificate whose name was changed',
    () =>
      changed((copy) => {
        const certificate = part(copy, 'verificationMaterial', 'certificate')
        const der = Buffer.from(String(certificate['rawBytes']), 'base64')
        der.write('tram', der.indexOf('ci.example/team') + 'ci.example/'.length)
        certificate['rawBytes'] = der.toString('base64')
      }),
    /certificate is not valid/,
  ],
  [
    'more log entries than anybody makes',
    () =>
      changed((copy) => {
        part(copy, 'verificationMaterial')['tlogEntries'] = Array.from({ length: 100 }, () => entryOf(copy))
      }),
    /at most 16 log entries/,
  ],
  [
    'certificates that are nested without end',
    () =>
      changed((copy) => {
        const nested = Buffer.concat(Array.from({ length: 20_000 }, () => Buffer.from([0x30, 0x80])))
        part(copy, 'verificationMaterial', 'certificate')['rawBytes'] = nested.toString('base64')
      }),
    /bundle cannot be read/,
  ],
  [
    'an envelope with two signatures, one of them bad',
    async () => {
      const bad = await mallory.sign(Buffer.from('something else'))
      return changed((copy) => {
        const { signatures } = part(copy, 'dsseEnvelope') as { signatures: unknown[] }
        signatures.push({ sig: Buffer.from(bad).toString('base64') })
      })
    },
    /exactly one signature, found 2/,
  ],
  [
    'a key in the place of the certificate',
    async () => signed(undefined, mallory),
    /no trusted key made this signature/,
  ],
]

describe('refuses', () => {
  it.each(attacks)('%s', async (_name, prepare, reason) => {
    expect(judge(await prepare())).toMatchObject({
      verified: false,
      vouchers: [],
      reason: expect.stringMatching(reason),
    })
  })

  it('an identity when only keys are trusted, and says whose it claims to be', () => {
    expect(judge(bundle, { keys: [alice.key], identities: [] })).toMatchObject({
      verified: false,
      signers: [me],
      reason: expect.stringMatching(/no trusted identity was named/),
    })
  })

  it('a key when only identities are trusted', async () => {
    const verdict = judge(await signed(undefined, alice), { ...trust, keys: [] })
    expect(verdict.reason).toMatch(/signed with a key, but only identities are trusted/)
  })

  it('an older envelope with two signatures of which one is bad', async () => {
    const payload = statementBytes(sampleStatement('web'))
    const payloadType = evidenceTypes.statement
    const made = await Promise.all(
      [alice, mallory].map((signer) => signEnvelope(payload, { payloadType, signer })),
    )
    const envelope = {
      payload,
      payloadType,
      signatures: made.flatMap(({ signatures }) => signatures),
    }
    const expected = { subject: sampleSubject('web'), trust, where: 'evidence' }
    const verdict = checkDsse(Buffer.from(JSON.stringify(envelopeJson(envelope))), expected)
    expect(verdict).toMatchObject({ verified: false, reason: 'no trusted key made signature 2 of 2' })
  })

  it('a certificate that is not for signing code', async () => {
    // Fulcio makes none; an authority that serves other purposes too might.
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const der = services.certify({
      key: publicKey,
      subject: me,
      email: false,
      issuer: services.url,
      purpose: 'time',
    })
    const payload = statementBytes(sampleStatement('web'))
    const payloadType = evidenceTypes.statement
    const signature = sign(
      'sha256',
      preAuthEncoding(payloadType, payload),
      createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })),
    )
    const envelope = { payload, payloadType, signatures: [{ signature }] }
    const verifier = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`
    const { rekor, tsa } = services.addresses
    const stamp = Buffer.from(await requestTimestamp(signature, { http, tsa })).toString('base64')
    const made = {
      mediaType: evidenceTypes.bundle,
      verificationMaterial: {
        certificate: { rawBytes: der.toString('base64') },
        tlogEntries: [await logEnvelope(envelope, { http, rekor, verifier })],
        timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: stamp }] },
      },
      dsseEnvelope: envelopeJson(envelope),
    }
    expect(judge(made).reason).toMatch(/not for signing code/)
  })
})
