import type { Digest } from '../../base/digest.ts'
import type { Http } from '../../base/http/http.ts'
import type { Progress } from '../../base/progress.ts'
import type { ArchiveAuthorization } from '../credentials.ts'
import type { Fingerprint, LockedSuite } from '../lock.ts'
import type { Architecture } from '../platform.ts'
import type { RepositoryRequest } from '../recipe.ts'
import type { IndexedPackage, Package, PackageIndex } from './package.ts'

/** How package archives are reached, and where what was fetched is kept. */
export interface ArchiveAccess {
  readonly http: Http
  readonly cacheDir: string
  readonly progress: Progress
  readonly offline?: boolean
  readonly signal?: AbortSignal
  /** Who we are at repositories that ask; absent: nobody. */
  readonly authorization?: ArchiveAuthorization
}

/** Where a distribution's repositories are looked for besides what a recipe says. */
export interface MirrorPlaces {
  /** Base addresses by the id of a repository, in the order of preference: tried before those of the host. */
  readonly configured: Readonly<Record<string, readonly string[]>>
  /** Where the configuration of the host's own package manager is read from: "/", or a folder in tests. */
  readonly hostRoot: string
}

/** The repositories of one recipe, and the world that they are in. */
export interface RepositoryWorld {
  readonly access: ArchiveAccess
  /** The recipe's own, besides the distribution's or in place of them. Key files are absolute paths or addresses. */
  readonly repositories: readonly RepositoryRequest[]
  readonly mirrors: MirrorPlaces
}

export interface PackageSourceRequest extends RepositoryWorld {
  /** Key files of the recipe: absolute paths or addresses. */
  readonly keyring: readonly string[]
  /** Folder of the archive keys that ship with Temper. */
  readonly keysDir: string
  /** The wall clock: decides what is expired, and nothing else. */
  readonly now: Date
  /** All that will be asked for: their indices are read together, so that they are of one state. */
  readonly architectures: readonly Architecture[]
}

/** A signature-checked snapshot of all repositories of one recipe. */
export interface PackageSource {
  index(architecture: Architecture): Promise<PackageIndex>
  /**
   * The chosen packages with the digests of their archives, which are then in the cache, each found to be what the index
   * says. Absent: the index itself has the digests.
   */
  pin?(packages: readonly IndexedPackage[]): Promise<readonly IndexedPackage[]>
  /**
   * The package that has each of some files, by the file: a path ("/usr/bin/perl"), or the name of a library or a program.
   * For messages: what nobody lists is left out. Errors: those of `index`. Absent: the repositories list no files.
   */
  owners?(files: readonly string[], architecture: Architecture): Promise<ReadonlyMap<string, string>>
  /** What was verified, for the lock; complete after `index` was called for each architecture. */
  suites(): readonly LockedSuite[]
  /** Fingerprints of the keys that signed. */
  keys(): readonly Fingerprint[]
}

export interface FetchRequest extends RepositoryWorld {
  /** What the lock says of where its packages were. */
  readonly suites: readonly LockedSuite[]
}

/**
 * Makes sure that the archives of packages are in the cache, each with the bytes that its digest names; returns their
 * paths in the order of `packages`. `verify` hashes also those that are there; by default the right size counts as right.
 * `onArrived` is told of each as soon as it is there.
 */
export type FetchPackages = (
  packages: readonly FetchedPackage[],
  options?: { readonly cached?: 'trust' | 'verify'; readonly onArrived?: (digest: Digest) => void },
) => Promise<readonly string[]>

/** What has to be known of a package to fetch it. */
export type FetchedPackage = Pick<Package, 'name' | 'version' | 'digest' | 'size' | 'origin'>

/** Where the cache keeps the archive of a package. */
export type ArchivePath = (cacheDir: string, digest: Digest) => string
