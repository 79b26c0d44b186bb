import { readFile } from 'node:fs/promises'
import * as openpgp from 'openpgp'
import { beforeAll, describe, expect, test } from 'vitest'
import { fingerprintsOf, type Keyring, keyringDigest, verifyClearsigned, verifyDetached } from './openpgp.ts'

const now = new Date('2026-06-01T12:00:00Z')
const signedAt = new Date('2026-06-01T11:00:00Z')
const text = 'Suite: stable\nDate: today\n- dashed\n  trailing  \nend'

interface KeyPair {
  readonly privateKey: openpgp.PrivateKey
  readonly publicKey: openpgp.PublicKey
}

async function makeKey(options: Partial<openpgp.KeyOptions> = {}): Promise<KeyPair> {
  return openpgp.generateKey({
    userIDs: [{ name: 'Test', email: 'test@mirror.example' }],
    type: 'ecc',
    curve: 'ed25519Legacy',
    date: new Date('2025-01-01T00:00:00Z'),
    ...options,
    format: 'object',
  })
}

async function sign(
  keys: readonly KeyPair[],
  options: { readonly date?: Date; readonly config?: openpgp.PartialConfig } = {},
): Promise<Buffer> {
  const message = await openpgp.createCleartextMessage({ text })
  const signingKeys = keys.map(({ privateKey }) => privateKey)
  const config = options.config ? { config: options.config } : {}
  return Buffer.from(await openpgp.sign({ message, signingKeys, date: options.date ?? signedAt, ...config }))
}

function ring(...keys: readonly KeyPair[]): Keyring {
  return {
    files: keys.map(({ publicKey }, i) => ({ name: `key ${i}`, bytes: Buffer.from(publicKey.armor()) })),
  }
}

function fingerprint(key: KeyPair): string {
  return key.publicKey.getFingerprint().toUpperCase()
}

function fixture(name: string): Promise<Buffer> {
  return readFile(new URL(`fixtures/${name}`, import.meta.url))
}

let key: KeyPair
let other: KeyPair
beforeAll(async () => {
  key = await makeKey()
  other = await makeKey()
})

const what = 'the test file'

test('gives the signed text, without trailing white space, and who signed', async () => {
  const verified = await verifyClearsigned(await sign([key]), { keys: ring(key), now, what })
  expect(verified.text).toBe('Suite: stable\nDate: today\n- dashed\n  trailing\nend')
  expect(verified.signedBy).toEqual([fingerprint(key)])
  expect(verified.goodUntil).toBeUndefined()
})

test('one trusted signature among unknown ones is enough', async () => {
  const message = await sign([other, key])
  const verified = await verifyClearsigned(message, { keys: ring(key), now, what })
  expect(verified.signedBy).toEqual([fingerprint(key)])
  const both = await verifyClearsigned(message, { keys: ring(key, other), now, what })
  expect(both.signedBy).toEqual([fingerprint(key), fingerprint(other)].sort())
})

test('a key that signs with a subkey counts by its primary fingerprint', async () => {
  const withSubkey = await makeKey({ subkeys: [{ sign: true }] })
  const verified = await verifyClearsigned(await sign([withSubkey]), { keys: ring(withSubkey), now, what })
  expect(verified.signedBy).toEqual([fingerprint(withSubkey)])
})

test('says until when keys and signature last', async () => {
  const short = await makeKey({ keyExpirationTime: 600 * 24 * 3600 })
  const verified = await verifyClearsigned(await sign([short]), { keys: ring(short), now, what })
  expect(new Date(verified.goodUntil ?? 0).toISOString()).toBe('2026-08-24T00:00:00.000Z')
})

describe('refuses', () => {
  const refused = (message: Uint8Array, keys = ring(key), at = now) =>
    expect(verifyClearsigned(message, { keys, now: at, what })).rejects

  test('an unknown key, naming it', async () => {
    await refused(await sign([other])).toThrow(
      /The signature of the test file is not good: key [0-9A-F]{16} is not trusted/,
    )
  })

  test('a signature from the future, and one by a key that did not exist then', async () => {
    await refused(await sign([key], { date: new Date('2026-06-02T00:00:00Z') })).toThrow('in the future')
    await refused(await sign([key]), ring(key), new Date('2026-05-01T00:00:00Z')).toThrow('in the future')
  })

  test('a key that has expired or was revoked, also after it signed', async () => {
    const short = await makeKey({ keyExpirationTime: 500 * 24 * 3600 })
    const early = new Date('2026-01-01T00:00:00Z')
    const message = await sign([short], { date: early })
    await refused(message, ring(short)).toThrow('expired')
    expect((await verifyClearsigned(message, { keys: ring(short), now: early, what })).signedBy).toHaveLength(
      1,
    )
    const { publicKey } = await openpgp.revokeKey({ key: key.privateKey, date: early, format: 'object' })
    await refused(await sign([key], { date: early }), ring({ ...key, publicKey })).toThrow('revoked')
  })

  test('weak hashes', async () => {
    const keys = { files: [{ name: 'gpg', bytes: await fixture('openpgp-key.asc') }] }
    await refused(await fixture('openpgp-signed-sha1.asc'), keys).toThrow('SHA1')
    const strong = await verifyClearsigned(await fixture('openpgp-signed-sha512.asc'), { keys, now, what })
    expect(strong.text).toBe('Suite: stable\n- dashed\nend')
  })

  test('changed text, and text around the message', async () => {
    const message = String(await sign([key]))
    await refused(Buffer.from(message.replace('stable', 'sid'))).toThrow('not good')
    await refused(Buffer.from(`x\n${message}`)).toThrow('does not start with a signed message')
    await refused(Buffer.from(`${message}\nx`)).toThrow('does not end with the one signature')
    await refused(Buffer.from(`${message}\n${message}`)).toThrow('does not end with the one signature')
  })

  test('what is no message at all', async () => {
    await refused(Buffer.from('')).toThrow('does not start')
    await refused(Buffer.from([0xff, 0xfe, 0x00])).toThrow('not UTF-8')
    await refused(Buffer.from(text)).toThrow('does not start')
    const hollow =
      '-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nx\n-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----'
    await refused(Buffer.from(hollow)).toThrow('not good')
  })

  test('cut off and damaged messages', async () => {
    const message = await sign([key])
    for (let end = 10; end < message.length - 1; end += 37) {
      await refused(message.subarray(0, end)).toThrow(expect.objectContaining({ code: 'signature-invalid' }))
    }
    const start = message.indexOf('BEGIN PGP SIGNATURE') + 25
    for (let at = start; at < message.length - 40; at += 17) {
      const changed = Buffer.from(message)
      changed[at] = changed[at] === 0x41 ? 0x42 : 0x41
      await refused(changed).toThrow(expect.objectContaining({ code: 'signature-invalid' }))
    }
  })

  test('key files that hold no keys', async () => {
    const keys = { files: [{ name: 'no-key.asc', bytes: Buffer.from('hello') }] }
    await refused(await sign([key]), keys).toThrow('no-key.asc cannot be read as OpenPGP keys')
  })
})

test('reads armored, binary and concatenated key files', async () => {
  const armored = Buffer.from(`${key.publicKey.armor()}\n${other.publicKey.armor()}`)
  expect(await fingerprintsOf({ name: 'x', bytes: armored })).toEqual([fingerprint(key), fingerprint(other)])
  const binary = Buffer.concat([key.publicKey.write(), other.publicKey.write()])
  expect(await fingerprintsOf({ name: 'x', bytes: binary })).toEqual([fingerprint(key), fingerprint(other)])
})

test('a pinned fingerprint narrows the keys', async () => {
  const files = ring(key, other).files
  const message = await sign([other])
  const pinned = { files, fingerprints: [fingerprint(other)] }
  expect((await verifyClearsigned(message, { keys: pinned, now, what })).signedBy).toEqual([
    fingerprint(other),
  ])
  const wrong = { files, fingerprints: [fingerprint(key)] }
  await expect(verifyClearsigned(message, { keys: wrong, now, what })).rejects.toThrow('is not trusted')
  const none = { files, fingerprints: ['0'.repeat(40)] }
  await expect(verifyClearsigned(message, { keys: none, now, what })).rejects.toThrow(
    'Expected a key with fingerprint',
  )
  expect(new Set([pinned, wrong, { files }].map(keyringDigest)).size).toBe(3)
})

test('verifies signatures beside the data, armored and binary', async () => {
  const data = Buffer.from('any\r\nbytes\u0000')
  const message = await openpgp.createMessage({ binary: data })
  const signingKeys = key.privateKey
  const armored = Buffer.from(await openpgp.sign({ message, signingKeys, detached: true, date: signedAt }))
  const binary = await openpgp.sign({
    message,
    signingKeys,
    detached: true,
    date: signedAt,
    format: 'binary',
  })
  const keys = ring(key)
  for (const signature of [armored, binary]) {
    expect((await verifyDetached(data, signature, { keys, now, what })).signedBy).toEqual([fingerprint(key)])
    await expect(verifyDetached(Buffer.from('other'), signature, { keys, now, what })).rejects.toThrow(
      'not good',
    )
  }
  await expect(verifyDetached(data, Buffer.from('x'), { keys, now, what })).rejects.toThrow('not good')
})
