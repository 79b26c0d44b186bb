import type { ByteStream } from '../base/bytes.ts'
import type { ChangelogFacts } from './changelog.ts'
import type { LicenceStatement } from './licence.ts'
import type { Fingerprint, LockedSuite } from './lock.ts'
import type { Package, PackageIndex, Requirement } from './package.ts'
import type { FileEntry, PackageContent } from './package-content.ts'
import type { Architecture } from './platform.ts'
import type { Recipe } from './recipe.ts'
import type { RootChange, RootView } from './root.ts'
import type { UnmodelledEffect } from './unmodelled-effect.ts'

/** A signature-checked snapshot of all repositories of one recipe. */
export interface PackageSource {
  index(architecture: Architecture): Promise<PackageIndex>
  /** What was verified, for the lock; complete after `index` was called for each architecture. */
  suites(): readonly LockedSuite[]
  /** Fingerprints of the keys that signed. */
  keys(): readonly Fingerprint[]
}

/** An opened package archive: control data at hand, file contents as one stream in archive order. */
export interface PackageArchive {
  readonly control: Pick<
    PackageContent,
    'control' | 'scripts' | 'conffiles' | 'triggers' | 'md5sums' | 'templates'
  >
  /** Each entry, then (for files) all of its bytes before the next entry is asked for. */
  entries(): AsyncIterable<{ readonly entry: FileEntry; readonly content: ByteStream }>
}

/** A package as the effects see it. */
export interface EffectPackage {
  readonly package: Pick<Package, 'name' | 'version' | 'architecture'>
  readonly content: PackageContent
  /** False for a package that was only needed while installing: its scripts and files do not count. */
  readonly kept: boolean
}

/** Paths in the image, no leading slash. */
export interface Diversion {
  /** The package whose own file keeps the path. */
  readonly by: string
  readonly from: string
  readonly to: string
}

export interface EffectOutcome {
  readonly changes: readonly RootChange[]
  /** One line for each thing done: effect id and what, e.g. { effect: "ca-bundle", detail: "142 certificates" }. */
  readonly applied: readonly { readonly effect: string; readonly detail: string }[]
  readonly unmodelled: readonly UnmodelledEffect[]
}

/** What assembling needs to know of a distribution; everything else stays behind this. */
export interface Distro {
  readonly id: string
  compareVersions(a: string, b: string): -1 | 0 | 1
  /** Reads a field such as Replaces. */
  parseRequirements(text: string): readonly Requirement[]
  /** Opens a verified archive that lies at `path`. */
  openArchive(path: string): Promise<PackageArchive>
  /** Contents that effects read and that PackageContent keeps. */
  captures(path: string): boolean
  /** Whether the file at this path of an archive states licences. */
  statesLicence(path: string): boolean
  readLicence(content: Uint8Array): LicenceStatement
  /** Whether the file at this path of an archive may list the changes of its source package. */
  statesChanges(path: string): boolean
  /** Undefined when it does not, or cannot be read. */
  readChanges(path: string, content: Uint8Array): ChangelogFacts | undefined
  /** Where an archive path is in the image (usr-merge). */
  mergedPath(path: string): string
  /** Files of other packages that this one has renamed before it is unpacked. */
  diversions(name: string, content: PackageContent): readonly Diversion[]
  /** What the maintainer scripts would have done. */
  applyEffects(packages: readonly EffectPackage[], root: RootView, options: EffectOptions): EffectOutcome
  /** Files that tell scanners that a package is installed. Only the kept paths are accounted for. */
  databaseEntries(content: PackageContent, keptPaths: ReadonlySet<string>): readonly DatabaseEntry[]
}

export interface EffectOptions {
  readonly accounts: Recipe['accounts']
  readonly architecture: Architecture
  /** Release id, e.g. "debian-13". */
  readonly release: string
}

export interface DatabaseEntry {
  readonly path: string
  readonly content: Uint8Array
}
