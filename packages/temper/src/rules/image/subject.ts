import type { Digest } from '../../base/digest.ts'
import type { ScanResult, SecretFinding, SupportState } from '../../model/advisory/finding.ts'
import type { LayerContents } from '../../model/assess/layer-contents.ts'
import type { Evidence } from '../../model/attestation.ts'
import type { ImageConfig } from '../../model/image.ts'
import type { Component, Inventory } from '../../model/inventory.ts'
import type { HardeningSubject } from '../hardening/subject.ts'

/** What an image says about itself; a folder has none of it. */
export interface SubjectImage {
  /** Digest of the manifest of one platform. */
  readonly digest: Digest
  /** "linux/amd64". */
  readonly platform: string
  readonly config: ImageConfig
  /** `config.config`, empty where there is none. */
  readonly settings: NonNullable<ImageConfig['config']>
  /** Those of the manifest, over those of the index. */
  readonly annotations: Readonly<Record<string, string>>
}

/** A layer of an image, or all of a folder. */
export interface SubjectLayer extends LayerContents {
  /** Absent for a folder. */
  readonly diffId?: Digest
  /** Size of the blob in bytes; for a folder, of its files. */
  readonly size: number
  /** The instruction that made it, according to the history. */
  readonly createdBy?: string
  /** Whether it belongs to the base image, where that can be told. */
  readonly origin?: 'base' | 'application'
}

/** A bill of materials that is attached to an image. */
export interface SubjectSbom {
  readonly evidence: Evidence
  /** What it lists; `files` only where it lists files. Absent when it cannot be read. */
  readonly inventory?: Inventory
}

/** Provenance that is attached to an image (slsa.dev/provenance/v1, or v0.2). */
export interface SubjectProvenance {
  readonly evidence: Evidence
  /** The builder's address, as the provenance states it. */
  readonly builder?: string
  readonly buildType?: string
  /** What the image was built from, with digests, as the provenance states it. */
  readonly materials: readonly { readonly uri?: string; readonly digest?: Readonly<Record<string, string>> }[]
}

/** What is attached to an image, and which of it a trusted signer signed. */
export interface SubjectEvidence {
  /** Everything that is attached, including bills of materials and provenance. */
  readonly attached: readonly Evidence[]
  /** False when nobody is trusted for this image, so that nothing can be verified. */
  readonly trustsAnyone: boolean
  readonly sboms: readonly SubjectSbom[]
  readonly provenance: readonly SubjectProvenance[]
}

/** What the distribution's archive says about the packages of an image. */
export interface SubjectArchive {
  /** Packages of which the archive has a newer version. */
  readonly behind: readonly { readonly component: Component; readonly newest: string }[]
}

/**
 * What rules over images check: a finished tree with how it will be run and, where available, what the image says
 * about itself, what was found in it, and what others say about it.
 */
export interface ImageSubject extends HardeningSubject {
  /** The moment as of which ages are counted. */
  readonly now: Date
  /** As the person named it. */
  readonly name: string
  /** Absent for a folder. */
  readonly image?: SubjectImage
  /** Lowest first; one for a folder. */
  readonly layers: readonly SubjectLayer[]
  readonly inventory: Inventory
  /**
   * The component that brought a file (path without leading slash); a distribution's package takes precedence over a
   * language's.
   */
  readonly ownerOf: (path: string) => Component | undefined
  /** Whether any component says which files it brought; without that nothing has an owner. */
  readonly owners?: true
  /** Secrets in layers, including files that a later layer hides, and in the configuration. */
  readonly secrets: readonly SecretFinding[]
  /** How long the distribution's release is supported, where that is known. */
  readonly support?: SupportState
  /** What advisories say. Absent when there are none to compare with. */
  readonly scan?: ScanResult
  /** Absent when the archive was not asked, or when the distribution's archive is not known. */
  readonly archive?: SubjectArchive
  /** Absent where nothing can be attached: a folder. */
  readonly evidence?: SubjectEvidence
}

/** Parts of a subject that can be missing, and why that is, for people. */
export const parts = {
  user: 'nothing says which user it runs as',
  image: 'a folder has no configuration and no layers',
  scan: 'no advisories were compared: there are no feeds',
  evidence: 'nothing can be attached to it',
  archive: "the distribution's archive was not asked, or is not known",
  owners: 'no package says which files it brought',
} as const

/** Parts that exist only on request, or that many good images lack; an image is judged without them. */
export const optionalParts: ReadonlySet<keyof typeof parts> = new Set(['archive', 'owners'])

export type Part = keyof typeof parts

/** What to do so that rules that need a missing part can be checked, as phrases. */
export const partRemedies: Readonly<Record<Part, string>> = {
  user: 'name an existing user',
  image: 'look at the image itself',
  scan: 'fetch advisories',
  evidence: 'look at the image where it is published',
  archive: "ask the distribution's archive too",
  owners: 'keep the list of packages with their files in it',
}
