import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { sampleSigner } from '../fixtures/sample.ts'
import { parseStatement } from '../statement/in-toto.ts'
import { parseBundle } from './bundle.ts'
import { envelopeJson, parseEnvelope, preAuthEncoding, signEnvelope } from './dsse.ts'
import { parseSimpleSigning } from './simple-signing.ts'

const good = { payload: 'aGVsbG8=', payloadType: 'text/plain', signatures: [{ sig: 'AAAA' }] }
const parse = (value: unknown) => parseEnvelope(Buffer.from(JSON.stringify(value)), 'envelope')

describe('envelopes', () => {
  it('sign type and payload with their lengths', () => {
    // DSSE 1.0, protocol.md, "Test Vectors".
    const encoded = preAuthEncoding('http://example.com/HelloWorld', Buffer.from('hello world'))
    expect(Buffer.from(encoded).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world')
    expect(Buffer.from(preAuthEncoding('é', new Uint8Array())).toString()).toBe('DSSEv1 2 é 0 ')
  })

  it.each(['ecdsa-p256', 'ed25519'] as const)('are signed with %s and read back', async (algorithm) => {
    const signer = sampleSigner(algorithm)
    const made = await signEnvelope(Buffer.from('hello'), { payloadType: 'text/plain', signer })
    const read = parse(envelopeJson(made))
    expect(read.payloadType).toBe('text/plain')
    expect(Buffer.from(read.payload).toString()).toBe('hello')
    const [{ signature } = { signature: new Uint8Array() }] = read.signatures
    expect(signer.key.verify(preAuthEncoding(read.payloadType, read.payload), signature)).toBe(true)
    expect(signer.key.verify(preAuthEncoding('text/html', read.payload), signature)).toBe(false)
  })

  it('may be in the URL alphabet, without padding, and have members that nobody knows', () => {
    const read = parse({ ...good, payload: '-_8', more: 1 })
    expect([...read.payload]).toEqual([0xfb, 0xff])
  })

  it.each([
    ['no payload', { ...good, payload: undefined }],
    ['an empty payload', { ...good, payload: '' }],
    ['a payload that is not base64', { ...good, payload: 'a*b=' }],
    ['bits left over in the payload', { ...good, payload: 'aGVsbG9=' }],
    ['no type', { ...good, payloadType: '' }],
    ['a long type', { ...good, payloadType: 'x'.repeat(201) }],
    ['no signatures', { ...good, signatures: [] }],
    ['signatures that are no list', { ...good, signatures: { 0: { sig: 'AAAA' }, length: 1 } }],
    ['too many signatures', { ...good, signatures: Array.from({ length: 17 }, () => ({ sig: 'AAAA' })) }],
    ['an empty signature', { ...good, signatures: [{ sig: '' }] }],
    ['a huge signature', { ...good, signatures: [{ sig: 'A'.repeat(4000) }] }],
    ['a key id that is no text', { ...good, signatures: [{ sig: 'AAAA', keyid: 7 }] }],
    ['a list in place of an object', []],
  ])('with %s are refused', (_what, value) => {
    expect(() => parse(value)).toThrow(expect.objectContaining({ code: 'bad-attestation' }))
  })

  it('that are nested deeply are refused before they are parsed', () => {
    const deep = Buffer.from(`${'['.repeat(100_000)}`)
    expect(() => parseEnvelope(deep, 'x')).toThrow(expect.objectContaining({ code: 'limit-exceeded' }))
  })
})

describe('whatever bytes come', () => {
  it.each([
    ['envelopes', parseEnvelope],
    ['bundles', parseBundle],
    ['statements', parseStatement],
    ['older payloads', parseSimpleSigning],
  ])('%s are read or refused, and nothing else happens', (_what, read) => {
    const refuses = (bytes: Uint8Array) => {
      try {
        read(bytes, 'x')
      } catch (error) {
        expect(error).toBeInstanceOf(TemperError)
        expect(['bad-attestation', 'limit-exceeded']).toContain((error as TemperError).code)
      }
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), refuses))
    fc.assert(fc.property(fc.json(), (json) => refuses(Buffer.from(json))))
    const names = [
      ...['payload', 'payloadType', 'signatures', 'sig', 'keyid', 'mediaType', 'dsseEnvelope', 'publicKey'],
      ...[
        'verificationMaterial',
        '_type',
        'subject',
        'digest',
        'predicateType',
        'critical',
        'image',
        '__proto__',
      ],
    ]
    const object = fc.dictionary(
      fc.constantFrom(...names),
      fc.oneof(
        fc.jsonValue(),
        fc.constant('https://in-toto.io/Statement/v1'),
        fc.constant([{ sig: 'AAAA' }]),
      ),
    )
    fc.assert(fc.property(object, (value) => refuses(Buffer.from(JSON.stringify(value)))))
  })
})

describe('signatures of an envelope', () => {
  it('keep the hint of their key, and have none where it says nothing', () => {
    const keyIdOf = (keyid: unknown) => parse({ ...good, signatures: [{ sig: 'AAAA', keyid }] }).signatures[0]
    expect(keyIdOf('k')).toEqual({ keyId: 'k', signature: Buffer.alloc(3) })
    for (const none of [undefined, null, '']) expect(keyIdOf(none)).toEqual({ signature: Buffer.alloc(3) })
    const read = parse({ ...good, signatures: [{ sig: 'AAAA', keyid: 'k' }, { sig: 'AAAA' }] })
    expect(envelopeJson(read)['signatures']).toEqual([{ keyid: 'k', sig: 'AAAA' }, { sig: 'AAAA' }])
  })

  it.each([
    [2048, true],
    [2049, false],
    [1, true],
  ])('of %i bytes are taken: %s', (size, taken) => {
    const signatures = [{ sig: 'AAAA' }, { sig: Buffer.alloc(size).toString('base64') }]
    if (taken) expect(parse({ ...good, signatures }).signatures[1]?.signature).toHaveLength(size)
    else
      expect(() => parse({ ...good, signatures })).toThrow(
        'envelope, signature 2: expected 1 to 2048 bytes, found 2049',
      )
  })
})
