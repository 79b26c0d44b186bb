import type { Architecture } from '../platform.ts'
import type { InstallOnlyRule } from './install-only.ts'
import type { IndexedPackage, Package, Requirement } from './package.ts'

/** The part of a package that decides whether it satisfies a requirement. */
export type Candidate = Pick<IndexedPackage, 'name' | 'version' | 'architecture' | 'provides' | 'multiArch'>

/** How the packages of a distribution relate: the order of their versions, and what their requirements mean. */
export interface PackageRules {
  /** The distribution's own order of version texts: negative, zero or positive. */
  compareVersions(a: string, b: string): number
  /** Whether a package can be installed in an image of this architecture. */
  fitsArchitecture(candidate: Pick<Package, 'architecture'>, architecture: Architecture): boolean
  /** Whether `candidate` satisfies one alternative of a dependency, by its name or by what it provides. */
  satisfies(candidate: Candidate, requirement: Requirement, architecture: Architecture): boolean
  /** Whether what `owner` says it conflicts with forbids `other`. A package never conflicts with itself. */
  forbids(claim: ConflictClaim, other: Candidate, architecture: Architecture): boolean
  /** Whether a package may overwrite a file of `other`, by what it says it replaces. */
  replaces(stated: readonly Requirement[], other: Pick<Package, 'name' | 'version'>): boolean
  /** Whether `~` is supported: a version that begins with another. */
  readonly hasFuzzyVersions: boolean
  /** Which of two packages that provide a name comes first, before their ranks decide. Absent: neither. */
  compareProviders?(name: string, a: Candidate, b: Candidate): number
  /** A requirement as people write it in this distribution. Absent: as in Debian's control files. */
  formatRequirement?(requirement: Requirement): string
  /** Describes a conflict that no package states explicitly; completes "curl 8.1 ". Absent when there are none. */
  describeConflict?(requirement: Requirement, other: Candidate): string | undefined
  /** Which packages are only needed while others are installed, or are left out of a hardened image. */
  readonly installOnly: InstallOnlyRule
  /**
   * Whether packages of this suite are taken only when a recipe asks for them, or when nothing else satisfies a
   * requirement.
   */
  isOptionalSuite(suite: string): boolean
  /**
   * Whether packages of this suite are taken only when a recipe asks for this suite, or when another package of the
   * suite needs them, even if nothing else satisfies a requirement. Absent: there are no such suites.
   */
  isClosedSuite?(suite: string): boolean
}

export interface ConflictClaim {
  readonly owner: Pick<Package, 'name'>
  readonly requirement: Requirement
}

/** What makes the rules of one distribution differ from those of another. */
export type PackagePolicy = Pick<
  PackageRules,
  'compareVersions' | 'fitsArchitecture' | 'installOnly' | 'isOptionalSuite' | 'isClosedSuite'
> & {
  /** Whether a version begins with another, part by part. Absent: no requirement asks for it. */
  readonly versionBegins?: (version: string, start: string) => boolean
  /** Whether something provided without a version satisfies a versioned requirement. Absent: it does not. */
  readonly versionlessFits?: (requirement: Requirement) => boolean
  /** Whether a candidate satisfies the qualifier of a requirement. Absent: qualifiers have no meaning. */
  readonly qualifierFits?: (
    candidate: Candidate,
    qualifier: string | undefined,
    architecture: Architecture,
  ) => boolean
  /** Whether a conflict with this qualifier is about `other` at all. Absent: always. */
  readonly conflictApplies?: (
    other: Candidate,
    qualifier: string | undefined,
    architecture: Architecture,
  ) => boolean
}

/**
 * Rules as package managers share them: a name or what is provided fits a requirement; one with a version is satisfied
 * only by a package of that name, or by something provided in a version (Debian Policy 7.5; apk-world(5)).
 */
export function packageRules(policy: PackagePolicy): PackageRules {
  const { compareVersions, qualifierFits = () => true, conflictApplies = () => true } = policy
  const { versionlessFits = () => false } = policy
  const fits = (version: string, requirement: Requirement) => versionFits(version, requirement, policy)
  const provides = (provided: Requirement, requirement: Requirement) =>
    provided.name === requirement.name &&
    (requirement.relation === undefined ||
      (provided.version === undefined
        ? versionlessFits(requirement)
        : provided.relation === '=' && fits(provided.version, requirement)))
  return {
    compareVersions,
    fitsArchitecture: policy.fitsArchitecture,
    installOnly: policy.installOnly,
    isOptionalSuite: policy.isOptionalSuite,
    ...(policy.isClosedSuite === undefined ? {} : { isClosedSuite: policy.isClosedSuite }),
    hasFuzzyVersions: policy.versionBegins !== undefined,
    satisfies(candidate, requirement, architecture) {
      const { qualifier } = requirement
      if (candidate.name === requirement.name && fits(candidate.version, requirement))
        return qualifierFits(candidate, qualifier, architecture)
      return candidate.provides.some(
        (provided) =>
          provides(provided, requirement) &&
          (provided.qualifier === 'any' || qualifierFits(candidate, qualifier, architecture)),
      )
    },
    forbids({ owner, requirement }, other, architecture) {
      if (other.name === owner.name) return false
      if (!conflictApplies(other, requirement.qualifier, architecture)) return false
      if (other.name === requirement.name && fits(other.version, requirement)) return true
      return other.provides.some((provided) => provides(provided, requirement))
    },
    replaces: (stated, other) =>
      stated.some((requirement) => requirement.name === other.name && fits(other.version, requirement)),
  }
}

/** Whether `version` is in the range that a requirement states. */
export function versionFits(
  version: string,
  requirement: Pick<Requirement, 'relation' | 'version'>,
  { compareVersions, versionBegins }: Pick<PackagePolicy, 'compareVersions' | 'versionBegins'>,
): boolean {
  if (requirement.relation === undefined || requirement.version === undefined) return true
  if (requirement.relation === '~') return versionBegins?.(version, requirement.version) ?? false
  const order = compareVersions(version, requirement.version)
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
