import { createHash } from 'node:crypto'

/** One certificate that a Java program is to trust. */
export interface TrustedCertificate {
  /** Case does not matter in this format: it is written in lower case. */
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
