import { describe, expect, it } from 'vitest'
import { createHttp } from '../../base/http/http.ts'
import { signEnvelope } from '../envelope/dsse.ts'
import { sampleSigner } from '../fixtures/sample.ts'
import { certificatePem, logEnvelope } from './rekor.ts'

const signer = sampleSigner()
const envelope = await signEnvelope(Buffer.from('payload'), { payloadType: 'text/plain', signer })
const signature = Buffer.from(envelope.signatures[0]?.signature ?? []).toString('base64')
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
const body = (signatures: unknown = [{ signature }], more = {}) =>
  base64({ kind: 'dsse', apiVersion: '0.0.1', spec: { signatures }, ...more })
const proof = { logIndex: 0, treeSize: 3, rootHash: 'ab', hashes: ['00ff', '01'], checkpoint: 'log\n3\n' }
const entry = {
  body: body(),
  logIndex: 7,
  logID: 'c0ffee',
  integratedTime: 0,
  verification: { signedEntryTimestamp: 'AQID', inclusionProof: proof },
}

/** The entry that bundles hold, of a log that answers so; and what it was asked. */
async function logged(answer: unknown, rekor = 'https://rekor.example//') {
  const asked: { readonly url: string; readonly body: unknown }[] = []
  const fetch: typeof globalThis.fetch = async (url, init) => {
    asked.push({ url: String(url), body: JSON.parse(String(init?.body)) })
    return new Response(JSON.stringify(answer), { status: 201 })
  }
  const made = await logEnvelope(envelope, { http: createHttp({ fetch }), rekor, verifier: 'PEM' })
  return { made, asked }
}

describe('a log entry', () => {
  it('is asked for with the envelope and what verifies it', async () => {
    const { asked } = await logged({ id: entry })
    expect(asked).toEqual([
      {
        url: 'https://rekor.example/api/v1/log/entries',
        body: {
          apiVersion: '0.0.1',
          kind: 'dsse',
          spec: {
            proposedContent: {
              envelope: expect.stringContaining(signature),
              verifiers: [Buffer.from('PEM').toString('base64')],
            },
          },
        },
      },
    ])
  })

  it('is as bundles hold it', async () => {
    expect((await logged({ id: entry })).made).toEqual({
      logIndex: '7',
      logId: { keyId: Buffer.from('c0ffee', 'hex').toString('base64') },
      kindVersion: { kind: 'dsse', version: '0.0.1' },
      integratedTime: '0',
      inclusionPromise: { signedEntryTimestamp: 'AQID' },
      inclusionProof: {
        logIndex: '0',
        treeSize: '3',
        rootHash: 'qw==',
        hashes: ['AP8=', 'AQ=='],
        checkpoint: { envelope: 'log\n3\n' },
      },
      canonicalizedBody: entry.body,
    })
  })

  it('may come without a promise, and alone in its log', async () => {
    for (const hashes of [[], undefined])
      for (const signedEntryTimestamp of [undefined, null]) {
        const verification = { signedEntryTimestamp, inclusionProof: { ...proof, hashes } }
        const { made } = await logged({ id: { ...entry, verification } })
        expect(made).not.toHaveProperty('inclusionPromise')
        expect(made['inclusionProof']).toMatchObject({ hashes: [] })
      }
  })

  it.each<[string, unknown, RegExp]>([
    ['no entry', {}, /expected one entry, found 0$/],
    ['two entries', { a: entry, b: entry }, /expected one entry, found 2$/],
    ['an entry that is none', { a: 7 }, /its entry: expected an object/],
    ['no body', { a: { ...entry, body: undefined } }, /its entry, body: expected base64/],
    [
      'a body of another signature',
      { a: { ...entry, body: body([{ signature: 'AAAA' }]) } },
      /expected the signature that was sent, found another$/,
    ],
    [
      'a body of more signatures',
      { a: { ...entry, body: body([{ signature }, { signature: 'AAAA' }]) } },
      /found another$/,
    ],
    ['a body of no signature', { a: { ...entry, body: body([]) } }, /its entry, signatures: expected a list/],
    ['no kind', { a: { ...entry, body: body(undefined, { kind: '' }) } }, /its entry, kind: expected text/],
    [
      'no version',
      { a: { ...entry, body: body(undefined, { apiVersion: 1 }) } },
      /its entry, apiVersion: expected text/,
    ],
    [
      'no spec',
      { a: { ...entry, body: body(undefined, { spec: null }) } },
      /its entry, spec: expected an object/,
    ],
    [
      'no verification',
      { a: { ...entry, verification: undefined } },
      /its entry, verification: expected an object/,
    ],
    ['no proof', { a: { ...entry, verification: {} } }, /its inclusion proof: expected an object/],
    [
      'a promise that is none',
      { a: { ...entry, verification: { ...entry.verification, signedEntryTimestamp: '*' } } },
      /its promise: expected base64/,
    ],
    ...[-1, 1.5, '7', null, 2 ** 53].map((logIndex): [string, unknown, RegExp] => [
      `the index ${logIndex}`,
      { a: { ...entry, logIndex } },
      /its entry, logIndex: expected a whole number, found .{1,40}$/,
    ]),
    ['a long index', { a: { ...entry, logIndex: 'x'.repeat(999) } }, /found x{40}$/],
    ...['', 'abc', 'AB', 'zz', 'ab ', ' ab', 7, 'ab'.repeat(65), 'x'.repeat(999)].map(
      (logID): [string, unknown, RegExp] => [
        `the log ${String(logID).slice(0, 10)}`,
        { a: { ...entry, logID } },
        /its entry, logID: expected bytes in hex, found .{0,40}$/,
      ],
    ),
    [
      'too many hashes',
      { a: { ...entry, verification: { inclusionProof: { ...proof, hashes: Array(65).fill('00') } } } },
      /hashes: expected at most 64 members/,
    ],
    [
      'a hash that is none',
      { a: { ...entry, verification: { inclusionProof: { ...proof, hashes: [7] } } } },
      /hash: expected bytes in hex/,
    ],
    [
      'no checkpoint',
      { a: { ...entry, verification: { inclusionProof: { ...proof, checkpoint: '' } } } },
      /its checkpoint: expected text/,
    ],
  ])('with %s is an answer that cannot be used', async (_, answer, message) => {
    await expect(logged(answer)).rejects.toMatchObject({
      code: 'network',
      message: expect.stringMatching(/^Cannot use the answer of https:\/\/rekor\.example: /),
    })
    await expect(logged(answer)).rejects.toThrow(message)
  })
})

it('an entry for two signatures has to hold both', async () => {
  const both = { ...envelope, signatures: [...envelope.signatures, { signature: Buffer.from('other') }] }
  const logging = (signatures: unknown) => {
    const answer = { id: { ...entry, body: body(signatures) } }
    const fetch: typeof globalThis.fetch = async () => new Response(JSON.stringify(answer), { status: 201 })
    return logEnvelope(both, {
      http: createHttp({ fetch }),
      rekor: 'https://rekor.example',
      verifier: 'PEM',
    })
  }
  const other = { signature: Buffer.from('other').toString('base64') }
  expect(await logging([{ signature }, other])).toMatchObject({ logIndex: '7' })
  await expect(logging([{ signature }, { signature: 'AAAA' }])).rejects.toThrow(/found another$/)
})

it('a certificate in PEM has lines of 64 characters', () => {
  expect(certificatePem(Buffer.alloc(50, 1))).toBe(
    `-----BEGIN CERTIFICATE-----\n${'AQEB'.repeat(16)}\nAQE=\n-----END CERTIFICATE-----\n`,
  )
  expect(certificatePem(Buffer.alloc(0))).toBe('-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----\n')
})
