import { randomBytes, scrypt } from 'node:crypto'
import { TemperError } from '../../base/error.ts'
import type { JsonObject } from '../../base/json/value.ts'
import { base64Of, objectOf, parseDocument } from '../json-document.ts'
import { openSecretbox, sealSecretbox, secretboxSizes } from './secretbox.ts'

/** How a key is made from a password (RFC 7914). */
interface ScryptCost {
  readonly N: number
  readonly r: number
  readonly p: number
}

/** The only costs that are written in such files. Others are refused: they could take all memory. */
const costs: readonly ScryptCost[] = [15, 16, 17].map((power) => ({ N: 2 ** power, r: 8, p: 1 }))
const usualCost: ScryptCost = { N: 2 ** 16, r: 8, p: 1 }

/** Most bytes of an encrypted key: a PKCS #8 key has a hundred. */
const boxLimit = 16_384

/**
 * Encrypts a private key (PKCS #8, DER) with a password, in the JSON that cosign keeps in PEM blocks
 * "ENCRYPTED SIGSTORE PRIVATE KEY" (go-securesystemslib, package encrypted).
 */
export async function encryptKey(der: Uint8Array, password: string): Promise<Uint8Array> {
  const salt = randomBytes(32)
  const nonce = randomBytes(secretboxSizes.nonce)
  const key = await deriveKey(password, salt, usualCost)
  const document = {
    kdf: { name: 'scrypt', params: usualCost, salt: salt.toString('base64') },
    cipher: { name: 'nacl/secretbox', nonce: nonce.toString('base64') },
    ciphertext: Buffer.from(sealSecretbox(der, nonce, key)).toString('base64'),
  }
  return Buffer.from(JSON.stringify(document))
}

/** The private key (PKCS #8, DER) in such a document. Throws `bad-key`, also when the password is wrong. */
export async function decryptKey(
  document: Uint8Array,
  options: { readonly password: string; readonly where: string },
): Promise<Uint8Array> {
  const { where, password } = options
  const json = parseDocument(document, where)
  const kdf = objectOf(json['kdf'], `${where}, kdf`)
  const cipher = objectOf(json['cipher'], `${where}, cipher`)
  if (kdf['name'] !== 'scrypt' || cipher['name'] !== 'nacl/secretbox')
    throw unsupported(where, 'it is not encrypted with scrypt and nacl/secretbox')
  const cost = knownCost(objectOf(kdf['params'], `${where}, kdf`))
  if (cost === undefined) throw unsupported(where, 'its scrypt parameters are not among those in use')
  const salt = base64Of(kdf['salt'], `${where}, salt`)
  const nonce = base64Of(cipher['nonce'], `${where}, nonce`)
  const box = base64Of(json['ciphertext'], `${where}, ciphertext`)
  if (salt.length < 8 || salt.length > 64 || nonce.length !== secretboxSizes.nonce || box.length > boxLimit)
    throw unsupported(where, 'its salt, nonce or content has an invalid length')
  const key = openSecretbox(box, nonce, await deriveKey(password, salt, cost))
  if (key !== undefined) return key
  throw new TemperError('bad-key', `${where}: the password does not open this key`, {
    hint: 'If the password is right, the file is damaged.',
    next: { action: 'give-key-password' },
  })
}

function knownCost(params: JsonObject): ScryptCost | undefined {
  return costs.find(({ N, r, p }) => params['N'] === N && params['r'] === r && params['p'] === p)
}

function deriveKey(password: string, salt: Uint8Array, cost: ScryptCost): Promise<Uint8Array> {
  // Node allows 32 MiB unless told otherwise; scrypt needs 128 * N * r bytes and a little more.
  const options = { ...cost, maxmem: 256 * cost.N * cost.r }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, secretboxSizes.key, options, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}

function unsupported(where: string, reason: string): TemperError {
  return new TemperError('bad-key', `${where}: cannot read this key: ${reason}`)
}
