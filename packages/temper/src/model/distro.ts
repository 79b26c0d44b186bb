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
  /** As recipes and locks name it: "debian-13". */
  readonly id: string
  /** VERSION_ID of os-release(5). */
  readonly version: string
  /** VERSION_CODENAME; recipes may name the release by it. */
  readonly codename?: string
  /** It has no versions: what is newest is what there is, and its version says nothing of its packages. */
  readonly rolling?: true
  /** What os-release says of it. */
  readonly osRelease: Readonly<Record<string, string>>
}

/** Programs of the host that make work faster, never different. */
export interface HostTools {
  /** Absolute path of `xz`; absent: the built-in decoder. */
  readonly xzProgram?: string | undefined
}

/** A distribution that images can be built from: what it is called, and the way to everything else. */
export interface DistroFamily {
  /** ID of os-release(5): "debian". */
  readonly id: string
  /** Type of its packages' URLs (purl-spec). */
  readonly packageType: ComponentType
  /** The newest first. */
  readonly releases: readonly Release[]
  /** Loads what knows its packages, which is more than most commands need. */
  open(release: Release, host: HostTools): Promise<Distro>
}

/** An opened package archive: what it says of itself at hand, file contents as one stream in archive order. */
export interface PackageArchive {
  readonly metadata: ArchiveMetadata
  /** Each entry, then (for files) all of its bytes before the next entry is asked for. */
  entries(): AsyncIterable<{ readonly entry: FileEntry; readonly content: ByteStream }>
}

/** A package as the effects see it. */
export interface EffectPackage {
  readonly package: Pick<Package, 'name' | 'version' | 'architecture'>
  readonly content: EffectContent
  /** False for a package that was only needed while installing: its scripts and files do not count. */
  readonly kept: boolean
}

/** What effects may know of a package's inside: all that what they do can depend on. */
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
  /** It is a shell, which hardening keeps out. */
  readonly shell: boolean
}

/** How the distribution's own changelogs are told as advisories. */
export interface ChangelogAdvisories {
  /** As OSV names it: "Debian:13". */
  readonly ecosystem: string
  readonly scheme: VersionScheme
  /** What stands before the CVE id in the id of an advisory: "DEBIAN-". */
  readonly prefix: string
  /** Start of the address of a page about a CVE; the id follows. */
  readonly page: string
}

/** One release of a distribution, opened: everything that is asked of it. What it does inside stays behind this. */
export interface Distro {
  /** ID of os-release(5). */
  readonly id: string
  readonly release: Release
  readonly rules: PackageRules
  /** Of the C library, by architecture. */
  readonly loader: Readonly<Record<Architecture, LoaderRules>>
  /** The recipe's repositories as one snapshot, checked by signatures when an index is first asked for. */
  openSource(request: PackageSourceRequest): Promise<PackageSource>
  /** The way to the archives of a lock, from wherever they can still be had. */
  openFetcher(request: FetchRequest): Promise<FetchPackages>
  readonly archivePath: ArchivePath
  /** Opens a verified archive that lies at `path`. */
  openArchive(path: string): Promise<PackageArchive>
  /** Who hands out the packages of a repository; undefined when it is not the distribution's own. */
  supplier(repository: string): string | undefined
  /** The package that has an interpreter ("/usr/bin/perl"), of those that scripts in packages name most. */
  interpreterPackage(path: string): InterpreterPackage | undefined
  /** Which of the packages has a file ("libz.so.1"), by the rules for their names: for messages only. */
  fileProvider(packages: readonly string[]): (fileName: string) => string | undefined
  /** What an archive says of its relations. Errors: `bad-index` when it cannot be understood. */
  relations(content: PackageContent): PackageRelations
  /** Contents that effects read and that PackageContent keeps, by the path in the archive whose metadata these are. */
  captures(path: string, metadata: ArchiveMetadata, shebang?: readonly string[]): boolean
  /** Whether the file at this path of an archive states licences. */
  statesLicence(path: string): boolean
  readLicence(content: Uint8Array): LicenceStatement
  /** Whether the file at this path of an archive may list the changes of its source package. */
  statesChanges(path: string): boolean
  /** Undefined when it does not, or cannot be read. */
  readChanges(path: string, content: Uint8Array): ChangelogFacts | undefined
  /** The entries of a changelog, newest first. Of several files of a package the distribution's own comes first. */
  readChangelog(files: ReadonlyMap<string, Uint8Array>): readonly ChangelogEntry[] | undefined
  /** Absent: its packages bring no changelogs of the distribution. */
  readonly changelogAdvisories?: ChangelogAdvisories
  /** Where an archive path is in the image (usr-merge). */
  mergedPath(path: string): string
  /** Files of other packages that a package of this name has renamed before it is unpacked. */
  diversions(name: string, archive: Pick<ArchiveMetadata, 'own'>): readonly Diversion[]
  /** Packages that are there, in the order in which their scripts run: those that others depend on first. */
  configurationOrder(packages: readonly EffectPackage[]): readonly EffectPackage[]
  /** What the scripts of packages would have done; the packages are in the order of configuration. */
  applyEffects(packages: readonly EffectPackage[], root: EffectView, options: EffectOptions): EffectOutcome
  /** The package that has OpenSSL's FIPS module. Absent: the release has none. */
  readonly fipsPackage?: string
  /** The package that has all locales compiled. Absent: the C library takes none. */
  readonly localePackage?: string
  /**
   * Files that tell scanners that a package is installed. Only what is kept is accounted for: paths in the archive, each
   * with its path in the image.
   */
  databaseEntries(content: PackageContent, kept: ReadonlyMap<string, string>): readonly DatabaseEntry[]
  /** What is installed in an image that anybody built. Absent: such images are not changed. */
  readonly installed?: InstalledDatabase
  /** Files about all packages together, over the finished tree. Absent: each package has files of its own. */
  imageDatabase?(packages: readonly DatabasePackage[], root: RootView): readonly DatabaseEntry[]
}

export interface EffectOptions {
  readonly accounts: Recipe['accounts']
  readonly architecture: Architecture
  readonly release: Release
  /** Those that the recipe asks for. */
  readonly locales?: readonly string[]
  /** OpenSSL uses its FIPS module alone. */
  readonly fips?: true
  /** The packages come to a system that is there: what only a new one needs is not done. */
  readonly system?: ExistingSystem
}

/** A system that packages come to. */
export interface ExistingSystem {
  /** Texts of its account files (passwd(5), group(5)). */
  readonly passwd: string
  readonly group: string
  /** Versions that the packages take the place of, by name; those that are not here are new. */
  readonly versions: ReadonlyMap<string, string>
  /** Whether the file at this path (no leading slash) is what it was before the packages came. */
  isSame(path: string): boolean
  /** Nothing of it was set up by a package manager: what each new system gets is made where it is not there. */
  readonly mayLack?: true
  /** What is installed in it, where that is known. */
  readonly packages?: readonly Pick<EffectPackage, 'package'>[]
}

/** A package of the finished image. */
export interface DatabasePackage {
  readonly package: LockedPackage
  readonly content: PackageContent
  /** Paths in its archive of what is in the image; folders are not listed. */
  readonly keptPaths: ReadonlySet<string>
}

export interface DatabaseEntry {
  readonly path: string
  readonly content: Uint8Array
}
