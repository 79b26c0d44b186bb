/** What somebody says about a vulnerability in a product (OpenVEX 0.2, CISA's minimum requirements for VEX). */
export type VexStatus = 'not_affected' | 'affected' | 'fixed' | 'under_investigation'

/** Why a product is not affected (OpenVEX 0.2, "Status Justifications"). */
export type VexJustification =
  | 'component_not_present'
  | 'vulnerable_code_not_present'
  | 'vulnerable_code_not_in_execute_path'
  | 'vulnerable_code_cannot_be_controlled_by_adversary'
  | 'inline_mitigations_already_exist'

/** One statement, from whatever format it was read. */
export interface VexStatement {
  /** CVE or other id. */
  readonly vulnerability: string
  readonly aliases: readonly string[]
  /**
   * purls or digests of what it is about ("pkg:oci/…", "pkg:deb/…"); empty when it is about whatever carries the
   * document.
   */
  readonly products: readonly VexProduct[]
  readonly status: VexStatus
  readonly justification?: VexJustification
  /** Free text: why, or what to do. */
  readonly statement?: string
  /** RFC 3339: later statements win over earlier ones of the same source. */
  readonly timestamp?: string
  /** When it expires and no longer counts (Temper's own statements). RFC 3339. */
  readonly expires?: string
}

export interface VexProduct {
  /** purl, or another IRI. */
  readonly id: string
  /** Further digests that identify it, as "sha256:…". */
  readonly digests?: readonly string[]
  /** purls of the parts that it is about; empty when it is about the product as a whole. */
  readonly subcomponents: readonly string[]
}

/** A document with who vouches for it. The first one in a list of documents takes precedence. */
export interface VexDocument {
  readonly id: string
  readonly format: 'openvex' | 'cyclonedx' | 'csaf'
  readonly author?: string
  readonly timestamp?: string
  /** Where it was read: a file, or "attached sha256:…, signed by …". */
  readonly origin: string
  readonly statements: readonly VexStatement[]
}
