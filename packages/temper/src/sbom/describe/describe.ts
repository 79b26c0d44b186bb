import type { Component, ComponentType } from '../../model/inventory.ts'
import type { LockedPackage } from '../../model/lock.ts'
import type { PackageContent } from '../../model/package/package-content.ts'
import type { RootNode } from '../../model/root.ts'
import type { Sbom, SbomDistribution, SbomPackage, SbomSubject } from '../../model/sbom.ts'
import { describeFiles } from './files.ts'
import { describeComponents } from './inventory.ts'
import { findLicences } from './licences.ts'
import { packagePurl } from './package-purl.ts'

/** A package in the image, with what was learned when it was read. */
export interface DescribedPackage {
  readonly package: LockedPackage
  readonly content: PackageContent
}

export interface DescribeInput {
  readonly generator: Sbom['generator']
  readonly subject: SbomSubject
  readonly distribution: SbomDistribution
  /** Type of the packages' package URLs (purl-spec). */
  readonly packageType: ComponentType
  readonly packages: readonly DescribedPackage[]
  /** Packages of programming languages that the recipe brings. */
  readonly components: readonly Component[]
  /** The finished tree, sorted by path. */
  readonly nodes: Iterable<RootNode>
  /** By package name, the names of the packages in the image that satisfy its dependencies. */
  readonly dependsOn: ReadonlyMap<string, readonly string[]>
  /** By package name, the paths that were left out of it because nothing reaches them. */
  readonly unreached?: ReadonlyMap<string, readonly string[]>
  /** Who distributes the packages of a repository, by its id. */
  readonly supplier: (repository: string) => string | undefined
}

/**
 * The bill of materials of an image that Temper assembles, from what is known about its packages and its tree; no
 * archive and no layer is read. Pure: equal input gives an equal result.
 */
export function describeContents(input: DescribeInput): Sbom {
  const licences = findLicences(input.packages.map(({ content }) => content))
  const packages = input.packages.map(({ package: locked, content }): SbomPackage => {
    const { name, version, architecture, source, digest, origin } = locked
    const supplier = input.supplier(origin.repository)
    const licence = licences(name, content) ?? content.about.licence
    const { maintainer, homepage, summary } = content.about
    const unreached = input.unreached?.get(name)
    return {
      id: name,
      type: input.packageType,
      name,
      version,
      architecture,
      source,
      digest,
      origin,
      purl: packagePurl(locked, input.distribution, input.packageType),
      ...(supplier === undefined ? {} : { supplier }),
      ...(maintainer === undefined ? {} : { maintainer }),
      ...(homepage !== undefined && /^(https?|ftp):\/\/[^\s<>"{}|\\^`]+$/.test(homepage) ? { homepage } : {}),
      ...(summary === undefined ? {} : { summary }),
      ...(licence === undefined ? {} : { licence }),
      ...(unreached === undefined ? {} : { unreached }),
      dependsOn: input.dependsOn.get(name) ?? [],
    }
  })
  return {
    generator: input.generator,
    subject: input.subject,
    distribution: input.distribution,
    packages: [
      ...packages.sort((a, b) => (a.name < b.name ? -1 : 1)),
      ...describeComponents(input.components),
    ],
    files: describeFiles(input.nodes),
  }
}
