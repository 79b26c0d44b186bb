import { describe, expect, it } from 'vitest'
import type { Digest } from '../../base/digest.ts'
import { evidenceTypes, type Signer, type VerificationKey } from '../../model/attestation.ts'
import { signBundle } from '../envelope/bundle.ts'
import { envelopeJson, signEnvelope } from '../envelope/dsse.ts'
import { simpleSigningPayload } from '../envelope/simple-signing.ts'
import { sampleSigner, sampleStatement, sampleSubject } from '../fixtures/sample.ts'
import { documentLimit } from '../json-document.ts'
import { statementBytes } from '../statement/in-toto.ts'
import { type CheckedDocument, checkBundle, checkDsse, checkSimpleSigning, checkStatement } from './check.ts'

const alice = sampleSigner()
const bob = sampleSigner('ed25519')
const mallory = sampleSigner()
const subject = sampleSubject('web')
const expectation = (keys: readonly VerificationKey[] = [alice.key, bob.key]) => ({
  subject,
  trust: { keys, identities: [] },
  where: 'evidence',
})

type Json = Record<string, unknown>

async function bundleOf(signer: Signer, name = 'web'): Promise<Json> {
  return JSON.parse(Buffer.from(await signBundle(sampleStatement(name), signer)).toString()) as Json
}

async function envelopeOf(signers: readonly Signer[], name = 'web'): Promise<Json> {
  const payload = statementBytes(sampleStatement(name))
  const made = await Promise.all(
    signers.map((signer) => signEnvelope(payload, { payloadType: evidenceTypes.statement, signer })),
  )
  const [first] = made
  if (first === undefined) throw new Error('nobody signs')
  return { ...envelopeJson({ ...first, signatures: made.flatMap((each) => each.signatures) }) }
}

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value))
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')

describe('good evidence', () => {
  it.each([
    ['ECDSA', alice],
    ['Ed25519', bob],
  ])('is a bundle signed with %s', async (_name, signer) => {
    expect(checkBundle(bytes(await bundleOf(signer)), expectation())).toMatchObject({
      verified: true,
      signers: [signer.key.id],
      type: 'https://example.com/claim/v1',
    })
  })

  it('is an envelope that two trusted keys signed', async () => {
    const verdict = checkDsse(bytes(await envelopeOf([alice, bob])), expectation())
    expect(verdict).toMatchObject({ verified: true, signers: [alice.key.id, bob.key.id] })
  })

  it('is an older signature', async () => {
    const payload = simpleSigningPayload({ identity: 'registry.example/web', digest: subject })
    const signature = Buffer.from(await alice.sign(payload)).toString('base64')
    expect(checkSimpleSigning({ payload, signature }, expectation())).toMatchObject({
      verified: true,
      signers: [alice.key.id],
    })
  })

  it('may be about several images', async () => {
    const statement = sampleStatement('web')
    const both = { ...statement, subject: [...sampleStatement('other').subject, ...statement.subject] }
    const made = await signBundle(both, alice)
    expect(checkBundle(made, expectation()).verified).toBe(true)
  })

  it('is not verified without a key, and says who claims to have signed', async () => {
    const verdict = checkBundle(bytes(await bundleOf(alice)), expectation([]))
    expect(verdict).toMatchObject({
      verified: false,
      signers: [alice.key.id],
      reason: expect.stringMatching(/no key was given to verify/),
    })
  })
})

/** Every way in which evidence can be bad: the document, and what the refusal has to say. */
const attacks: readonly (readonly [string, () => Promise<CheckedDocument> | CheckedDocument, RegExp])[] = [
  [
    'a payload that was changed after signing',
    async () => {
      const made = await bundleOf(alice)
      const changed = { ...sampleStatement('web'), predicate: { good: false } }
      const envelope = { ...(made['dsseEnvelope'] as Json), payload: base64(changed) }
      return checkBundle(bytes({ ...made, dsseEnvelope: envelope }), expectation())
    },
    /no trusted key made this signature/,
  ],
  [
    'a subject that was swapped after signing',
    async () => {
      const made = await bundleOf(alice, 'other')
      const envelope = { ...(made['dsseEnvelope'] as Json), payload: base64(sampleStatement('web')) }
      return checkBundle(bytes({ ...made, dsseEnvelope: envelope }), expectation())
    },
    /no trusted key made this signature/,
  ],
  [
    'a signature of another image, replayed',
    async () => checkBundle(bytes(await bundleOf(alice, 'other')), expectation()),
    /it is about sha256:[0-9a-f]{64}, not about this image/,
  ],
  [
    'an attestation of another image, replayed in the older scheme',
    async () => checkDsse(bytes(await envelopeOf([alice], 'other')), expectation()),
    /not about this image/,
  ],
  [
    'a key that nobody trusts',
    async () => checkBundle(bytes(await bundleOf(mallory)), expectation()),
    /no trusted key made this signature/,
  ],
  [
    'a key that nobody trusts, under the name of a trusted one',
    async () => {
      const { verificationMaterial } = await bundleOf(alice)
      return checkBundle(bytes({ ...(await bundleOf(mallory)), verificationMaterial }), expectation())
    },
    /no trusted key made this signature/,
  ],
  [
    'two signatures, the second of which is bad',
    async () => checkDsse(bytes(await envelopeOf([alice, mallory])), expectation()),
    /no trusted key made signature 2 of 2/,
  ],
  [
    'two signatures, the first of which is bad',
    async () => checkDsse(bytes(await envelopeOf([mallory, alice])), expectation()),
    /no trusted key made signature 1 of 2/,
  ],
  [
    'a bundle with two signatures',
    async () => {
      const made = await bundleOf(alice)
      return checkBundle(bytes({ ...made, dsseEnvelope: await envelopeOf([alice, mallory]) }), expectation())
    },
    /expected exactly one signature, found 2/,
  ],
  [
    'a bundle without a signature',
    async () => {
      const made = await bundleOf(alice)
      const envelope = { ...(made['dsseEnvelope'] as Json), signatures: [] }
      return checkBundle(bytes({ ...made, dsseEnvelope: envelope }), expectation())
    },
    /expected a list that is not empty, found \[\]/,
  ],
  [
    'another payload type than was signed',
    async () => {
      const made = await bundleOf(alice)
      const envelope = { ...(made['dsseEnvelope'] as Json), payloadType: 'application/json' }
      return checkBundle(bytes({ ...made, dsseEnvelope: envelope }), expectation())
    },
    /expected a signed application\/vnd\.in-toto\+json/,
  ],
  [
    'a certificate where a key is expected',
    async () => {
      const verificationMaterial = { certificate: { rawBytes: 'AAAA' } }
      return checkBundle(bytes({ ...(await bundleOf(alice)), verificationMaterial }), expectation())
    },
    /signed with a certificate/,
  ],
  [
    'both a key and a certificate',
    async () => {
      const made = await bundleOf(alice)
      const verificationMaterial = { publicKey: { hint: 'x' }, certificate: { rawBytes: 'AAAA' } }
      return checkBundle(bytes({ ...made, verificationMaterial }), expectation())
    },
    /found publicKey and certificate/,
  ],
  [
    'the signature of a file beside the envelope',
    async () => {
      const messageSignature = { messageDigest: {}, signature: 'AAAA' }
      return checkBundle(bytes({ ...(await bundleOf(alice)), messageSignature }), expectation())
    },
    /found the signature of a file/,
  ],
  [
    'a bundle of a version to come',
    async () => {
      const mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.4'
      return checkBundle(bytes({ ...(await bundleOf(alice)), mediaType }), expectation())
    },
    /expected a bundle of version 0\.1 to 0\.3/,
  ],
  [
    'a statement nested deeper than any stack',
    () => {
      const payload = Buffer.from(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`).toString('base64')
      const envelope = { payload, payloadType: evidenceTypes.statement, signatures: [{ sig: 'AAAA' }] }
      return checkDsse(bytes(envelope), expectation())
    },
    /nested deeper than 64 levels/,
  ],
  [
    'a document beyond the limit',
    () => checkDsse(Buffer.alloc(documentLimit + 1, 0x20), expectation()),
    /more than the limit of 134217728/,
  ],
  [
    'more subjects than anything has',
    () => {
      const many = Array.from({ length: 1001 }, () => ({ digest: { sha256: 'x' } }))
      return checkStatement(bytes({ ...sampleStatement('web'), subject: many }), expectation())
    },
    /at most 1000 members/,
  ],
  [
    'a subject with another kind of digest only',
    () => {
      const other = [{ digest: { sha512: subject.slice(7) } }]
      return checkStatement(bytes({ ...sampleStatement('web'), subject: other }), expectation())
    },
    /something without a SHA-256 digest/,
  ],
  [
    'a statement that nobody signed',
    () => checkStatement(statementBytes(sampleStatement('web')), expectation()),
    /it is not signed/,
  ],
  [
    'an older signature of another image, replayed',
    async () => {
      const payload = simpleSigningPayload({ identity: 'web', digest: sampleSubject('other') })
      const signature = Buffer.from(await alice.sign(payload)).toString('base64')
      return checkSimpleSigning({ payload, signature }, expectation())
    },
    /not about this image/,
  ],
  [
    'an older signature whose payload was changed',
    async () => {
      const signed = simpleSigningPayload({ identity: 'web', digest: sampleSubject('other') })
      const signature = Buffer.from(await alice.sign(signed)).toString('base64')
      const payload = simpleSigningPayload({ identity: 'web', digest: subject })
      return checkSimpleSigning({ payload, signature }, expectation())
    },
    /no trusted key made this signature/,
  ],
  [
    'an older payload without its signature',
    () =>
      checkSimpleSigning(
        { payload: simpleSigningPayload({ identity: 'web', digest: subject }), signature: undefined },
        expectation(),
      ),
    /expected base64, found nothing/,
  ],
  [
    'an older payload with a digest that is none',
    async () => {
      const payload = simpleSigningPayload({ identity: 'web', digest: 'sha256:../../etc' as Digest })
      return checkSimpleSigning({ payload, signature: 'AAAA' }, expectation())
    },
    /expected a SHA-256 digest/,
  ],
  [
    'a signature over the bare payload, as if there were no envelope',
    async () => {
      const payload = statementBytes(sampleStatement('web'))
      const signature = Buffer.from(await alice.sign(payload)).toString('base64')
      const envelope = {
        payload: Buffer.from(payload).toString('base64'),
        payloadType: evidenceTypes.statement,
        signatures: [{ sig: signature }],
      }
      return checkDsse(bytes(envelope), expectation())
    },
    /no trusted key made this signature/,
  ],
]

describe('bad evidence', () => {
  it.each(attacks)('%s is refused', async (_attack, check, reason) => {
    const verdict = await check()
    expect(verdict.verified).toBe(false)
    expect(verdict.reason).toMatch(reason)
  })
})
