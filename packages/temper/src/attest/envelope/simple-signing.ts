import { type Digest, isDigest } from '../../base/digest.ts'
import { malformed, objectOf, parseDocument, textOf } from '../json-document.ts'

/** cosign, SIGNATURE_SPEC.md, "Payloads". */
const payloadKind = 'cosign container image signature'

export interface SimpleSigning {
  /** What the signer called the image. */
  readonly identity: string
  readonly digest: Digest
}

/** The payload of cosign's older signatures: the image, and the name that it was signed under. */
export function simpleSigningPayload({ identity, digest }: SimpleSigning): Uint8Array {
  const payload = {
    critical: {
      identity: { 'docker-reference': identity },
      image: { 'docker-manifest-digest': digest },
      type: payloadKind,
    },
    optional: null,
  }
  return Buffer.from(JSON.stringify(payload))
}

/** Reads such a payload from outside. Throws `bad-attestation`, `limit-exceeded`. */
export function parseSimpleSigning(bytes: Uint8Array, where: string): SimpleSigning {
  const critical = objectOf(parseDocument(bytes, where)['critical'], `${where}, critical`)
  const type = textOf(critical['type'], `${where}, type`)
  if (type !== payloadKind) throw malformed(`${where}, type`, `"${payloadKind}"`, `"${type.slice(0, 100)}"`)
  const image = objectOf(critical['image'], `${where}, image`)
  const digest = textOf(image['docker-manifest-digest'], `${where}, docker-manifest-digest`)
  if (!isDigest(digest))
    throw malformed(`${where}, docker-manifest-digest`, 'a SHA-256 digest', digest.slice(0, 80))
  const { 'docker-reference': identity } = objectOf(critical['identity'], `${where}, identity`)
  return { digest, identity: typeof identity === 'string' ? identity.slice(0, 500) : '' }
}
