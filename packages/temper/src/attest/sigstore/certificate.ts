import { X509Certificate } from 'node:crypto'
import { TemperError } from '../../base/error.ts'
import type { JsonObject } from '../../base/json/value.ts'
import { readPem } from '../../formats/crypto/pem.ts'
import { base64Of, listOf, malformed, objectOf } from '../json-document.ts'

/**
 * The identity that a certificate names (RFC 5280, subjectAltName), which proves nothing. Empty when it cannot be
 * read.
 */
export function claimedIdentity(der: Uint8Array): readonly string[] {
  const certificate = readCertificate(der)
  const name = certificate?.subjectAltName?.replace(/^(?:URI|email):/, '')
  return name === undefined || name === '' ? [] : [name.slice(0, 1000)]
}

/** Whether a certificate was made for signing code (RFC 5280, extKeyUsage), as those of Fulcio are. */
export function isForCodeSigning(der: Uint8Array): boolean {
  // Node calls the extended usages so.
  return readCertificate(der)?.keyUsage?.includes('1.3.6.1.5.5.7.3.3') === true
}

function readCertificate(der: Uint8Array): X509Certificate | undefined {
  // What OpenSSL cannot read is no certificate; it says so with errors of several kinds.
  try {
    return new X509Certificate(der)
  } catch {
    return undefined
  }
}

/** The certificates of a PEM text, as DER. Throws `bad-attestation`. */
export function readPemCertificates(text: string, where: string): readonly Uint8Array[] {
  try {
    const blocks = readPem(text, { what: where })
    return blocks.filter(({ label }) => label === 'CERTIFICATE').map(({ bytes }) => bytes)
  } catch (error) {
    if (!(error instanceof TemperError)) throw error
    throw malformed(where, 'certificates in PEM', error.message.slice(0, 200))
  }
}

/**
 * The signer's certificate, in the verification material of a bundle: alone, or the first of a chain as versions 0.1
 * and 0.2 have it. Undefined when there is none. Throws `bad-attestation` for what is not a certificate.
 */
export function signingCertificate(material: JsonObject, where: string): Uint8Array | undefined {
  const { certificate, x509CertificateChain: chain } = material
  if (certificate === undefined && chain === undefined) return undefined
  const place = `${where}, ${certificate === undefined ? 'x509CertificateChain' : 'certificate'}`
  const first =
    certificate ?? listOf(objectOf(chain, place)['certificates'], `${place}, certificates`, chainLimit)[0]
  return base64Of(objectOf(first, place)['rawBytes'], place)
}

/** Most certificates of a chain. */
const chainLimit = 16
