import type { Digest } from '../base/digest.ts'
import type { JsonObject } from '../base/json/value.ts'

/** The subject of a statement (in-toto attestation framework, resource_descriptor.md). */
export interface ResourceDescriptor {
  readonly name?: string
  readonly uri?: string
  /** Algorithm → lower-case hex. */
  readonly digest?: Readonly<Record<string, string>>
  readonly downloadLocation?: string
  readonly mediaType?: string
  readonly annotations?: JsonObject
}

/** A claim about artifacts (in-toto attestation framework, statement.md v1). */
export interface Statement {
  readonly _type: string
  readonly subject: readonly ResourceDescriptor[]
  readonly predicateType: string
  readonly predicate?: JsonObject
}

/** Signed bytes with their type (DSSE 1.0, envelope.md). */
export interface Envelope {
  readonly payloadType: string
  readonly payload: Uint8Array
  readonly signatures: readonly EnvelopeSignature[]
}

export interface EnvelopeSignature {
  /** A hint that proves nothing. */
  readonly keyId?: string
  readonly signature: Uint8Array
}

/** "rsa" of 2048 to 4096 bits. */
export type KeyAlgorithm = 'ecdsa-p256' | 'ecdsa-p384' | 'ed25519' | 'rsa'

/** A public key that a person trusts. */
export interface VerificationKey {
  /** SHA-256 of the key's DER (SubjectPublicKeyInfo, RFC 5280). */
  readonly id: Digest
  readonly algorithm: KeyAlgorithm
  /** PEM, "PUBLIC KEY". */
  readonly pem: string
  /**
   * ECDSA: signature in DER, SHA-256 or with P-384 SHA-384; RSA: PKCS #1 v1.5, SHA-256. False for anything but a good
   * signature.
   */
  verify(bytes: Uint8Array, signature: Uint8Array): boolean
}

/** A signer: a key in a file, a command that calls a key service, or a short-lived key of an identity. */
export interface Signer {
  readonly key: VerificationKey
  /** Set when a certificate vouches for the key; otherwise the key itself has to be trusted. */
  readonly certificate?: SigningCertificate
  sign(bytes: Uint8Array): Promise<Uint8Array>
  /** Has services witness a signature; what they return becomes part of the bundle's verification material. */
  witness?(envelope: Envelope): Promise<JsonObject>
}

/** An identity, as stated by its provider (OpenID Connect). */
export interface Identity {
  /** Subject alternative name: an e-mail address, or the address of a workflow. */
  readonly identity: string
  /** Address of the provider. */
  readonly issuer: string
}

export interface SigningCertificate extends Identity {
  readonly der: Uint8Array
}

/** An identity that a person trusts. */
export interface TrustedIdentity {
  /** The name that the person gave it. */
  readonly id: string
  accepts(signer: Identity): boolean
}

/** Who signed, and by what time at the latest, according to trusted services. */
export interface Certified extends Identity {
  readonly time: Date
}

/** The services whose certificates, log entries and timestamps count (protobuf-specs, sigstore_trustroot.proto). */
export interface TrustedServices {
  /**
   * Verifies certificate, log inclusion, time and signature of a bundle; `artifact` is what was signed if the bundle
   * holds no envelope. Throws `bad-attestation` with the reason.
   */
  certified(bundle: JsonObject, artifact?: Uint8Array): Certified
  /**
   * The same for a bundle that a key signed; returns the latest possible time of signing, or undefined when no
   * service witnessed it.
   */
  signedAt(bundle: JsonObject, key: VerificationKey): Date | undefined
}

/** Whom to trust. When it is empty, nothing is verified. */
export interface Trust {
  readonly keys: readonly VerificationKey[]
  readonly identities: readonly TrustedIdentity[]
  /** Needed for identities; for keys, it proves times of signing. */
  readonly services?: TrustedServices
}

/** Predicate types by short names, which are cosign's where it has one. */
export const predicateTypes = {
  /** A statement that only says that its signer vouches for the image. */
  signature: 'https://sigstore.dev/cosign/sign/v1',
  slsaprovenance1: 'https://slsa.dev/provenance/v1',
  slsaprovenance: 'https://slsa.dev/provenance/v0.2',
  spdxjson: 'https://spdx.dev/Document',
  cyclonedx: 'https://cyclonedx.org/bom',
  openvex: 'https://openvex.dev/ns',
  vsa: 'https://slsa.dev/verification_summary/v1',
  vuln: 'https://cosign.sigstore.dev/attestation/vuln/v1',
  vulns: 'https://in-toto.io/attestation/vulns/v0.2',
  link: 'https://in-toto.io/Link/v1',
  custom: 'https://cosign.sigstore.dev/attestation/v1',
} as const

/** Media types of evidence. */
export const evidenceTypes = {
  /** Sigstore bundle 0.3 (protobuf-specs, sigstore_bundle.proto). */
  bundle: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  statement: 'application/vnd.in-toto+json',
  envelope: 'application/vnd.dsse.envelope.v1+json',
  /** cosign's older signatures (cosign, SIGNATURE_SPEC.md). */
  simpleSigning: 'application/vnd.dev.cosign.simplesigning.v1+json',
} as const

/** The reason why a document that nobody signed is not verified. */
export const unsignedReason = 'it is not signed'

/** One piece of evidence about an image, with the result of its verification; JSON has the same form. */
export interface Evidence {
  /** Predicate type; for documents that are not statements, the artifact type. */
  readonly type: string
  /** Digest of the attached manifest; in cosign's older scheme, of the signed document. */
  readonly digest: Digest
  /** Media type of the document. */
  readonly mediaType: string
  /** What it is attached to: the image, or one platform of it. */
  readonly subject: Digest
  /** Ids of keys, or "IDENTITY (ISSUER)"; proved when `verified`, else only claimed by the document. */
  readonly signers: readonly string[]
  readonly verified: boolean
  /** Why it is verified or not, as a sentence without a full stop. */
  readonly reason: string
  /** When it was signed at the latest (RFC 3339), if a trusted service confirms that. */
  readonly time?: string
  /** The name of the image in the signature, if there is one: "registry.example/team/web:1.2". */
  readonly names?: readonly string[]
}
