import type { Sbom, SbomPackage } from '../../model/sbom.ts'
import { isSystemPackage } from '../trivy-properties.ts'
import { type CycloneDxComponent, systemReference } from './component.ts'

/**
 * The reference by which the document names each package, by package id: its purl, which says most. Where several
 * packages have one purl (a library that lies in two places), those after the first have their id added.
 */
export function packageReferences(packages: readonly SbomPackage[]): ReadonlyMap<string, string> {
  const seen = new Set<string>()
  return new Map(
    packages.map(({ id, purl }) => {
      const reference = seen.has(purl) ? `${purl}#${id}` : purl
      seen.add(purl)
      return [id, reference]
    }),
  )
}

/**
 * The dependency graph that Trivy walks: the image depends on its distribution and on the packages that are not part
 * of it; the distribution depends on the others.
 */
export function* dependenciesOf(
  { distribution, packages }: Sbom,
  names: { readonly root: string; readonly references: ReadonlyMap<string, string> },
): Generator<CycloneDxComponent> {
  const { root, references } = names
  const reference = ({ id, purl }: SbomPackage) => references.get(id) ?? purl
  const system = distribution === undefined ? undefined : systemReference(distribution)
  const ofSystem = (described: SbomPackage) => system !== undefined && isSystemPackage(described)
  const others = packages.filter((described) => !ofSystem(described)).map(reference)
  yield { ref: root, dependsOn: system === undefined ? others : [system, ...others] }
  if (system !== undefined) yield { ref: system, dependsOn: packages.filter(ofSystem).map(reference) }
  for (const described of packages)
    yield {
      ref: reference(described),
      dependsOn: described.dependsOn.flatMap((id) => references.get(id) ?? []),
    }
}
