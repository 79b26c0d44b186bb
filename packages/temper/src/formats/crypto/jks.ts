import { createHash } from 'node:crypto'

/** One certificate that a Java program is to trust. */
export interface TrustedCertificate {
  /** It is written in lower case, since the format ignores case. */
  readonly alias: string
  /** DER. */
  readonly certificate: Uint8Array
  /** Milliseconds since 1970. */
  readonly date: number
}

const magic = 0xfeedfeed
const version = 2
const trustedCertificateTag = 2

/**
 * Writes a Java key store of the type "JKS" that holds trusted certificates only, in the order given.
 * Layout: magic, version, count, entries, then a keyed SHA-1 over all of it
 * (the Java SE Cryptography Architecture names the type; OpenJDK's JavaKeyStore defines it).
 * Equal input gives equal bytes.
 */
export function writeJks(
  certificates: readonly TrustedCertificate[],
  options: { readonly password: string },
): Uint8Array {
  const parts: Buffer[] = [int32(magic), int32(version), int32(certificates.length)]
  for (const { alias, certificate, date } of certificates) {
    parts.push(int32(trustedCertificateTag), utf(alias.toLowerCase()), int64(date), utf('X.509'))
    parts.push(int32(certificate.length), Buffer.from(certificate))
  }
  const body = Buffer.concat(parts)
  const hash = createHash('sha1')
  hash.update(Buffer.from(options.password, 'utf16le').swap16())
  hash.update('Mighty Aphrodite')
  hash.update(body)
  return Buffer.concat([body, hash.digest()])
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32BE(value >>> 0)
  return buffer
}

function int64(value: number): Buffer {
  const buffer = Buffer.alloc(8)
  buffer.writeBigInt64BE(BigInt(value))
  return buffer
}

/** Java's modified UTF-8 (DataOutput.writeUTF): each UTF-16 unit by itself, NUL in two bytes, length in front. */
function utf(text: string): Buffer {
  const bytes: number[] = []
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0 && unit < 0x80) bytes.push(unit)
    else if (unit < 0x800) bytes.push(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f))
    else bytes.push(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f))
  }
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, Buffer.from(bytes)])
}

/** Most entries of a key store that are read; the largest have a few hundred. */
const entryLimit = 10_000

/** Whether bytes begin as a key store of the type "JKS" does. */
export function isJks(bytes: Uint8Array): boolean {
  return bytes[0] === 0xfe && bytes[1] === 0xed && bytes[2] === 0xfe && bytes[3] === 0xed
}

/**
 * The certificates (DER) that a key store of the type "JKS" trusts; private keys and their certificates are skipped.
 * The checksum is not verified, since that takes the password. `damaged` is set when the store ends early or holds
 * something that no such file has; the certificates before that place are still returned.
 */
export function readJks(bytes: Uint8Array): {
  readonly certificates: readonly Uint8Array[]
  readonly damaged?: true
} {
  const reader = new Reader(bytes)
  const certificates: Uint8Array[] = []
  try {
    if (reader.number(4) !== magic) return { certificates, damaged: true }
    const format = reader.number(4)
    const count = reader.number(4)
    if (format < 1 || format > 2 || count > entryLimit) return { certificates, damaged: true }
    for (let entry = 0; entry < count; entry++) {
      const tag = reader.number(4)
      reader.take(reader.number(2) + 8)
      if (tag === trustedCertificateTag) certificates.push(reader.certificate(format))
      else if (tag === 1) {
        reader.take(reader.number(4))
        for (let chain = reader.number(4); chain > 0; chain--) reader.certificate(format)
      } else return { certificates, damaged: true }
    }
    return { certificates }
  } catch (error) {
    if (error instanceof RangeError) return { certificates, damaged: true }
    throw error
  }
}

/** Throws RangeError where the bytes end. */
class Reader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  number(length: 2 | 4): number {
    const value = this.#bytes.readUIntBE(this.#at, length)
    this.#at += length
    return value
  }

  take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw new RangeError('the key store ends')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  /** Its type is written since version 2. */
  certificate(format: number): Uint8Array {
    if (format === 2) this.take(this.number(2))
    return this.take(this.number(4))
  }
}
