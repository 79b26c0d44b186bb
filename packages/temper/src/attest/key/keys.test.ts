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
    [
      'a curve that is not supported',
      '-----BEGIN PUBLIC KEY-----\nMHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEX/OLu6Mdm3BuiosJ9LlKoDJPmKqw0sUo\nGOMWqBeSEVWXqUMfQe9yUwd2nyWb8aZYDsuyFt7eUCZtCmVSC0ztzWJmXN7DlYEF\nnUzEQjQ2Sv+R+BUXSb5Y8tAX2xBJmFnA\n-----END PUBLIC KEY-----\n',
      /P-256|cannot read/,
    ],
  ])('are not found in %s', (_what, content, reason) => {
    expect(() => loadVerificationKeys(text(content))).toThrow(
      expect.objectContaining({ code: 'bad-key', message: expect.stringMatching(reason) }),
    )
  })
})
