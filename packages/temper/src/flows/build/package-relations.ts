import type { KeptPackage } from '../../assemble/root/populate.ts'
import { type Candidate, type MatchRules, satisfies } from '../../assemble/solve/match.ts'
import { parseDependencies, parseRequirements } from '../../distro/debian/relation.ts'

/**
 * By name of a package, the names of the packages beside it that satisfy its Depends and Pre-Depends, sorted.
 * What an alternative is satisfied by is told for each alternative that is there; what was pruned is not.
 */
export function packageRelations(
  packages: readonly KeptPackage[],
  rules: MatchRules,
): ReadonlyMap<string, readonly string[]> {
  const candidates = packages.map(candidate)
  const byName = Map.groupBy(
    candidates.flatMap((found) =>
      [...new Set([found.name, ...found.provides.map(({ name }) => name)])].map((name) => ({ name, found })),
    ),
    ({ name }) => name,
  )
  const relations = new Map<string, readonly string[]>()
  for (const { package: found, content } of packages) {
    const needed = new Set<string>()
    for (const field of ['Pre-Depends', 'Depends']) {
      for (const requirement of parseDependencies(content.control[field] ?? '', field).flat()) {
        for (const { found: other } of byName.get(requirement.name) ?? [])
          if (other.name !== found.name && satisfies(other, requirement, rules)) needed.add(other.name)
      }
    }
    relations.set(found.name, [...needed].sort())
  }
  return relations
}

function candidate({ package: found, content: { control } }: KeptPackage): Candidate {
  const multiArch = control['Multi-Arch']
  return {
    name: found.name,
    version: found.version,
    architecture: found.architecture,
    provides: parseRequirements(control['Provides'] ?? '', 'Provides'),
    multiArch: multiArch === 'same' || multiArch === 'foreign' || multiArch === 'allowed' ? multiArch : 'no',
  }
}
