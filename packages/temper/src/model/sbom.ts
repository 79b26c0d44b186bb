import type { Digest } from '../base/digest.ts'
import type { ComponentType, InventoryNote } from './inventory.ts'
import type { LicenceStatement } from './package/licence.ts'
import type { PackageOrigin } from './package/package.ts'

/** What a bill of materials describes: most often the image of one platform. */
export interface SbomSubject {
  readonly kind: 'image' | 'directory' | 'document' | 'lock'
  /** Name of the image, e.g. "nginx", or of whatever else is described. */
  readonly name: string
  /** Digest of the image's manifest. */
  readonly digest?: Digest
  /** By OCI (GOARCH) name. */
  readonly architecture?: string
  /** The image's own time, RFC 3339 in UTC without fractions. */
  readonly created: string
}

/** The distribution of the packages, as os-release(5) names it. */
export interface SbomDistribution {
  /** ID, e.g. "debian". */
  readonly id: string
  /** VERSION_ID, e.g. "13". */
  readonly version: string
  /** VERSION_CODENAME. */
  readonly codename?: string
  /** PRETTY_NAME. */
  readonly title?: string
}

export interface SbomPackage {
  /** Identifies the package inside the bill of materials, for files and other packages. */
  readonly id: string
  readonly type: ComponentType
  readonly name: string
  /** Empty when it is not known. */
  readonly version: string
  readonly architecture?: string
  readonly source?: { readonly name: string; readonly version: string }
  /** Digest of the package archive as it is downloaded. */
  readonly digest?: Digest
  readonly origin?: PackageOrigin
  /** Package URL (purl-spec). */
  readonly purl: string
  /** Who distributes the package: "Debian". Absent when that is not known. */
  readonly supplier?: string
  /** Who packaged it, as in the control file's Maintainer field. */
  readonly maintainer?: string
  readonly homepage?: string
  /** One line. */
  readonly summary?: string
  /** Absent when the package states none. */
  readonly licence?: LicenceStatement
  /** Ids of packages in the image that satisfy what it needs, sorted. */
  readonly dependsOn: readonly string[]
  /** What a part of its name was guessed from, where nothing states it: "packages", "Bundle-SymbolicName". */
  readonly guessedFrom?: string
  /** SHA-1 of the archive in hex, by which Maven archives are looked up. */
  readonly sha1?: string
  /**
   * Paths of its files, without leading slash, that are not in the image because nothing that the image starts
   * reaches them.
   */
  readonly unreached?: readonly string[]
  /** Paths of the files that declare it, without leading slash, if it was found in files. */
  readonly places?: readonly string[]
}

/**
 * How a file came into the image: from a package; as the package database's record of a package; made by an effect
 * instead of maintainer scripts; brought by the recipe; or unknown.
 */
export type SbomFileOrigin = 'package' | 'database' | 'effect' | 'recipe' | 'unknown'

/** Anything with bytes: a regular file, or another name of one (a hard link). */
export interface SbomFile {
  /** Without leading slash. */
  readonly path: string
  readonly digest: Digest
  /** SHA-1 in hex, which SPDX 2.3 (8.4) requires. Absent only when a document that was read has none. */
  readonly sha1?: string
  /** Bytes. */
  readonly size?: number
  readonly origin: SbomFileOrigin
  /** Id of the package that it came with, or whose record it is. */
  readonly owner?: string
  /** Subject of each certificate that the recipe brings in this file. */
  readonly certificates?: readonly string[]
}

/** Everything that is in one image, folder or lock. Documents in SPDX and CycloneDX are written from it. */
export interface Sbom {
  /** What makes documents unique if not the digest of the image; equal only for equal contents. */
  readonly identity?: string
  /** What made the document. */
  readonly generator: { readonly name: string; readonly version: string }
  readonly subject: SbomSubject
  readonly distribution?: SbomDistribution
  /** Sorted by id. */
  readonly packages: readonly SbomPackage[]
  /** Sorted by path. */
  readonly files: readonly SbomFile[]
  /** False when there may be more in it than is listed. */
  readonly complete?: boolean
  /** What could not be read, and what else readers of the document should know. */
  readonly notes?: readonly InventoryNote[]
}
