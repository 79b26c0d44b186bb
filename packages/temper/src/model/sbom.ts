import type { Digest } from '../base/digest.ts'
import type { ComponentType, InventoryNote } from './inventory.ts'
import type { LicenceStatement } from './package/licence.ts'
import type { PackageOrigin } from './package/package.ts'

/** What a bill of materials describes: most often the image of one platform. */
export interface SbomSubject {
  readonly kind: 'image' | 'directory' | 'document' | 'lock'
  /** Name of the image, e.g. "nginx", or of what else is described. */
  readonly name: string
  /** Of the image's manifest. */
  readonly digest?: Digest
  /** By OCI (GOARCH) name. */
  readonly architecture?: string
  /** The image's own time, RFC 3339 in UTC without fractions. */
  readonly created: string
}

/** The distribution that the packages are of, as os-release(5) names it. */
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
  /** Names the package inside the bill of materials: for files and other packages. */
  readonly id: string
  readonly type: ComponentType
  readonly name: string
  /** Empty when nothing tells it. */
  readonly version: string
  readonly architecture?: string
  readonly source?: { readonly name: string; readonly version: string }
  /** Digest of the package archive as it is downloaded. */
  readonly digest?: Digest
  readonly origin?: PackageOrigin
  /** Package URL (purl-spec). */
  readonly purl: string
  /** Who hands the package out: "Debian". Absent when nobody says so. */
  readonly supplier?: string
  /** Who packaged it, as the control file's Maintainer has it. */
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
  /** Hex; of the archive that it is, by which Maven's archives are looked up. */
  readonly sha1?: string
  /** Paths of its files that are not in the image because nothing that it starts reaches them, without leading slash. */
  readonly unreached?: readonly string[]
  /** Paths of the files that tell of it, without leading slash: where it was read from files. */
  readonly places?: readonly string[]
}

/**
 * How a file came into the image: out of a package; as the package database's record of a package; made
 * by an effect in the place of maintainer scripts; brought by the recipe; or in a way that nothing tells.
 */
export type SbomFileOrigin = 'package' | 'database' | 'effect' | 'recipe' | 'unknown'

/** Anything with bytes: a regular file, or a further name of one (a hard link). */
export interface SbomFile {
  /** Without leading slash. */
  readonly path: string
  readonly digest: Digest
  /** Hex; SPDX 2.3 (8.4) demands it. Absent only when a document that was read has none. */
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
  /** What makes documents unique, where that is not the digest of the image: equal for equal contents only. */
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
  /** What could not be read, and what else whoever reads the document should know. */
  readonly notes?: readonly InventoryNote[]
}
