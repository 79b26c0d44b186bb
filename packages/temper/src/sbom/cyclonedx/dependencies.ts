import type { Sbom, SbomPackage } from '../../model/sbom.ts'
import { isSystemPackage } from '../trivy-properties.ts'
import { type CycloneDxComponent, systemReference } from './component.ts'

/**
 * How the document names each package, by its id: by its purl, which says most. Where several packages have one
 * purl (a library that lies in two places), those after the first have their id added.
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
 * The image needs its distribution and the packages that are not of it, the distribution has the others: the graph
 * that Trivy walks.
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
