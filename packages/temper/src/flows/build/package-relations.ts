import type { KeptPackage } from '../../assemble/root/populate.ts'
import type { Distro } from '../../model/distro.ts'
import type { Candidate } from '../../model/package/package-rules.ts'
import type { Architecture } from '../../model/platform.ts'

/**
 * For each package, the sorted names of the packages beside it that satisfy its dependencies. Every present package
 * that satisfies an alternative is listed; pruned packages are not.
 */
export function packageRelations(
  packages: readonly KeptPackage[],
  { architecture, distro }: { readonly architecture: Architecture; readonly distro: Distro },
): ReadonlyMap<string, readonly string[]> {
  const described = packages.map(({ package: locked, content }) => {
    const { depends, provides, multiArch } = distro.relations(content)
    const { name, version } = locked
    const candidate: Candidate = { name, version, architecture: locked.architecture, provides, multiArch }
    return { candidate, depends }
  })
  const byName = Map.groupBy(
    described.flatMap(({ candidate }) =>
      [...new Set([candidate.name, ...candidate.provides.map(({ name }) => name)])].map((name) => ({
        name,
        candidate,
      })),
    ),
    ({ name }) => name,
  )
  return new Map(
    described.map(({ candidate: { name: owner }, depends }) => {
      const needed = new Set<string>()
      for (const requirement of depends.flat())
        for (const { candidate } of byName.get(requirement.name) ?? [])
          if (candidate.name !== owner && distro.rules.satisfies(candidate, requirement, architecture))
            needed.add(candidate.name)
      return [owner, [...needed].sort()]
    }),
  )
}
