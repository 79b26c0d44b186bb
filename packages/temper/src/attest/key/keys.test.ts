import {
  constants,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  type KeyPairKeyObjectResult,
  sign,
  verify,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hexOf } from '../../base/digest.ts'
import { decryptKey } from './key-file.ts'
import { generateKeys, loadSigner, loadVerificationKeys } from './keys.ts'

const fixture = (name: string) => ({
  bytes: readFileSync(new URL(`fixtures/${name}`, import.meta.url)),
  where: name,
})
const text = (content: string) => ({ bytes: Buffer.from(content), where: 'key' })
const secret = { password: async () => 'secret' }
const unasked = {
  password: async (): Promise<string> => {
    throw new Error('asked for a password')
  },
}
const message = Buffer.from('message')

function publicPem(type: 'ec' | 'ed25519' | 'rsa' | 'rsa-pss', options: object): string {
  const generate = generateKeyPairSync as (type: string, options: object) => { publicKey: KeyObject }
  return generate(type, options).publicKey.export({ format: 'pem', type: 'spki' }).toString()
}

/** A number of so many bits: nobody checks that it is a product of primes, and making such a key takes long. */
function rsaOf(bits: number, e = 'AQAB'): string {
  const n = Buffer.alloc(Math.ceil(bits / 8), 0xa5)
  n[0] = 1 << ((bits - 1) % 8)
  const jwk = { kty: 'RSA', n: n.toString('base64url'), e }
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'pem', type: 'spki' }).toString()
}

describe('keys of other kinds', () => {
  const kinds = [
    ['ecdsa-p384', 'ec', { namedCurve: 'secp384r1' }, ['sha384', 'sha256']],
    ['rsa', 'rsa', { modulusLength: 2048 }, ['sha256']],
    ['rsa', 'rsa', { modulusLength: 3072 }, ['sha256']],
  ] as const

  it.each(kinds)('%s sign and verify', async (algorithm, type, options, hashes) => {
    const generate = generateKeyPairSync as (type: string, options: object) => KeyPairKeyObjectResult
    const { privateKey, publicKey } = generate(type, options)
    const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
    const signer = await loadSigner(text(pem), unasked)
    expect(signer.key.algorithm).toBe(algorithm)
    const [key] = loadVerificationKeys(text(publicKey.export({ format: 'pem', type: 'spki' }).toString()))
    const signature = await signer.sign(message)
    expect(key?.verify(message, signature)).toBe(true)
    expect(key?.verify(Buffer.from('another'), signature)).toBe(false)
    // As programs of others write them.
    for (const hash of hashes) expect(key?.verify(message, sign(hash, message, privateKey))).toBe(true)
    expect(key?.verify(message, sign('sha512', message, privateKey))).toBe(false)
    expect(key?.verify(message, sign('sha1', message, privateKey))).toBe(false)
    expect(verify(hashes[0], message, publicKey, signature)).toBe(true)
  })

  it('of RSA take no other padding', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const [key] = loadVerificationKeys(text(publicKey.export({ format: 'pem', type: 'spki' }).toString()))
    const padding = constants.RSA_PKCS1_PSS_PADDING
    expect(key?.verify(message, sign('sha256', message, { key: privateKey, padding }))).toBe(false)
  })
})

describe('new keys', () => {
  it.each(['ecdsa-p256', 'ed25519'] as const)('are of the kind that was asked for: %s', async (algorithm) => {
    const made = await generateKeys(algorithm, 'secret')
    expect(made.key.algorithm).toBe(algorithm)
  })
})

describe('private keys', () => {
  it('of cosign sign what the public key of the pair verifies', async () => {
    const signer = await loadSigner(fixture('cosign.key'), secret)
    const [key] = loadVerificationKeys(fixture('cosign.pub'))
    expect(key?.id).toBe(signer.key.id)
    expect(key?.pem).toBe(fixture('cosign.pub').bytes.toString())
    expect(key?.verify(message, await signer.sign(message))).toBe(true)
  })

  it.each([
    ['sec1.key', 'ecdsa-p256', unasked],
    ['pkcs8-encrypted.key', 'ecdsa-p256', secret],
    ['ed25519-pkcs8.key', 'ed25519', unasked],
  ])('in %s are %s keys', async (name, algorithm, password) => {
    const signer = await loadSigner(fixture(name), password)
    expect(signer.key.algorithm).toBe(algorithm)
    expect(signer.key.verify(message, await signer.sign(message))).toBe(true)
    expect(signer.key.verify(Buffer.from('another'), await signer.sign(message))).toBe(false)
    expect(signer.key.verify(message, Buffer.from('no signature'))).toBe(false)
  })

  it.each(['cosign.key', 'pkcs8-encrypted.key'])('in %s stay closed for a wrong password', async (name) => {
    await expect(loadSigner(fixture(name), { password: async () => 'wrong' })).rejects.toMatchObject({
      code: 'bad-key',
    })
  })

  it.each(['ecdsa-p256', 'ed25519'] as const)(
    'of the kind %s are made, written and read',
    async (algorithm) => {
      const made = await generateKeys(algorithm, 'pass wörd')
      expect(made.privatePem).toMatch(/^-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n/)
      const signer = await loadSigner(text(made.privatePem), { password: async () => 'pass wörd' })
      expect(signer.key.id).toBe(made.key.id)
      const [key] = loadVerificationKeys(text(made.publicPem))
      expect(key?.verify(message, await signer.sign(message))).toBe(true)
    },
  )

  it.each([
    ['nothing', '', /expected a private key/],
    ['a public key', fixture('cosign.pub').bytes.toString(), /expected a private key/],
    ['binary', '\xff\xfe', /cannot|expected/],
    ['an open block', '-----BEGIN PRIVATE KEY-----\nAAAA\n', /not closed/],
    ['damage', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n', /cannot read this key/],
    ['too much', 'x'.repeat(70_000), /at most 65536 bytes/],
  ])('are not found in %s', async (_what, content, reason) => {
    const loading = loadSigner(text(content), unasked)
    await expect(loading).rejects.toMatchObject({ code: 'bad-key', message: expect.stringMatching(reason) })
  })

  it('are what one signs with: who has none is told so', async () => {
    await expect(loadSigner(fixture('cosign.pub'), unasked)).rejects.toMatchObject({
      hint: expect.stringContaining('Sign with the private key'),
    })
  })
})

describe('encrypted key documents', () => {
  const good = {
    kdf: { name: 'scrypt', params: { N: 65536, r: 8, p: 1 }, salt: Buffer.alloc(32).toString('base64') },
    cipher: { name: 'nacl/secretbox', nonce: Buffer.alloc(24).toString('base64') },
    ciphertext: Buffer.alloc(100).toString('base64'),
  }
  it.each([
    ['another derivation', { ...good, kdf: { ...good.kdf, name: 'argon2' } }],
    ['another cipher', { ...good, cipher: { ...good.cipher, name: 'aes' } }],
    ['a cost that takes all memory', { ...good, kdf: { ...good.kdf, params: { N: 2 ** 30, r: 8, p: 1 } } }],
    ['a cost that takes all time', { ...good, kdf: { ...good.kdf, params: { N: 65536, r: 8, p: 1e6 } } }],
    ['a short nonce', { ...good, cipher: { ...good.cipher, nonce: 'AAAA' } }],
    ['a long salt', { ...good, kdf: { ...good.kdf, salt: Buffer.alloc(65).toString('base64') } }],
  ])('with %s are refused', async (_what, document) => {
    await expect(
      decryptKey(Buffer.from(JSON.stringify(document)), { password: '', where: 'key' }),
    ).rejects.toMatchObject({ code: 'bad-key' })
  })

  it('that are not JSON are refused', async () => {
    await expect(decryptKey(Buffer.from('{'), { password: '', where: 'key' })).rejects.toMatchObject({
      code: 'bad-attestation',
    })
  })
})

describe('public keys', () => {
  it('are named by the SHA-256 of their DER', () => {
    const [key] = loadVerificationKeys(fixture('cosign.pub'))
    expect(hexOf(key?.id ?? 'sha256:')).toMatch(/^[0-9a-f]{64}$/)
  })

  it('verify nothing that is no signature', () => {
    const [key] = loadVerificationKeys(fixture('cosign.pub'))
    for (const signature of [new Uint8Array(), undefined as never])
      expect(key?.verify(message, signature)).toBe(false)
  })

  it('may be as many as there may be, in a file that is as long as it may be', () => {
    const one = publicPem('ed25519', {})
    expect(loadVerificationKeys(text(one.repeat(64)))).toHaveLength(64)
    expect(() => loadVerificationKeys(text(one.repeat(65)))).toThrow('expected 1 to 64 public keys')
    const blanks = ' '.repeat(65_536 - one.length)
    expect(loadVerificationKeys(text(one + blanks))).toHaveLength(1)
    expect(() => loadVerificationKeys(text(`${one + blanks} `))).toThrow('at most 65536 bytes')
  })

  it('stand alone in their file', () => {
    const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
    expect(() => loadVerificationKeys(text(publicPem('ed25519', {}) + certificate))).toThrow(
      'and nothing else',
    )
  })

  it('of RSA may have 4096 bits', () => {
    expect(loadVerificationKeys(text(rsaOf(4096)))).toMatchObject([{ algorithm: 'rsa' }])
  })

  it.each([
    ['1', 'AQ'],
    ['2', 'Ag'],
  ])('of RSA have no exponent %s: anybody could sign', (_, exponent) => {
    expect(() => loadVerificationKeys(text(rsaOf(2048, exponent)))).toThrow(
      expect.objectContaining({ code: 'bad-key' }),
    )
  })

  it('that cannot be used are refused with what to do', () => {
    const refusal = (content: string, where = 'key') => {
      try {
        loadVerificationKeys({ bytes: Buffer.from(content), where })
      } catch (error) {
        return error
      }
      return undefined
    }
    expect(refusal(fixture('sec1.key').bytes.toString())).toMatchObject({
      hint: expect.stringContaining('Verify with the public key'),
    })
    expect(refusal(publicPem('ec', { namedCurve: 'secp521r1' }))).toMatchObject({
      next: { action: 'generate-keys' },
    })
    const damaged = '-----BEGIN PUBLIC KEY-----\nAAAA\n'
    expect(refusal(damaged, 'w'.repeat(300))).toMatchObject({
      message: `${'w'.repeat(300)}: cannot read this key: ${'w'.repeat(200)}`,
      cause: expect.any(Error),
    })
  })

  it('may be several in one file', () => {
    const one = fixture('cosign.pub').bytes.toString()
    expect(loadVerificationKeys(text(`first:\n${one}\n${one}`))).toHaveLength(2)
  })

  it.each([
    ['a private key', fixture('sec1.key').bytes.toString(), /found a private key/],
    ['nothing', '', /1 to 64 public keys/],
    [
      'a certificate',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      /1 to 64 public keys/,
    ],
    ['a curve that is not supported', publicPem('ec', { namedCurve: 'secp521r1' }), /found ec secp521r1$/],
    ['RSA of 1024 bits', publicPem('rsa', { modulusLength: 1024 }), /found rsa of 1024 bits$/],
    ['RSA of 2047 bits', publicPem('rsa', { modulusLength: 2047 }), /found rsa of 2047 bits$/],
    ['RSA of 4097 bits', rsaOf(4097), /found rsa of 4097 bits$/],
    ['RSA for PSS alone', publicPem('rsa-pss', { modulusLength: 2048 }), /found rsa-pss/],
  ])('are not found in %s', (_what, content, reason) => {
    expect(() => loadVerificationKeys(text(content))).toThrow(
      expect.objectContaining({ code: 'bad-key', message: expect.stringMatching(reason) }),
    )
  })
})
