import type { ComponentType, Distribution } from '../../../model/inventory.ts'
import type { PrunedPackage } from '../../../model/lock.ts'
import type { ChangelogFacts } from '../../../model/package/changelog.ts'

/** A package of an image, with what is known of it as evidence. */
export interface EvidencePackage {
  readonly name: string
  readonly version: string
  readonly architecture: string
  readonly source: { readonly name: string; readonly version: string }
  /** Id of its repository; changelogs count only for packages of the same one. */
  readonly repository: string
  /** As the bill of materials has it. */
  readonly purl: string
  readonly changelog?: ChangelogFacts
  /** Its files in the image, without documentation and package database. */
  readonly files: readonly EvidenceFile[]
  /** Paths of files that were left out because nothing that the image starts reaches them, without leading slash. */
  readonly unreached?: readonly string[]
}

export interface EvidenceFile {
  /** Without leading slash. */
  readonly path: string
  /** "library": a shared library; "program": anything that can be run; "other": neither. */
  readonly kind: 'library' | 'program' | 'other'
}

/** What can be proved about an image without looking at any advisory. */
export interface ImageEvidence {
  readonly image: {
    readonly name: string
    readonly digest: string
    /** RFC 3339. */
    readonly created: string
  }
  /** Its id is the namespace of package URLs. */
  readonly distribution: Distribution
  /** Type of its packages' URLs (purl-spec). */
  readonly packageType: ComponentType
  /** Sorted by name. */
  readonly packages: readonly EvidencePackage[]
  /** Package URLs of language packages that files of the recipe brought. */
  readonly others: readonly string[]
  readonly pruned: readonly PrunedPackage[]
  /** Paths of shared libraries that nothing in the image loads; empty when that cannot be told. */
  readonly unloaded: ReadonlySet<string>
}

/** Packages by the name of their source package. */
export function bySource(
  packages: readonly EvidencePackage[],
): ReadonlyMap<string, readonly EvidencePackage[]> {
  return Map.groupBy(packages, ({ source }) => source.name)
}
