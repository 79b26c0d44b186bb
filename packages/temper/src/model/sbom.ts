import type { Digest } from '../base/digest.ts'
import type { LicenceStatement } from './licence.ts'
import type { PackageOrigin } from './package.ts'

/** The image that a bill of materials describes. Everything that makes documents unique follows from it. */
export interface SbomSubject {
  /** Name of the image, e.g. "nginx". */
  readonly name: string
  /** Digest of the manifest of one platform. */
  readonly digest: Digest
  /** By OCI (GOARCH) name. */
  readonly architecture: string
  /** The image's own time, RFC 3339 in UTC without fractions. */
  readonly created: string
}

/** The distribution that the packages are of, as os-release(5) names it. */
export interface SbomDistribution {
  /** ID, e.g. "debian". */
  readonly id: string
  /** VERSION_ID, e.g. "13". */
  readonly version: string
  /** PRETTY_NAME. */
  readonly title: string
}

export interface SbomPackage {
  readonly name: string
  readonly version: string
  readonly architecture: string
  readonly source: { readonly name: string; readonly version: string }
  /** Digest of the package archive as it is downloaded. */
  readonly digest: Digest
  readonly origin: PackageOrigin
  /** Package URL (purl-spec). */
  readonly purl: string
  /** Who hands the package out: "Debian". Absent when nobody says so. */
  readonly supplier?: string
  /** Who packaged it, as the control file's Maintainer has it. */
  readonly maintainer?: string
  readonly homepage?: string
  /** One line. */
  readonly summary?: string
  /** Absent when the package has no copyright file. */
  readonly licence?: LicenceStatement
  /** Names of packages in the image that satisfy what it needs, sorted. */
  readonly dependsOn: readonly string[]
}

/**
 * How a file came into the image: out of a package archive; as the package database's record of a package; made
 * by an effect in the place of maintainer scripts; brought by the recipe.
 */
export type SbomFileOrigin = 'package' | 'database' | 'effect' | 'recipe'

/** Anything with bytes: a regular file, or a further name of one (a hard link). */
export interface SbomFile {
  /** Without leading slash. */
  readonly path: string
  readonly digest: Digest
  /** Hex; SPDX 2.3 (8.4) demands it. */
  readonly sha1: string
  /** Bytes. */
  readonly size: number
  readonly origin: SbomFileOrigin
  /** The package that it came with, or whose record it is. */
  readonly owner?: string
  /** Subject of each certificate that the recipe brings in this file. */
  readonly certificates?: readonly string[]
}

/** Everything that is in one image. Documents in SPDX and CycloneDX are written from it. */
export interface Sbom {
  /** What made the document. */
  readonly generator: { readonly name: string; readonly version: string }
  readonly subject: SbomSubject
  readonly distribution: SbomDistribution
  /** Sorted by name. */
  readonly packages: readonly SbomPackage[]
  /** Sorted by path. */
  readonly files: readonly SbomFile[]
}
