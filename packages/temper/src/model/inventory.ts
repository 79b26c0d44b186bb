import type { Digest } from '../base/digest.ts'

/** Types of software that Temper recognises in foreign images, named by package URL type (purl-spec). */
export const componentTypes = [
  'deb',
  'apk',
  'rpm',
  'npm',
  'pypi',
  'maven',
  'golang',
  'cargo',
  'gem',
  'composer',
  'nuget',
  'hex',
  'pub',
  'swift',
  'githubactions',
  'generic',
] as const

export type ComponentType = (typeof componentTypes)[number]

/** Where something was found. */
export interface Location {
  /** Without leading slash; parts of nested archives follow after "!/": "app/a.war!/WEB-INF/lib/b.jar". */
  readonly path: string
  /** Position of the layer in `Inventory.layers`; absent when the target has no layers. */
  readonly layer?: number
}

/** One installed piece of software, whoever installed it. Advisories are matched against components. */
export interface Component {
  readonly type: ComponentType
  /** As its ecosystem writes it: "libssl3", "@babel/core", "org.apache.logging.log4j:log4j-core", "github.com/a/b". */
  readonly name: string
  readonly version: string
  readonly purl: string
  /** As its ecosystem names it: "amd64", "x86_64". */
  readonly architecture?: string
  /**
   * What it was built from, the name that the distribution's advisories use: Debian's source, Alpine's origin, RPM's
   * SRPM.
   */
  readonly source?: { readonly name: string; readonly version: string }
  /**
   * The distribution that it belongs to, if any; `Inventory.distribution` unless a document says
   * otherwise.
   */
  readonly distribution?: Distribution
  /** Its licences as stated: an SPDX expression if it is one, else its own words. */
  readonly licence?: string
  /** Who made or distributes it. */
  readonly supplier?: string
  /** Digest of the package as it is downloaded, where a document or a lock states it. */
  readonly digest?: Digest
  /** What a part of its name was guessed from, if nothing states it: "packages", "Bundle-SymbolicName". */
  readonly guessedFrom?: string
  /** SHA-1 of the archive in hex, where archives are looked up by it (Maven's central repository). */
  readonly sha1?: string
  /** The files that show it: a package database, a manifest, a binary. The most conclusive one comes first. */
  readonly locations: readonly Location[]
  /** Paths of its files, without leading slash, if its database lists them. */
  readonly files?: readonly string[]
  /**
   * purl of the distribution's package in whose file it was found: a Python module that Debian packages is fixed by
   * Debian, under Debian's versions.
   */
  readonly broughtBy?: string
  /** purls of components that it needs, where they are known. */
  readonly dependsOn?: readonly string[]
  /** Which cataloguer or document found it: "dpkg", "go-binary", "spdx". */
  readonly foundBy: string
}

/** os-release(5). */
export interface Distribution {
  /** ID: "debian", "alpine", "wolfi", "almalinux", "rhel". */
  readonly id: string
  /** VERSION_ID: "13", "3.20.3"; empty for rolling releases. */
  readonly version: string
  /** VERSION_CODENAME. */
  readonly codename?: string
  /** PRETTY_NAME. */
  readonly title?: string
  /** ID_LIKE, split. */
  readonly like?: readonly string[]
}

export interface InventoryLayer {
  /** Of the blob. */
  readonly digest: Digest
  readonly diffId: Digest
  /** Bytes of the blob. */
  readonly size: number
  /** The history entry that made the layer. */
  readonly createdBy?: string
  /** Whether it belongs to the base image, where that is known. */
  readonly origin?: 'base' | 'application'
}

/** A regular file (or hard link) of the finished tree. */
export interface InventoryFile {
  /** Without leading slash. */
  readonly path: string
  /** Bytes; absent when a document does not say. */
  readonly size?: number
  readonly digest: Digest
  /** SHA-1 in hex, if requested (SPDX 2.3 requires it). */
  readonly sha1?: string
  readonly layer?: number
  /** purl of the component that brought it; absent when none claims it. */
  readonly owner?: string
}

/** Something that could not be read, or that the reader should know: reported, never silently dropped. */
export interface InventoryNote {
  /** Stable, for scripts: "package-database-deleted", "unreadable-jar", "limit-exceeded". */
  readonly code: string
  /** A sentence. */
  readonly message: string
  readonly location?: Location
}

/** What is in an image, a root file system, a document or a lock. */
export interface Inventory {
  readonly distribution?: Distribution
  /** By OCI (GOARCH) name. */
  readonly architecture?: string
  /** Sorted by type, name, version, then path. */
  readonly components: readonly Component[]
  /**
   * purls of the components that the target as a whole needs directly, or that a part of it needs that is not a
   * component. Absent when dependencies are not known, which is so for everything but documents.
   */
  readonly wanted?: readonly string[]
  /** Sorted by path. Absent when the target does not say. */
  readonly files?: readonly InventoryFile[]
  readonly layers: readonly InventoryLayer[]
  readonly notes: readonly InventoryNote[]
}
