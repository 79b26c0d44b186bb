import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { bits, der, integer, octets, oid, sequence, setOf, text, truth, utcTime } from './der.ts'

/** Certificates (RFC 5280) and certificate timestamps (RFC 6962), for tests. */

export interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

export function newKeyPair(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

export function spki(key: KeyObject): Buffer {
  return createPublicKey(
    key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }),
  ).export({
    format: 'der',
    type: 'spki',
  })
}

export const sha256Of = (...parts: readonly Uint8Array[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

export const ecdsaWithSha256 = (): Buffer => sequence(oid('1.2.840.10045.4.3.2'))

export interface CertificateFields {
  readonly subject: string
  readonly issuer: string
  readonly key: KeyObject
  readonly issuerKey: KeyPair
  readonly notBefore: Date
  readonly notAfter: Date
  readonly extensions: readonly Buffer[]
}

export function nameOf(commonName: string): Buffer {
  if (commonName === '') return sequence()
  return sequence(setOf(sequence(oid('2.5.4.3'), text(commonName))))
}

/** The part of a certificate that is signed, and that a log sees without the log's own timestamps. */
export function toBeSigned(fields: CertificateFields, serial: Buffer): Buffer {
  const keyId = (key: KeyObject) => createHash('sha1').update(spki(key)).digest()
  const extensions = [
    ...fields.extensions,
    extension('2.5.29.14', octets(keyId(fields.key))),
    extension('2.5.29.35', sequence(der(0x80, keyId(fields.issuerKey.publicKey)))),
  ]
  return sequence(
    der(0xa0, integer(2)),
    integer(serial),
    ecdsaWithSha256(),
    nameOf(fields.issuer),
    sequence(utcTime(fields.notBefore), utcTime(fields.notAfter)),
    nameOf(fields.subject),
    spki(fields.key),
    der(0xa3, sequence(...extensions)),
  )
}

export function certificate(fields: CertificateFields, serial = newSerial()): Buffer {
  const tbs = toBeSigned(fields, serial)
  return sequence(tbs, ecdsaWithSha256(), bits(sign('sha256', tbs, fields.issuerKey.privateKey)))
}

export function newSerial(): Buffer {
  return Buffer.concat([Buffer.from([1]), randomBytes(15)])
}

export function extension(id: string, value: Uint8Array, critical?: 'critical'): Buffer {
  return sequence(oid(id), ...(critical === undefined ? [] : [truth()]), octets(value))
}

export const usage = {
  /** digitalSignature. */
  sign: () => extension('2.5.29.15', der(0x03, Buffer.from([7, 0x80])), 'critical'),
  /** keyCertSign, cRLSign. */
  certify: () => extension('2.5.29.15', der(0x03, Buffer.from([1, 0x06])), 'critical'),
  authority: () => extension('2.5.29.19', sequence(truth()), 'critical'),
  code: () => extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.3'))),
  time: () => extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.8')), 'critical'),
} as const

/** A self-signed authority. */
export function rootCertificate(subject: string, keys: KeyPair, start: Date): Buffer {
  return certificate({
    subject,
    issuer: subject,
    key: keys.publicKey,
    issuerKey: keys,
    notBefore: start,
    notAfter: new Date(start.getTime() + 10 * 365 * 86_400_000),
    extensions: [usage.authority(), usage.certify()],
  })
}

export const timestampListId = '1.3.6.1.4.1.11129.2.4.2'

/** An extension with the timestamp of a certificate log for what is to be signed (RFC 6962, 3.2 and 3.3). */
export function certificateTimestamp(
  tbs: Buffer,
  options: { readonly issuer: KeyObject; readonly log: KeyPair; readonly time: Date },
): Buffer {
  const time = Buffer.alloc(8)
  time.writeBigUInt64BE(BigInt(options.time.getTime()))
  const size = Buffer.alloc(3)
  size.writeUIntBE(tbs.length, 0, 3)
  const issuer = sha256Of(spki(options.issuer))
  const signed = Buffer.concat([
    Buffer.from([0, 0]),
    time,
    Buffer.from([0, 1]),
    issuer,
    size,
    tbs,
    Buffer.alloc(2),
  ])
  const signature = sign('sha256', signed, options.log.privateKey)
  const head = Buffer.concat([Buffer.from([0]), sha256Of(spki(options.log.publicKey)), time, Buffer.alloc(2)])
  const timestamp = Buffer.concat([head, Buffer.from([4, 3]), prefixed(signature)])
  return extension(timestampListId, octets(prefixed(prefixed(timestamp))))
}

function prefixed(bytes: Buffer): Buffer {
  const size = Buffer.alloc(2)
  size.writeUInt16BE(bytes.length)
  return Buffer.concat([size, bytes])
}

export function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
