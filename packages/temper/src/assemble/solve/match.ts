import type { IndexedPackage, Package, Requirement } from '../../model/package.ts'

/** Order of two version texts, as the distribution defines it. */
export type CompareVersions = (a: string, b: string) => number

/** What deciding whether a package fits a requirement depends on. */
export interface MatchRules {
  /** Architecture of the image. */
  readonly architecture: string
  readonly compareVersions: CompareVersions
}

/** What of a package decides whether it satisfies a requirement. */
export type Candidate = Pick<IndexedPackage, 'name' | 'version' | 'architecture' | 'provides' | 'multiArch'>

/**
 * Whether `candidate` satisfies one alternative of a dependency, by its name or by what it provides
 * (Debian Policy 7.1 and 7.5: a versioned requirement is satisfied only by a versioned Provides; multiarch
 * specification: `:any` needs Multi-Arch allowed or foreign).
 */
export function satisfies(candidate: Candidate, requirement: Requirement, rules: MatchRules): boolean {
  if (candidate.name === requirement.name && versionFits(candidate.version, requirement, rules))
    return qualifierFits(candidate, requirement.qualifier, rules)
  return candidate.provides.some(
    (provided) =>
      provides(provided, requirement, rules) &&
      (provided.qualifier === 'any' || qualifierFits(candidate, requirement.qualifier, rules)),
  )
}

/**
 * Whether a Conflicts or Breaks of `owner` forbids `other`. A package never conflicts with itself, be it by
 * name or by what it provides.
 */
export function forbids(
  owner: Pick<Package, 'name'>,
  requirement: Requirement,
  other: IndexedPackage,
  rules: MatchRules,
): boolean {
  if (other.name === owner.name) return false
  const { qualifier } = requirement
  if (qualifier !== undefined && qualifier !== 'any' && qualifier !== 'native') {
    if (!hasArchitecture(other, qualifier, rules)) return false
  }
  if (other.name === requirement.name && versionFits(other.version, requirement, rules)) return true
  return other.provides.some((provided) => provides(provided, requirement, rules))
}

/** Whether `version` is in the range that a requirement states. */
export function versionFits(version: string, requirement: Requirement, rules: MatchRules): boolean {
  if (requirement.relation === undefined || requirement.version === undefined) return true
  const order = rules.compareVersions(version, requirement.version)
  switch (requirement.relation) {
    case '<<':
      return order < 0
    case '<=':
      return order <= 0
    case '=':
      return order === 0
    case '>=':
      return order >= 0
    case '>>':
      return order > 0
  }
}

function provides(provided: Requirement, requirement: Requirement, rules: MatchRules): boolean {
  if (provided.name !== requirement.name) return false
  if (requirement.relation === undefined) return true
  return (
    provided.relation === '=' &&
    provided.version !== undefined &&
    versionFits(provided.version, requirement, rules)
  )
}

function qualifierFits(candidate: Candidate, qualifier: string | undefined, rules: MatchRules): boolean {
  if (qualifier === undefined || qualifier === 'native') return true
  if (qualifier === 'any') return candidate.multiArch === 'allowed' || candidate.multiArch === 'foreign'
  return hasArchitecture(candidate, qualifier, rules)
}

/** Packages for all architectures count as packages of the image's own. */
function hasArchitecture(
  candidate: Pick<Package, 'architecture'>,
  architecture: string,
  rules: MatchRules,
): boolean {
  return (
    candidate.architecture === architecture ||
    (candidate.architecture === 'all' && architecture === rules.architecture)
  )
}
