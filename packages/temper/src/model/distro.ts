import type { ByteStream } from '../base/bytes.ts'
import type { ComponentType } from './inventory.ts'
import type { LoaderRules } from './loader.ts'
import type { LockedPackage } from './lock.ts'
import type { ChangelogEntry, ChangelogFacts } from './package/changelog.ts'
import type { Diversion } from './package/diversion.ts'
import type { InstalledDatabase } from './package/installed.ts'
import type { LicenceStatement } from './package/licence.ts'
import type { Package, PackageRelations } from './package/package.ts'
import type { ArchiveMetadata, FileEntry, PackageContent, PackageEntry } from './package/package-content.ts'
import type { PackageRules } from './package/package-rules.ts'
import type {
  ArchivePath,
  FetchPackages,
  FetchRequest,
  PackageSource,
  PackageSourceRequest,
} from './package/package-source.ts'
import type { UnmodelledEffect } from './package/unmodelled-effect.ts'
import type { Architecture } from './platform.ts'
import type { Recipe } from './recipe.ts'
import type { EffectView, RootChange, RootView } from './root.ts'
import type { VersionScheme } from './version-scheme.ts'

/** A release of a distribution. */
export interface Release {
  /** The name in recipes and locks: "debian-13". */
  readonly id: string
  /** VERSION_ID of os-release(5). */
  readonly version: string
  /** VERSION_CODENAME, by which recipes may name the release. */
  readonly codename?: string
  /**
   * Set for a rolling release: it has no versions, only the newest state, and its version says nothing about its
   * packages.
   */
  readonly rolling?: true
  /** Its fields in os-release. */
  readonly osRelease: Readonly<Record<string, string>>
}

/** Programs of the host that make work faster, never different. */
export interface HostTools {
  /** Absolute path of `xz`; absent: the built-in decoder. */
  readonly xzProgram?: string | undefined
}

/** A distribution that images can be built from: its names, and access to everything else. */
export interface DistroFamily {
  /** ID of os-release(5): "debian". */
  readonly id: string
  /** Type of its packages' URLs (purl-spec). */
  readonly packageType: ComponentType
  /** The newest first. */
  readonly releases: readonly Release[]
  /** Loads the code that knows its packages, which most commands do not need. */
  open(release: Release, host: HostTools): Promise<Distro>
}

/** An opened package archive: its metadata is in memory, file contents come as one stream in archive order. */
export interface PackageArchive {
  readonly metadata: ArchiveMetadata
  /**
   * Each entry, then (for files) all of its bytes before the next entry is asked for. Chunks of bytes belong to whoever reads
   * them, who may release them.
   */
  entries(): AsyncIterable<{ readonly entry: FileEntry; readonly content: ByteStream }>
}

/** A package as effects see it. */
export interface EffectPackage {
  readonly package: Pick<Package, 'name' | 'version' | 'architecture'>
  readonly content: EffectContent
  /** False for a package that was only needed while installing: its scripts and files do not count. */
  readonly kept: boolean
}

/** What effects may know about the content of a package: everything that their result can depend on. */
export interface EffectContent extends Pick<PackageContent, 'own' | 'captured'> {
  readonly entries: readonly Pick<PackageEntry, 'path' | 'uid' | 'gid' | 'userName' | 'groupName'>[]
}

export interface EffectOutcome {
  readonly changes: readonly RootChange[]
  /** One line for each thing done: effect id and what, e.g. { effect: "ca-bundle", detail: "142 certificates" }. */
  readonly applied: readonly { readonly effect: string; readonly detail: string }[]
  readonly unmodelled: readonly UnmodelledEffect[]
}

/** The package that has an interpreter, guessed by its name. */
export interface InterpreterPackage {
  readonly name: string
  /** Whether it is a shell, which hardening keeps out. */
  readonly shell: boolean
}

/** How advisories are made from the distribution's own changelogs. */
export interface ChangelogAdvisories {
  /** As OSV names it: "Debian:13". */
  readonly ecosystem: string
  readonly scheme: VersionScheme
  /** Prefix of the CVE id in the id of an advisory: "DEBIAN-". */
  readonly prefix: string
  /** Start of the address of a page about a CVE; the id follows. */
  readonly page: string
}

/**
 * One opened release of a distribution, with everything that callers can ask of it; its internals are hidden behind
 * this interface.
 */
export interface Distro {
  /** ID of os-release(5). */
  readonly id: string
  readonly release: Release
  readonly rules: PackageRules
  /** Rules of the C library's loader, by architecture. */
  readonly loader: Readonly<Record<Architecture, LoaderRules>>
  /** The recipe's repositories as one snapshot, checked by signatures when an index is first asked for. */
  openSource(request: PackageSourceRequest): Promise<PackageSource>
  /** Fetches the archives of a lock from wherever they are still available. */
  openFetcher(request: FetchRequest): Promise<FetchPackages>
  readonly archivePath: ArchivePath
  /** Opens a verified archive that lies at `path`. */
  openArchive(path: string): Promise<PackageArchive>
  /** Who distributes the packages of a repository; undefined when it is not the distribution's own. */
  supplier(repository: string): string | undefined
  /** The package that has an interpreter ("/usr/bin/perl"), for the interpreters that scripts in packages use most. */
  interpreterPackage(path: string): InterpreterPackage | undefined
  /**
   * Whether programs or libraries of this package are known to call iconv(3): a guess about images of which no file is known yet.
   * Absent where the C library brings no conversions.
   */
  convertsText?(packageName: string): boolean
  /** Which of the packages has a file ("libz.so.1"), judged by the naming rules of packages; for messages only. */
  fileProvider(packages: readonly string[]): (fileName: string) => string | undefined
  /** The relations that an archive states. Errors: `bad-index` when they cannot be understood. */
  relations(content: PackageContent): PackageRelations
  /** Whether effects read the content of the file at this path of an archive, so that PackageContent keeps it. */
  captures(path: string, metadata: ArchiveMetadata, shebang?: readonly string[]): boolean
  /** Whether the file at this path of an archive states licences. */
  statesLicence(path: string): boolean
  readLicence(content: Uint8Array): LicenceStatement
  /** Whether the file at this path of an archive may list the changes of its source package. */
  statesChanges(path: string): boolean
  /** Reads the changes; undefined when the file has none or cannot be read. */
  readChanges(path: string, content: Uint8Array): ChangelogFacts | undefined
  /**
   * The entries of a changelog, newest first. When a package has several files, the distribution's own comes first.
   * Undefined where it has none that can be read.
   */
  readChangelog(files: ReadonlyMap<string, Uint8Array>): readonly ChangelogEntry[] | undefined
  /** Absent when its packages have no changelogs of the distribution. */
  readonly changelogAdvisories?: ChangelogAdvisories
  /** Where an archive path is in the image (usr-merge). */
  mergedPath(path: string): string
  /** Files of other packages that a package of this name has renamed before it is unpacked. */
  diversions(name: string, archive: Pick<ArchiveMetadata, 'own'>): readonly Diversion[]
  /** Installed packages in the order in which their scripts run: those that others depend on first. */
  configurationOrder(packages: readonly EffectPackage[]): readonly EffectPackage[]
  /** Does what the scripts of packages would have done; the packages are in the order of configuration. */
  applyEffects(packages: readonly EffectPackage[], root: EffectView, options: EffectOptions): EffectOutcome
  /** The package with OpenSSL's FIPS module. Absent when the release has none. */
  readonly fipsPackage?: string
  /** The package with all compiled locales. Absent when the C library uses none. */
  readonly localePackage?: string
  /**
   * Files that tell scanners that a package is installed. They list only what is kept: paths in the archive, each
   * with its path in the image.
   */
  databaseEntries(content: PackageContent, kept: ReadonlyMap<string, string>): readonly DatabaseEntry[]
  /** The database of installed packages in images that anybody built. Absent when such images are not changed. */
  readonly installed?: InstalledDatabase
  /** Files about all packages together, made from the finished tree. Absent when each package has files of its own. */
  imageDatabase?(packages: readonly DatabasePackage[], root: RootView): readonly DatabaseEntry[]
}

export interface EffectOptions {
  readonly accounts: Recipe['accounts']
  readonly architecture: Architecture
  readonly release: Release
  /** Locales that the recipe asks for. */
  readonly locales?: readonly string[]
  /** OpenSSL uses its FIPS module alone. */
  readonly fips?: true
  /** Set when packages are added to an existing system, so that what only a new one needs is not done. */
  readonly system?: ExistingSystem
}

/** An existing system to which packages are added. */
export interface ExistingSystem {
  /** Texts of its account files (passwd(5), group(5)). */
  readonly passwd: string
  readonly group: string
  /** Versions that the packages replace, by name; packages that are not listed are new. */
  readonly versions: ReadonlyMap<string, string>
  /** Whether the file at this path (no leading slash) is unchanged since before the packages were added. */
  isSame(path: string): boolean
  /** Set when no package manager set up the system, so that what every new system gets is made where it is missing. */
  readonly mayLack?: true
  /** The installed packages, where they are known. */
  readonly packages?: readonly Pick<EffectPackage, 'package'>[]
}

/** A package of the finished image. */
export interface DatabasePackage {
  readonly package: LockedPackage
  readonly content: PackageContent
  /** Archive paths of what is in the image, without folders. */
  readonly keptPaths: ReadonlySet<string>
}

export interface DatabaseEntry {
  readonly path: string
  readonly content: Uint8Array
}
