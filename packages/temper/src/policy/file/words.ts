/** Ids of what a policy judges besides rules, as reasons and exceptions name them. */
export const kindIds = {
  finding: 'vulnerabilities',
  secret: 'secrets',
  'end-of-life': 'end-of-life',
  'stale-feeds': 'stale-feeds',
  incomplete: 'incomplete',
  tier: 'tier',
  evidence: 'evidence',
  scope: 'images',
} as const

/** Names that no rule of a policy may have. */
export const ownKinds: readonly string[] = Object.values(kindIds)

/** Kinds of evidence that policies name, and the predicate types that count as one: any of them. */
export const evidenceKinds: Readonly<Record<string, readonly string[]>> = {
  signature: ['https://sigstore.dev/cosign/sign/v1'],
  sbom: ['https://spdx.dev/Document', 'https://cyclonedx.org/bom'],
  provenance: ['https://slsa.dev/provenance/v1', 'https://slsa.dev/provenance/v0.2'],
  openvex: ['https://openvex.dev/ns'],
  vulns: ['https://in-toto.io/attestation/vulns/v0.2', 'https://cosign.sigstore.dev/attestation/vuln/v1'],
  'verification-summary': ['https://slsa.dev/verification_summary/v1'],
}
