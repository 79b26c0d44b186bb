import { createHash } from 'node:crypto'

interface Element {
  readonly tag: number
  /** The whole element, and its content. */
  readonly bytes: Uint8Array
  readonly content: Uint8Array
}

/** Reads one DER element (X.690, 8.1) at the start of `bytes`; undefined when it is damaged. */
function readElement(bytes: Uint8Array): Element | undefined {
  const [tag, first] = bytes
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined
  let length = first
  let header = 2
  if (first >= 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > 4 || bytes.length < 2 + count) return undefined
    length = 0
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[2 + i] ?? 0)
    header += count
  }
  if (header + length > bytes.length) return undefined
  return { tag, bytes: bytes.subarray(0, header + length), content: bytes.subarray(header, header + length) }
}

function readElements(bytes: Uint8Array): readonly Element[] | undefined {
  const elements: Element[] = []
  for (let rest = bytes; rest.length > 0; ) {
    const element = readElement(rest)
    if (!element) return undefined
    elements.push(element)
    rest = rest.subarray(element.bytes.length)
  }
  return elements
}

/** The Name of a certificate's subject (RFC 5280, 4.1), in DER; undefined when the certificate is damaged. */
export function subjectOf(certificate: Uint8Array): Uint8Array | undefined {
  const whole = readElement(certificate)
  const tbs = whole && readElement(whole.content)
  const fields = tbs && readElements(tbs.content)
  if (!fields) return undefined
  // An explicit version [0] comes first except in version 1: then serial, algorithm, issuer, validity, subject.
  const subject = fields[fields[0]?.tag === 0xa0 ? 5 : 4]
  return subject?.tag === 0x30 ? subject.bytes : undefined
}

/** The object identifier of the algorithm that a certificate is signed with (RFC 5280, 4.1.1.2): its DER content, in hex. */
export function signatureAlgorithmOf(certificate: Uint8Array): string | undefined {
  const whole = readElement(certificate)
  const [, algorithm] = (whole && readElements(whole.content)) ?? []
  const identifier = algorithm && readElement(algorithm.content)
  return identifier?.tag === 0x06 ? Buffer.from(identifier.content).toString('hex') : undefined
}

/**
 * The hash by which OpenSSL looks a CA up in a folder: eight hex digits for `<hash>.0`
 * (openssl-rehash(1); X509_NAME_hash_ex(3)). The first four bytes, read as little endian, of the SHA-1 over
 * the canonical form of the name. Undefined when the name is damaged.
 */
export function openSslNameHash(name: Uint8Array): string | undefined {
  const outer = readElement(name)
  const sets = outer && readElements(outer.content)
  if (!sets) return undefined
  const hash = createHash('sha1')
  for (const set of sets) {
    const attributes = readElements(set.content)
    if (set.tag !== 0x31 || !attributes) return undefined
    const canonical: Buffer[] = []
    for (const attribute of attributes) {
      const bytes = canonicalAttribute(attribute)
      if (!bytes) return undefined
      canonical.push(bytes)
    }
    canonical.sort(Buffer.compare)
    hash.update(encode(0x31, Buffer.concat(canonical)))
  }
  return hash.digest().readUInt32LE(0).toString(16).padStart(8, '0')
}

function canonicalAttribute(attribute: Element): Buffer | undefined {
  const [type, value, ...rest] = readElements(attribute.content) ?? []
  if (attribute.tag !== 0x30 || !type || !value || rest.length > 0) return undefined
  const text = decodeString(value)
  if (text === undefined) return encode(0x30, Buffer.from(attribute.content))
  const canonical = text
    .replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '')
    .replace(/[ \t\n\v\f\r]+/g, ' ')
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
  return encode(0x30, Buffer.concat([type.bytes, encode(0x0c, Buffer.from(canonical, 'utf8'))]))
}

/** Text of the string types that OpenSSL makes canonical; others are compared as they are. */
function decodeString({ tag, content }: Element): string | undefined {
  const buffer = Buffer.from(content)
  switch (tag) {
    case 0x0c: // UTF8String
      return buffer.toString('utf8')
    case 0x13: // PrintableString
    case 0x14: // T61String, which OpenSSL reads as Latin-1
    case 0x16: // IA5String
    case 0x1a: // VisibleString
      return buffer.toString('latin1')
    case 0x1e: // BMPString
      return buffer.length % 2 === 0 ? buffer.swap16().toString('utf16le') : undefined
    case 0x1c: // UniversalString
      return decodeUniversal(buffer)
    default:
      return undefined
  }
}

function decodeUniversal(buffer: Buffer): string | undefined {
  let text = ''
  for (let i = 0; i + 4 <= buffer.length; i += 4) {
    const point = buffer.readUInt32BE(i)
    if (point > 0x10ffff) return undefined
    text += String.fromCodePoint(point)
  }
  return buffer.length % 4 === 0 ? text : undefined
}

function encode(tag: number, content: Buffer): Buffer {
  const { length } = content
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content])
  const size: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256)
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length, ...size]), content])
}
