import type { IndexedPackage, Requirement } from '../../model/package/package.ts'
import type { SolveOptions } from './options.ts'

/** A Conflicts or Breaks relation of `package` that forbids `other`. */
export interface PackageExclusion {
  readonly kind: 'conflicts' | 'breaks'
  readonly package: IndexedPackage
  readonly requirement: Requirement
  readonly other: IndexedPackage
}

type Claim = Omit<PackageExclusion, 'other'>

/**
 * Matches packages that exclude others with packages that are candidates for something, in whatever order they
 * appear. Only candidates are looked at, since most Breaks name packages that are not involved.
 */
export class Exclusions {
  readonly #options: Pick<SolveOptions, 'architecture' | 'rules'>
  /** Packages that exclude others, by the name that they forbid. */
  readonly #claims = new Map<string, Claim[]>()
  /** Candidates, by their names and the names that they provide. */
  readonly #candidates = new Map<string, IndexedPackage[]>()

  constructor(options: Pick<SolveOptions, 'architecture' | 'rules'>) {
    this.#options = options
  }

  /** Adds a package whose Conflicts and Breaks count from now on; returns the known candidates that it forbids. */
  addOwner(owner: IndexedPackage): PackageExclusion[] {
    const exclusions: PackageExclusion[] = []
    for (const kind of ['conflicts', 'breaks'] as const) {
      for (const requirement of owner[kind]) {
        const claim = { kind, package: owner, requirement }
        append(this.#claims, requirement.name, claim)
        for (const other of this.#candidates.get(requirement.name) ?? []) this.#meet(claim, other, exclusions)
      }
    }
    return exclusions
  }

  /** Adds a package that may be chosen; returns the known packages that forbid it. */
  addCandidate(candidate: IndexedPackage): PackageExclusion[] {
    const exclusions: PackageExclusion[] = []
    const names = new Set([candidate.name, ...candidate.provides.map((provided) => provided.name)])
    for (const name of names) {
      append(this.#candidates, name, candidate)
      for (const claim of this.#claims.get(name) ?? []) this.#meet(claim, candidate, exclusions)
    }
    return exclusions
  }

  #meet(claim: Claim, other: IndexedPackage, exclusions: PackageExclusion[]): void {
    const { architecture, rules } = this.#options
    const { package: owner, requirement } = claim
    if (rules.forbids({ owner, requirement }, other, architecture)) exclusions.push({ ...claim, other })
  }
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
