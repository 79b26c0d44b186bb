import type { KeyObject } from 'node:crypto'
import { signatureAlgorithmOf } from '../../../formats/crypto/x509-name.ts'
import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'
import { type ImageCertificate, nameOf, trustStoreOf } from './trusted-certificates.ts'

/** Signatures with MD2, MD5 and SHA-1, by their object identifier in hex (RFC 3279; RFC 5758). */
const weak: ReadonlyMap<string, string> = new Map([
  ['2a864886f70d010102', 'MD2'],
  ['2a864886f70d010104', 'MD5'],
  ['2a864886f70d010105', 'SHA-1'],
  ['2a8648ce3d0401', 'SHA-1'],
  ['2a8648ce380403', 'SHA-1'],
])

export const weakCertificate = imageRule({
  id: 'weak-certificate',
  title: 'Certificates of the trust store have strong keys and signatures',
  why: 'Whoever can break the key or forge the signature can impersonate anybody to all programs in the image.',
  fix: 'remove it, and trust one with RSA of 2048 bits or more, or P-256, signed with SHA-256',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  *check({ root }) {
    for (const trusted of trustStoreOf({ root }).certificates) {
      const why = weaknessOf(trusted)
      if (why !== undefined) yield { place: nodePlace(trusted.node), found: `"${nameOf(trusted)}" ${why}` }
    }
  },
})

function weaknessOf({ certificate, der }: ImageCertificate): string | undefined {
  const bits = bitsOf(certificate.publicKey)
  if (bits !== undefined) return `has a key of ${bits} bits`
  // Nobody checks the signature of a root: it is trusted because it is in the store.
  if (certificate.issuer === certificate.subject) return undefined
  const hash = weak.get(signatureAlgorithmOf(der) ?? '')
  return hash === undefined ? undefined : `is signed with ${hash}`
}

/** Bits of a key that is too short; undefined for one that is not. */
function bitsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): number | undefined {
  const { modulusLength = 2048, namedCurve = '' } = asymmetricKeyDetails ?? {}
  if (/^(?:rsa|rsa-pss|dsa)$/.test(asymmetricKeyType ?? '') && modulusLength < 2048) return modulusLength
  const curve = Number(/^(?:secp|sect|prime|brainpoolP)(\d{3})/.exec(namedCurve)?.[1] ?? 256)
  return curve < 224 ? curve : undefined
}
