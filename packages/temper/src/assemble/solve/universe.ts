import { type Glob, glob } from '../../base/glob.ts'
import type {
  Dependency,
  IndexedPackage,
  PackageIndex,
  PackageRequest,
  Requirement,
} from '../../model/package/package.ts'
import type { SolveOptions } from './options.ts'
import { wantedByRecipe } from './solution.ts'

/** The index as one recipe sees it: pins and exclusions applied, candidates in order of preference. */
export class Universe {
  readonly options: SolveOptions
  readonly index: PackageIndex
  readonly #rules = new Map<string, PackageRequest[]>()
  /** Names that are excluded in every version. */
  readonly #excluded = new Set<string>()
  readonly #sorted = new Map<string, readonly IndexedPackage[]>()
  readonly #selectable = new Map<string, readonly IndexedPackage[]>()
  readonly #candidates = new Map<string, readonly IndexedPackage[]>()
  readonly #patterns = new Map<string, Glob>()

  constructor(requests: readonly PackageRequest[], index: PackageIndex, options: SolveOptions) {
    this.index = index
    this.options = options
    for (const request of requests) {
      const { name, version, suite, excluded } = request
      if (!excluded && version === undefined && suite === undefined) continue
      this.#rules.set(name, [...(this.#rules.get(name) ?? []), request])
      if (excluded && version === undefined && suite === undefined) this.#excluded.add(name)
    }
  }

  /** Pins and exclusions of a name. */
  rules(name: string): readonly PackageRequest[] {
    return this.#rules.get(name) ?? []
  }

  /** Every version of a name for the image's architecture, best first, before pins and exclusions. */
  versions(name: string): readonly IndexedPackage[] {
    return remember(this.#sorted, name, () =>
      this.index.versions(name).filter(this.#fitsArchitecture).sort(this.#compareVersions),
    )
  }

  /**
   * The versions of a name that can be chosen, best first: those that pins and exclusions allow, or, when the name is
   * excluded but a dependency on it may be pruned, all that pins allow. The same archive in several suites counts
   * once. Everything that is chosen comes from here, so equal packages are the same object.
   */
  selectable(name: string): readonly IndexedPackage[] {
    return remember(this.#selectable, name, () => {
      const lenient = this.#excluded.has(name) && this.options.rules.installOnly !== undefined
      const archives = new Map<string, IndexedPackage>()
      for (const candidate of this.versions(name)) {
        const archive = `${candidate.version} ${candidate.digest}`
        const fits = lenient ? this.#fitsPins(candidate) : this.isAllowed(candidate)
        if (fits && !archives.has(archive)) archives.set(archive, candidate)
      }
      return [...archives.values()]
    })
  }

  /** Packages with `installIf`, by name, the best version of each first. */
  conditional(): readonly IndexedPackage[] {
    const names = new Set((this.index.conditional?.() ?? []).map((each) => each.name))
    return [...names]
      .sort(compareTexts)
      .flatMap((name) => this.selectable(name))
      .filter(
        (candidate) =>
          (candidate.installIf?.length ?? 0) > 0 &&
          !this.#excluded.has(candidate.name) &&
          this.isOpen(candidate),
      )
  }

  isAllowed(candidate: IndexedPackage): boolean {
    for (const rule of this.rules(candidate.name))
      if (this.matches(candidate, rule) === rule.excluded) return false
    return true
  }

  #fitsPins(candidate: IndexedPackage): boolean {
    return this.rules(candidate.name).every((rule) => rule.excluded || this.matches(candidate, rule))
  }

  /**
   * Whether the package can be taken for `neededBy`, which is absent for the recipe itself. A package of a closed
   * suite can be taken only when the recipe asks for it from that suite, or for a package of the same suite.
   */
  isOpen(candidate: IndexedPackage, neededBy?: IndexedPackage): boolean {
    const { suite } = candidate.origin
    if (this.options.rules.isClosedSuite?.(suite) !== true || neededBy?.origin.suite === suite) return true
    return this.rules(candidate.name).some(
      (rule) => !rule.excluded && rule.suite !== undefined && this.matches(candidate, rule),
    )
  }

  /** Whether `neededBy` may get a package of this name: when it is not excluded, or is pruned afterwards. */
  #mayServe(name: string, neededBy: string): boolean {
    return !this.#excluded.has(name) || this.options.rules.installOnly?.(name, neededBy) !== undefined
  }

  /** Whether a package matches the version glob and the suite of a request. */
  matches(candidate: IndexedPackage, request: Pick<PackageRequest, 'version' | 'suite'>): boolean {
    const { version, suite } = request
    if (suite !== undefined && candidate.origin.suite !== suite && candidate.origin.repository !== suite)
      return false
    if (version === undefined) return true
    const fits = remember(this.#patterns, version, () => glob(version))
    return fits(candidate.version) || fits(candidate.version.replace(/^\d+:/, ''))
  }

  /** Names of real packages that provide `name` in any version, before pins and exclusions. */
  providerNames(name: string): readonly string[] {
    const providers = this.index.providers(name).filter(this.#fitsArchitecture)
    return [...new Set(providers.map((provider) => provider.name))].sort(compareTexts)
  }

  /** The first two packages that provide a name, when only their own names decide which comes first. */
  undecided(name: string): boolean {
    const [first, second] = this.providerNames(name)
      .flatMap((provider) => this.versions(provider).slice(0, 1))
      .sort((a, b) => this.#compareProviders(name, a, b))
    const { compareProviders } = this.options.rules
    if (first === undefined || second === undefined) return false
    return (
      compareProviders === undefined ||
      (compareProviders(name, first, second) === 0 && first.providerRank === second.providerRank)
    )
  }

  /**
   * What may be chosen to provide a name, best first. Versions of one package keep their own order; those of others come
   * between them where they are better than the next of them. A version therefore counts as no better than the worst of
   * the versions before it: compared as they are, a good old version of one package, another package and a poor new
   * version of the first could each come before the next, in a circle.
   */
  #providers(name: string): readonly IndexedPackage[] {
    const compare = (a: IndexedPackage, b: IndexedPackage) => this.#compareProviders(name, a, b)
    const ranked = this.providerNames(name).flatMap((provider) => {
      let worst: IndexedPackage | undefined
      return this.selectable(provider)
        .filter(({ provides }) => provides.some((provided) => provided.name === name))
        .map((candidate) => {
          if (worst === undefined || compare(worst, candidate) < 0) worst = candidate
          return { candidate, as: worst }
        })
    })
    // Sorting keeps the order of what compares the same: the versions of a package, and packages by their names.
    return ranked.sort((a, b) => compare(a.as, b.as)).map(({ candidate }) => candidate)
  }

  /** What satisfies a request of the recipe: packages of that very name, or providers when there are none. */
  requested({ name, range }: PackageRequest): readonly IndexedPackage[] {
    const candidates = this.#candidatesOf({ name, ...range })
    return this.versions(name).length === 0
      ? candidates
      : candidates.filter((candidate) => candidate.name === name)
  }

  /**
   * What satisfies a dependency of `neededBy`, best first: alternatives in order, real packages before
   * providers.
   */
  candidates(dependency: Dependency, neededBy: IndexedPackage): readonly IndexedPackage[] {
    const [only] = dependency
    if (dependency.length === 1 && only) return this.#candidatesOf(only, neededBy)
    return [...new Set(dependency.flatMap((requirement) => this.#candidatesOf(requirement, neededBy)))]
  }

  #candidatesOf(requirement: Requirement, neededBy?: IndexedPackage): readonly IndexedPackage[] {
    const { name, relation = '', version = '', qualifier = '' } = requirement
    const candidates = remember(this.#candidates, `${name} ${relation} ${version} ${qualifier}`, () =>
      [...new Set([...this.selectable(name), ...this.#providers(name)])].filter((candidate) =>
        this.options.rules.satisfies(candidate, requirement, this.options.architecture),
      ),
    )
    if (this.#excluded.size === 0 && this.options.rules.isClosedSuite === undefined) return candidates
    const needing = neededBy?.name ?? wantedByRecipe
    return candidates.filter(
      (candidate) => this.#mayServe(candidate.name, needing) && this.isOpen(candidate, neededBy),
    )
  }

  readonly #fitsArchitecture = (candidate: IndexedPackage): boolean =>
    this.options.rules.fitsArchitecture(candidate, this.options.architecture)

  readonly #compareVersions = (a: IndexedPackage, b: IndexedPackage): number => {
    const { keepVersions, rules } = this.options
    const kept = keepVersions?.get(a.name)
    return (
      Number(b.version === kept) - Number(a.version === kept) ||
      Number(this.#isOptional(a)) - Number(this.#isOptional(b)) ||
      rules.compareVersions(b.version, a.version) ||
      compareTexts(a.version, b.version) ||
      this.#suiteRank(a) - this.#suiteRank(b) ||
      compareTexts(a.origin.repository, b.origin.repository) ||
      compareTexts(a.origin.suite, b.origin.suite) ||
      compareTexts(a.digest, b.digest) ||
      compareTexts(a.origin.location, b.origin.location)
    )
  }

  /** Which of two providers of a name comes first, whatever their versions are. */
  #compareProviders(name: string, a: IndexedPackage, b: IndexedPackage): number {
    const { keepVersions: keeps, rules } = this.options
    return (
      Number(keeps?.has(b.name) ?? false) - Number(keeps?.has(a.name) ?? false) ||
      Number(this.#isOptional(a)) - Number(this.#isOptional(b)) ||
      (rules.compareProviders?.(name, a, b) ?? 0) ||
      a.providerRank - b.providerRank ||
      compareTexts(a.name, b.name)
    )
  }

  #isOptional(candidate: IndexedPackage): boolean {
    return this.options.rules.isOptionalSuite(candidate.origin.suite)
  }

  #suiteRank(candidate: IndexedPackage): number {
    const suites = this.options.preferSuites ?? []
    const ranks = [suites.indexOf(candidate.origin.suite), suites.indexOf(candidate.origin.repository)]
    return Math.min(suites.length, ...ranks.filter((rank) => rank >= 0))
  }
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function remember<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
