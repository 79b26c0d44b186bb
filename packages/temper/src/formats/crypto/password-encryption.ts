import { createDecipheriv, hash, pbkdf2Sync } from 'node:crypto'
import { type BerReader, type BerValue, berTags } from './der.ts'
import { decryptRc2 } from './rc2.ts'

/** What is needed to decrypt something with a password, read from its algorithm identifier. */
export interface PasswordCipher {
  /** How often the key is hashed, which is the cost of trying a password. */
  readonly iterations: number
  /** Undefined when the password is wrong. */
  decrypt(bytes: Uint8Array, password: string): Buffer | undefined
}

/** Functions of PBKDF2, by the last number of their identifier (RFC 8018, appendix B.1). */
const digests: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.8', 'sha224'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
])

/** Ciphers of PBES2 in CBC: their names in OpenSSL, and bytes of their keys. */
const ciphers: ReadonlyMap<string, readonly [name: string, keyBytes: number]> = new Map([
  ['2.16.840.1.101.3.4.1.2', ['aes-128-cbc', 16]],
  ['2.16.840.1.101.3.4.1.22', ['aes-192-cbc', 24]],
  ['2.16.840.1.101.3.4.1.42', ['aes-256-cbc', 32]],
  ['1.2.840.113549.3.7', ['des-ede3-cbc', 24]],
])

/** Ciphers of PKCS #12 itself (RFC 7292, appendix C). */
const oldCiphers: ReadonlyMap<string, { readonly name: string; readonly keyBytes: number }> = new Map([
  ['1.2.840.113549.1.12.1.3', { name: 'des-ede3-cbc', keyBytes: 24 }],
  ['1.2.840.113549.1.12.1.4', { name: 'des-ede-cbc', keyBytes: 16 }],
  ['1.2.840.113549.1.12.1.5', { name: 'rc2', keyBytes: 16 }],
  ['1.2.840.113549.1.12.1.6', { name: 'rc2', keyBytes: 5 }],
])

/** Reads an AlgorithmIdentifier; undefined for an unknown one. Throws RangeError for a malformed one. */
export function passwordCipher(
  reader: BerReader,
  algorithm: BerValue | undefined,
): PasswordCipher | undefined {
  const [oid, parameters] = reader.within(algorithm)
  const id = reader.oid(oid)
  if (id === '1.2.840.113549.1.5.13') return pbes2(reader, parameters)
  const old = oldCiphers.get(id)
  if (old === undefined) return undefined
  const [salt, count] = reader.within(parameters)
  const [saltBytes, iterations] = [reader.octets(salt), reader.integer(count)]
  return {
    iterations,
    decrypt: (bytes, password) => {
      const derive = (purpose: number, length: number) =>
        deriveKey({ password, salt: saltBytes, iterations, purpose, length })
      const [key, iv] = [derive(1, old.keyBytes), derive(2, 8)]
      if (old.name === 'rc2') return decryptRc2(bytes, { key, bits: old.keyBytes * 8, iv })
      // Two keys: the first is the third as well.
      const whole = old.keyBytes === 16 ? Buffer.concat([key, key.subarray(0, 8)]) : key
      return decryptCbc('des-ede3-cbc', { key: whole, iv, bytes })
    },
  }
}

/** RFC 8018, section 6.2 and appendix A.4. */
function pbes2(reader: BerReader, parameters: BerValue | undefined): PasswordCipher | undefined {
  const [derivation, encryption] = reader.within(parameters)
  const [kdf, kdfParameters] = reader.within(derivation)
  const [cipherOid, ivValue] = reader.within(encryption)
  const cipher = ciphers.get(reader.oid(cipherOid))
  if (reader.oid(kdf) !== '1.2.840.113549.1.5.12' || cipher === undefined) return undefined
  const [salt, count, ...rest] = reader.within(kdfParameters)
  const prf = rest.find(({ tag }) => tag === berTags.sequence)
  const digest = digests.get(prf === undefined ? '1.2.840.113549.2.7' : reader.oid(reader.children(prf)[0]))
  if (digest === undefined) return undefined
  const [saltBytes, iterations, iv] = [reader.octets(salt), reader.integer(count), reader.octets(ivValue)]
  const [name, keyBytes] = cipher
  return {
    iterations,
    decrypt: (bytes, password) =>
      decryptCbc(name, { key: pbkdf2Sync(password, saltBytes, iterations, keyBytes, digest), iv, bytes }),
  }
}

function decryptCbc(
  name: string,
  { key, iv, bytes }: { readonly key: Uint8Array; readonly iv: Uint8Array; readonly bytes: Uint8Array },
): Buffer | undefined {
  try {
    const decipher = createDecipheriv(name, key, iv)
    return Buffer.concat([decipher.update(bytes), decipher.final()])
  } catch {
    // The padding is that of another key, or the initial block has another size than the cipher's.
    return undefined
  }
}

/** RFC 7292, appendix B.2, with SHA-1. `purpose`: 1 a key, 2 an initial block. */
function deriveKey(from: {
  readonly password: string
  readonly salt: Uint8Array
  readonly iterations: number
  readonly purpose: number
  readonly length: number
}): Buffer {
  const [hashBytes, block] = [20, 64]
  // Each character in two bytes, high first, and a zero at the end.
  const password = Buffer.from(`${from.password}\0`, 'utf16le').swap16()
  const input = Buffer.concat([repeated(from.salt, block), repeated(password, block)])
  const purpose = Buffer.alloc(block, from.purpose)
  const parts: Buffer[] = []
  for (let made = 0; made < from.length; made += hashBytes) {
    let digest = hash('sha1', Buffer.concat([purpose, input]), 'buffer')
    for (let i = 1; i < from.iterations; i++) digest = hash('sha1', digest, 'buffer')
    parts.push(digest)
    add(input, repeated(digest, block), block)
  }
  return Buffer.concat(parts).subarray(0, from.length)
}

/** Repeated until it fills whole blocks; nothing stays nothing. */
function repeated(bytes: Uint8Array, block: number): Buffer {
  if (bytes.length === 0) return Buffer.alloc(0)
  return Buffer.alloc(block * Math.ceil(bytes.length / block), bytes)
}

/** Adds a number and one to each block of another, as numbers with the highest byte first. */
function add(input: Buffer, by: Uint8Array, block: number): void {
  for (let start = 0; start < input.length; start += block) {
    let carry = 1
    for (let i = block - 1; i >= 0; i--) {
      const sum = (input[start + i] ?? 0) + (by[i] ?? 0) + carry
      input[start + i] = sum & 0xff
      carry = sum >> 8
    }
  }
}
