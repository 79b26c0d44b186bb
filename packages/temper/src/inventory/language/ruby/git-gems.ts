import type { FileContent, FoundFact } from '../../cataloguer.ts'
import type { LanguageFact, PackageFact } from '../fact.ts'
import { nameOf } from '../place.ts'
import { readGemspec } from './gemspec.ts'

type PlacedFact = FoundFact<LanguageFact>

/** Where Bundler puts gems that it takes from repositories: `bundler/gems/REPOSITORY-REVISION`. */
export const gitGemspec = /(?:^|\/)bundler\/gems\/[^/]+-[0-9a-f]{7,40}\/(?:[^/]+\/)?[^/]+\.gemspec$/

/**
 * The description of a gem as its authors write it: Ruby code in which the version is mostly a constant. Where it is not,
 * the lock tells it.
 */
export function readGitGemspec(file: FileContent): LanguageFact {
  const name = nameOf(file.path).replace(/\.gemspec$/, '')
  return readGemspec(file) ?? { kind: 'installed', packages: [], checkedOut: [name] }
}

/** Treats gems that locks take from a repository as installed if their code is in the tree. */
export function settleGitGems(facts: readonly PlacedFact[]): PlacedFact[] {
  const names = new Set(facts.flatMap(({ fact }) => fact.checkedOut ?? []))
  if (names.size === 0) return [...facts]
  const isGit = ({ name, qualifiers }: PackageFact) =>
    qualifiers?.['vcs_url'] !== undefined && names.has(name)
  return facts.flatMap((placed): PlacedFact[] => {
    const { fact, location } = placed
    const packages = fact.kind === 'lock' ? fact.packages.filter(isGit) : []
    if (packages.length === 0) return [placed]
    const rest = { ...fact, packages: fact.packages.filter((each) => !isGit(each)) }
    return [
      { location, fact: rest },
      { location, fact: { kind: 'installed', packages } },
    ]
  })
}
