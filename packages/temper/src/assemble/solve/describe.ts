import {
  formatRequirement,
  type IndexedPackage,
  type PackageRequest,
  type Requirement,
} from '../../model/package/package.ts'
import { formatRequest, listed, listVersions } from './requests.ts'
import type { Origin } from './search.ts'
import type { Universe } from './universe.ts'

export interface Words {
  /** Part of a sentence on each line, from the requests down. */
  readonly reasons: readonly string[]
  /** Pins and exclusions that contribute to it. */
  readonly rules: readonly PackageRequest[]
  /** Requirements that no available package satisfies. */
  readonly missing: readonly string[]
  /** What only pinned repositories have, as requests that would ask for it there. */
  readonly pinned: readonly PackageRequest[]
}

/** Describes clauses in words: each request, then what its candidates need and exclude, depth first. */
export function describeClauses(origins: readonly Origin[], universe: Universe): Words {
  const teller = new Teller(origins, universe)
  for (const origin of origins) if (origin.kind === 'request') teller.ask(origin)
  teller.tellOneVersion()
  return teller
}

/** `, which a provides` when a request names a virtual package. */
function viaProvider(origin: Origin & { kind: 'request' }): string {
  const [provider] = origin.candidates
  return provider && provider.name !== origin.request.name ? `, which ${provider.name} provides` : ''
}

type Told = Exclude<Origin, { kind: 'request' | 'one-version' }>

class Teller implements Words {
  readonly reasons: string[] = []
  readonly rules: PackageRequest[] = []
  readonly missing: string[] = []
  readonly pinned: PackageRequest[] = []
  readonly #universe: Universe
  readonly #byName = new Map<string, Told[]>()
  readonly #oneVersion: string[] = []
  readonly #told = new Set<string>()

  constructor(origins: readonly Origin[], universe: Universe) {
    this.#universe = universe
    for (const origin of origins) {
      if (origin.kind === 'request') continue
      if (origin.kind === 'one-version') this.#oneVersion.push(origin.name)
      else {
        const { name } = origin.package
        this.#byName.set(name, [...(this.#byName.get(name) ?? []), origin])
      }
    }
  }

  ask(origin: Origin & { kind: 'request' }): void {
    const { name, range } = origin.request
    const obstacle = this.#obstacle({ name, ...range })
    const via = viaProvider(origin)
    const why =
      obstacle === undefined ? '' : origin.candidates.length === 0 ? `, but ${obstacle}` : ` (${obstacle})`
    this.reasons.push(`the recipe asks for ${formatRequest(origin.request)}${via}${why}`)
    for (const candidate of origin.candidates) this.tell(candidate.name)
  }

  /**
   * Describes what the versions of one name need and exclude, each need followed by the packages that would satisfy
   * it.
   */
  tell(start: string): void {
    const stack = [start]
    for (let name = stack.pop(); name !== undefined; name = stack.pop()) {
      if (this.#told.has(name)) continue
      this.#told.add(name)
      const next: string[] = []
      for (const [text, origins] of this.#grouped(name)) {
        const versions = listVersions(origins.map((origin) => origin.package))
        this.reasons.push(`${name} ${versions} ${text}`)
        for (const origin of origins) {
          if (origin.kind === 'depends') next.push(...origin.candidates.map((candidate) => candidate.name))
        }
      }
      stack.push(...next.reverse())
    }
  }

  /** Last: every other reason follows from a request, so that all of them are told by then. */
  tellOneVersion(): void {
    for (const name of new Set(this.#oneVersion)) {
      this.reasons.push(`only one version of ${name} can be in an image`)
    }
  }

  /** Versions of one name with the same relations are described together. */
  #grouped(name: string): Map<string, Told[]> {
    const groups = new Map<string, Told[]>()
    for (const origin of this.#byName.get(name) ?? []) {
      const text = origin.kind === 'depends' ? this.#need(origin) : exclusion(origin, this.#universe)
      groups.set(text, [...(groups.get(text) ?? []), origin])
    }
    return groups
  }

  #need(origin: Told & { kind: 'depends' }): string {
    const text = `depends on ${origin.dependency.map((each) => formatted(each, this.#universe)).join(' | ')}`
    const obstacles = origin.dependency.flatMap(
      (requirement) => this.#obstacle(requirement, origin.package) ?? [],
    )
    const why = obstacles.join('; ')
    if (origin.candidates.length === 0) return `${text}, but ${why}`
    const names = new Set(origin.candidates.map((candidate) => candidate.name))
    const providers = [...names].filter((name) => !origin.dependency.some((asked) => asked.name === name))
    const provided = providers.length === 0 ? '' : `, provided by ${listed(providers, 8)}`
    return `${text}${provided}${why === '' ? '' : ` (${why})`}`
  }

  /** Why a requirement has no candidate, or fewer than there could be; undefined when nothing restricts it. */
  #obstacle(requirement: Requirement, neededBy?: IndexedPackage): string | undefined {
    const universe = this.#universe
    const { name } = requirement
    const versions = universe.versions(name)
    const providers = universe.providerNames(name).flatMap((provider) => universe.versions(provider))
    const fitting = [...versions, ...providers].filter((candidate) => fits(candidate, requirement, universe))
    const ruledOut = fitting.filter((candidate) => !universe.isAllowed(candidate))
    if (ruledOut.length > 0) return this.#ruledOut(ruledOut)
    const [closed] = fitting
    if (closed !== undefined && !fitting.some((candidate) => universe.isOpen(candidate, neededBy))) {
      this.pinned.push({ name: closed.name, suite: closed.origin.repository, excluded: false })
      return `${listed([...new Set(fitting.map(titled))], 4)} is only in a pinned repository, and nothing is taken from those unless the recipe names it`
    }
    if (fitting.length > 0) return undefined
    this.missing.push(formatted(requirement, universe))
    if (versions.length > 0) {
      const few = new Set(versions.map((candidate) => candidate.version)).size === 1
      return few
        ? `the only ${name} is ${listVersions(versions)}`
        : `there is only ${name} ${listVersions(versions)}`
    }
    if (providers.length > 0) {
      const names = [...new Set(providers.map((candidate) => candidate.name))]
      return `${listed(names, 8)} ${names.length === 1 ? 'provides' : 'provide'} ${name} only in another version or in none`
    }
    return `no repository has ${name}`
  }

  #ruledOut(packages: readonly IndexedPackage[]): string {
    const universe = this.#universe
    const rules = new Set<PackageRequest>()
    for (const candidate of packages) {
      for (const rule of universe.rules(candidate.name))
        if (universe.matches(candidate, rule) === rule.excluded) rules.add(rule)
    }
    this.rules.push(...rules)
    const texts = [...new Set([...rules].map(formatRequest))].map((text) => `"${text}"`)
    return `the recipe says ${texts.join(' and ')}, which rules out ${listed([...new Set(packages.map(titled))], 4)}`
  }
}

function fits(candidate: IndexedPackage, requirement: Requirement, universe: Universe): boolean {
  const { architecture, rules } = universe.options
  return rules.satisfies(candidate, requirement, architecture)
}

function titled(candidate: IndexedPackage): string {
  return `${candidate.name} ${candidate.version}`
}

function formatted(requirement: Requirement, { options }: Universe): string {
  return options.rules.formatRequirement?.(requirement) ?? formatRequirement(requirement)
}

function exclusion(origin: Told & { kind: 'conflicts' | 'breaks' }, universe: Universe): string {
  const described = universe.options.rules.describeConflict?.(origin.requirement, origin.other)
  if (described !== undefined) return described
  const verb = origin.kind === 'breaks' ? 'breaks' : 'conflicts with'
  const text = `${verb} ${formatted(origin.requirement, universe)}`
  return origin.other.name === origin.requirement.name ? text : `${text}, which ${origin.other.name} provides`
}
