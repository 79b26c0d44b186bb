import { randomBytes, scryptSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { decryptKey } from './key-file.ts'
import { openSecretbox, sealSecretbox, secretboxSizes } from './secretbox.ts'

const cost = { N: 2 ** 15, r: 8, p: 1 }
const salt = randomBytes(8)
const nonce = randomBytes(secretboxSizes.nonce)
const key = scryptSync('secret', salt, secretboxSizes.key, { ...cost, maxmem: 2 ** 26 })
const sealed = Buffer.from(sealSecretbox(Buffer.from('a key'), nonce, key))
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const good = {
  kdf: { name: 'scrypt', params: cost, salt: base64(salt) },
  cipher: { name: 'nacl/secretbox', nonce: base64(nonce) },
  ciphertext: base64(sealed),
}
const open = (change: object, password = 'secret') =>
  decryptKey(Buffer.from(JSON.stringify({ ...good, ...change })), { password, where: 'cosign.key' })

describe('an encrypted key', () => {
  it('is opened by its password, also with the smallest salt', async () => {
    expect(Buffer.from(await open({})).toString()).toBe('a key')
  })

  it('is not opened by another', async () => {
    await expect(open({}, 'wrong')).rejects.toMatchObject({
      code: 'bad-key',
      message: 'cosign.key: the password does not open this key',
      hint: 'If the password is right, the file is damaged.',
      next: { action: 'give-key-password' },
    })
  })

  it.each([
    [
      'another derivation',
      { kdf: { ...good.kdf, name: 'argon2' } },
      /not encrypted with scrypt and nacl\/secretbox$/,
    ],
    [
      'another cipher',
      { cipher: { ...good.cipher, name: 'aes' } },
      /not encrypted with scrypt and nacl\/secretbox$/,
    ],
    [
      'another cost',
      { kdf: { ...good.kdf, params: { ...cost, N: 2 ** 14 } } },
      /scrypt parameters are not among those in use$/,
    ],
    ['a ruinous cost', { kdf: { ...good.kdf, params: { ...cost, N: 2 ** 30 } } }, /scrypt parameters/],
    ['another block size', { kdf: { ...good.kdf, params: { ...cost, r: 9 } } }, /scrypt parameters/],
    ['more parallel runs', { kdf: { ...good.kdf, params: { ...cost, p: 2 } } }, /scrypt parameters/],
    ['a short salt', { kdf: { ...good.kdf, salt: base64(randomBytes(7)) } }, /has an invalid length$/],
    ['a long salt', { kdf: { ...good.kdf, salt: base64(randomBytes(65)) } }, /has an invalid length/],
    [
      'a short nonce',
      { cipher: { ...good.cipher, nonce: base64(randomBytes(23)) } },
      /has an invalid length/,
    ],
    ['a long content', { ciphertext: base64(randomBytes(16_385)) }, /has an invalid length/],
  ])('with %s is refused before anything is computed', async (_, change, message) => {
    await expect(open(change)).rejects.toMatchObject({
      code: 'bad-key',
      message: expect.stringMatching(/^cosign\.key: cannot read this key: /),
    })
    await expect(open(change)).rejects.toThrow(message)
  })

  it.each([
    ['the longest salt', { kdf: { ...good.kdf, salt: base64(randomBytes(64)) } }],
    ['the longest content', { ciphertext: base64(randomBytes(16_384)) }],
    ['the shortest content', { ciphertext: base64(randomBytes(15)) }],
  ])('with %s is tried', async (_, change) => {
    await expect(open(change)).rejects.toThrow('the password does not open this key')
  })
})

describe('a secret box', () => {
  it('is opened by what it was sealed with', () => {
    expect(Buffer.from(openSecretbox(sealed, nonce, key) ?? []).toString()).toBe('a key')
    expect(openSecretbox(sealed.subarray(1), nonce, key)).toBeUndefined()
    expect(openSecretbox(Buffer.alloc(15), nonce, key)).toBeUndefined()
    expect(openSecretbox(sealed, Buffer.alloc(24), key)).toBeUndefined()
  })

  it.each([
    [23, 32],
    [24, 31],
    [25, 32],
    [24, 33],
  ])('takes no nonce of %i and no key of %i bytes', (nonceSize, keySize) => {
    const message = `secretbox with a nonce of ${nonceSize} and a key of ${keySize} bytes`
    expect(() => openSecretbox(sealed, Buffer.alloc(nonceSize), Buffer.alloc(keySize))).toThrow(message)
    expect(() => sealSecretbox(sealed, Buffer.alloc(nonceSize), Buffer.alloc(keySize))).toThrow(message)
  })
})
