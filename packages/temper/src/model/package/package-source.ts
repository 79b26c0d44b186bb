import type { Digest } from '../../base/digest.ts'
import type { Http } from '../../base/http/http.ts'
import type { Progress } from '../../base/progress.ts'
import type { ArchiveAuthorization } from '../credentials.ts'
import type { Fingerprint, LockedSuite } from '../lock.ts'
import type { Architecture } from '../platform.ts'
import type { RepositoryRequest } from '../recipe.ts'
import type { IndexedPackage, Package, PackageIndex } from './package.ts'

/** How package archives are reached, and where fetched ones are kept. */
export interface ArchiveAccess {
  readonly http: Http
  readonly cacheDir: string
  readonly progress: Progress
  readonly offline?: boolean
  readonly signal?: AbortSignal
  /** Credentials for repositories that ask for them; absent: none. */
  readonly authorization?: ArchiveAuthorization
}

/** Mirrors of a distribution's repositories besides those in a recipe. */
export interface MirrorPlaces {
  /** Base addresses by the id of a repository, in the order of preference: tried before those of the host. */
  readonly configured: Readonly<Record<string, readonly string[]>>
  /** Where the configuration of the host's own package manager is read from: "/", or a folder in tests. */
  readonly hostRoot: string
}

/** The repositories of one recipe, and everything needed to use them. */
export interface RepositoryWorld {
  readonly access: ArchiveAccess
  /**
   * The recipe's own repositories, in addition to the distribution's or instead of them. Key files are absolute paths
   * or addresses.
   */
  readonly repositories: readonly RepositoryRequest[]
  readonly mirrors: MirrorPlaces
}

export interface PackageSourceRequest extends RepositoryWorld {
  /** Key files of the recipe: absolute paths or addresses. */
  readonly keyring: readonly string[]
  /** Folder of the archive keys that ship with Temper. */
  readonly keysDir: string
  /** The wall clock, which decides only what has expired. */
  readonly now: Date
  /** All architectures that will be needed; their indices are read together, so that they have the same state. */
  readonly architectures: readonly Architecture[]
}

/** A signature-checked snapshot of all repositories of one recipe. */
export interface PackageSource {
  index(architecture: Architecture): Promise<PackageIndex>
  /**
   * Adds the digests of their archives to the chosen packages. The archives are then in the cache, verified against
   * the index. Absent when the index itself has the digests.
   */
  pin?(packages: readonly IndexedPackage[]): Promise<readonly IndexedPackage[]>
  /**
   * The packages that have certain files, by file: a path ("/usr/bin/perl"), or the name of a library or a program.
   * For messages; files that no index lists are left out. Errors: those of `index`. Absent when the repositories list
   * no files.
   */
  owners?(files: readonly string[], architecture: Architecture): Promise<ReadonlyMap<string, string>>
  /** What was verified, for the lock; complete after `index` was called for each architecture. */
  suites(): readonly LockedSuite[]
  /** Fingerprints of the keys that signed. */
  keys(): readonly Fingerprint[]
}

export interface FetchRequest extends RepositoryWorld {
  /** Where the packages of the lock were, according to the lock. */
  readonly suites: readonly LockedSuite[]
}

/**
 * Makes sure that the archives of packages are in the cache, each with the bytes that its digest names; returns their
 * paths in the order of `packages`. `verify` also hashes those that are in the cache already; by default the right
 * size is enough. `onArrived` is called for each as soon as it is there.
 */
export type FetchPackages = (
  packages: readonly FetchedPackage[],
  options?: { readonly cached?: 'trust' | 'verify'; readonly onArrived?: (digest: Digest) => void },
) => Promise<readonly string[]>

/** The members of a package that are needed to fetch it. */
export type FetchedPackage = Pick<Package, 'name' | 'version' | 'digest' | 'size' | 'origin'>

/** Where the cache keeps the archive of a package. */
export type ArchivePath = (cacheDir: string, digest: Digest) => string
