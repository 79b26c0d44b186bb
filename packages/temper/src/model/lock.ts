import type { Digest } from '../base/digest.ts'
import type { Package } from './package/package.ts'
import type { UnmodelledEffect } from './package/unmodelled-effect.ts'
import type { LockedDependency } from './recipe-parts/dependency.ts'
import type { StepFile } from './recipe-parts/step.ts'
import type { Maker } from './revision.ts'

/** Upper-case hex of an OpenPGP key's fingerprint. */
export type Fingerprint = string

/** A Release file that was verified. */
export interface LockedSuite {
  readonly repository: string
  /** Base address that served it, without credentials. */
  readonly address: string
  /** Suite as asked for, e.g. "trixie-security". */
  readonly suite: string
  readonly components: readonly string[]
  /** Digest of the signed Release text. */
  readonly digest: Digest
  /** The Date field, RFC 3339. */
  readonly date: string
  readonly signedBy: readonly Fingerprint[]
}

export interface LockedPackage extends Package {
  /** Why it is included: "recipe", or the name of the package that first asked for it. */
  readonly wantedBy: string
}

/** A package that the solver chose but the image leaves out, with the reason. */
export interface PrunedPackage {
  readonly name: string
  readonly version: string
  /** What it is built from. Absent in locks of older versions of Temper. */
  readonly source?: { readonly name: string; readonly version: string }
  readonly reason: string
}

export interface LockedPlatform {
  /** "linux/amd64". */
  readonly platform: string
  /** Sorted by name. */
  readonly packages: readonly LockedPackage[]
  /** Sorted by name. */
  readonly pruned: readonly PrunedPackage[]
  readonly effects: readonly { readonly effect: string; readonly detail: string }[]
  readonly unmodelledEffects: readonly UnmodelledEffect[]
  /** The image whose layers it begins with. Absent: none. */
  readonly base?: LockedBase
  /** Results of build steps, in the order of the recipe. Absent: none. */
  readonly steps?: readonly LockedStep[]
  /** Files of an application's own packages, in the order of the recipe and its lock files. Absent: none. */
  readonly dependencies?: readonly LockedDependency[]
  /**
   * Whether dependencies get layers of their own and fixed times. Absent: they are placed with the files of the
   * recipe.
   */
  readonly dependencyLayers?: true
}

/** A base, by the digest of its manifest for the platform, which names its configuration and layers. */
export interface LockedBase {
  /** As the recipe writes it. */
  readonly image: string
  readonly digest: Digest
  /**
   * Digest of the index that it was chosen from, the same for all platforms. Absent when the reference names this one
   * image.
   */
  readonly index?: Digest
}

/** A build step that ran once. Running it again has to give the same bytes. */
export interface LockedStep {
  readonly name: string
  /** Packages of its sandbox, sorted by name. */
  readonly packages: readonly LockedPackage[]
  /** Everything below what it names as its outputs, sorted by name. */
  readonly outputs: readonly StepFile[]
}

/** The output of resolving, the only step that chooses. The same lock gives the same digest everywhere. */
export interface Lock {
  readonly formatVersion: 1
  /** Absent in locks of the first version of Temper, whose revision is 1. */
  readonly maker?: Maker
  readonly recipe: {
    readonly name: string
    /** Checksum over the normalised recipe, so that comments and the order of keys do not matter. */
    readonly checksum: Digest
    /** Files that the recipe adds, by their name there. */
    readonly files: readonly { readonly name: string; readonly digest: Digest; readonly size: number }[]
  }
  readonly distribution: string
  readonly compressor: Compressor
  readonly suites: readonly LockedSuite[]
  readonly platforms: readonly LockedPlatform[]
}

/** The pinned compressor of layers; another definition gives another digest. */
export interface Compressor {
  readonly format: 'gzip' | 'zstd'
  readonly level: number
  /** The implementation whose output is meant, e.g. "pako-3.0.3", "zstd-1.5.7". */
  readonly definition: string
}
