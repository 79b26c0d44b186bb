import { TemperError } from '../../base/error.ts'
import type { IndexedPackage, PackageIndex, PackageRequest } from '../../model/package/package.ts'
import { suggest } from './suggest.ts'
import type { Universe } from './universe.ts'

/**
 * Checks that every request names something that exists: the name, the pinned version, the suite. All mistakes are
 * reported in one TemperError: `package-not-found`, or `unsatisfiable` when the recipe contradicts itself.
 */
export function checkRequests(requests: readonly PackageRequest[], universe: Universe): void {
  const missing = requests.flatMap((request) => missingProblem(request, universe) ?? [])
  if (missing.length > 0) throw requestError('package-not-found', missing)
  const contradictions = requests.flatMap((request) => contradiction(request, universe) ?? [])
  if (contradictions.length > 0) throw requestError('unsatisfiable', contradictions)
}

/** Excluded names that no repository has, so that excluding them has no effect; it may be a typing mistake. */
export function idleExclusions(requests: readonly PackageRequest[], index: PackageIndex): readonly string[] {
  const names = requests.flatMap(({ name, excluded }) => (excluded ? [name] : []))
  return names.filter((name) => index.versions(name).length === 0)
}

/** `nginx=1.26.*@trixie`: a request as a recipe writes it. */
export function formatRequest(request: PackageRequest): string {
  const { name, version, range, suite, excluded } = request
  return [
    excluded ? '!' : '',
    name,
    range === undefined ? '' : `${range.relation.replace(/(?<=[<>])[<>]/, '')}${range.version}`,
    version === undefined ? '' : `=${version}`,
    suite === undefined ? '' : `@${suite}`,
  ].join('')
}

/** "1.26.3-3 (trixie), 1.24.0-1 (bookworm, bookworm-updates)", best first, shortened when there are many. */
export function listVersions(versions: readonly IndexedPackage[]): string {
  const suites = new Map<string, Set<string>>()
  for (const { version, origin } of versions)
    suites.set(version, (suites.get(version) ?? new Set()).add(origin.suite))
  const all = [...suites].map(([version, names]) => `${version} (${[...names].join(', ')})`)
  return listed(all, 8)
}

/** Items separated by commas; those beyond `limit` are only counted. */
export function listed(items: readonly string[], limit: number): string {
  if (items.length <= limit) return items.join(', ')
  return `${items.slice(0, limit).join(', ')} and ${items.length - limit} more`
}

interface Problem {
  readonly name: string
  readonly text: string
  readonly hint: string
}

function requestError(
  code: 'package-not-found' | 'unsatisfiable',
  problems: readonly Problem[],
): TemperError {
  const texts = problems.map((problem) => problem.text)
  const hints = [...new Set(problems.map((problem) => problem.hint))]
  return new TemperError(code, texts.join('\n'), {
    details: { packages: problems.map((problem) => problem.name), reasons: texts },
    hint: hints.join(' '),
  })
}

function missingProblem(request: PackageRequest, universe: Universe): Problem | undefined {
  const { name } = request
  const versions = universe.versions(name)
  const fuzzy = fuzzyProblem(request, universe)
  if (fuzzy !== undefined) return fuzzy
  if (versions.length === 0) return unknownName(request, universe)
  if (!versions.some((candidate) => inRange(candidate, request, universe))) {
    const text = `No version of ${name} is in "${formatRequest(request)}": there is ${listVersions(versions)}`
    return { name, text, hint: `Change the version that the recipe asks of ${name}, or leave it out.` }
  }
  const matching = versions.filter((candidate) => universe.matches(candidate, request))
  const fitting = matching.filter((candidate) => inRange(candidate, request, universe))
  if (!request.excluded && fitting.length > 0 && !fitting.some((candidate) => universe.isOpen(candidate)))
    return closedProblem(request, fitting)
  if (matching.length > 0) return undefined
  const inSuite = versions.filter((candidate) => universe.matches(candidate, suiteOf(request)))
  const text =
    inSuite.length === 0
      ? `No suite or repository "${request.suite}" has ${name}: it is in ${listVersions(versions)}`
      : `No version of ${name} matches "${formatRequest(request)}": there is ${listVersions(versions)}`
  return { name, text, hint: `Change the pin of ${name} to one of these versions, or leave it out.` }
}

function fuzzyProblem({ name, range }: PackageRequest, { options }: Universe): Problem | undefined {
  if (range?.relation !== '~' || options.rules.hasFuzzyVersions) return undefined
  const text = `"${name}~${range.version}": versions of this distribution are not compared part by part`
  return { name, text, hint: `Write ${name}=${range.version}.* instead.` }
}

/** Packages that only suites have of which nothing is taken unasked. */
function closedProblem(request: PackageRequest, fitting: readonly IndexedPackage[]): Problem {
  const [best] = fitting
  const pinned = formatRequest({ ...request, suite: best?.origin.repository ?? '' })
  return {
    name: request.name,
    text: `"${formatRequest(request)}" is only in a pinned repository, and nothing is taken from those unless the recipe names it: ${listVersions(fitting)}`,
    hint: `Write "${pinned}" to take it from there.`,
  }
}

/** Whether a package has the name of a request, or provides it, in its range. */
function inRange(candidate: IndexedPackage, { name, range }: PackageRequest, { options }: Universe): boolean {
  return options.rules.satisfies(candidate, { name, ...range }, options.architecture)
}

function suiteOf(request: PackageRequest): { suite?: string } {
  return request.suite === undefined ? {} : { suite: request.suite }
}

function unknownName(request: PackageRequest, universe: Universe): Problem | undefined {
  const { name } = request
  const providers = universe.providerNames(name)
  if (providers.length > 0) {
    const pinned = request.version !== undefined || request.suite !== undefined
    if (!pinned && !request.excluded && !universe.undecided(name)) {
      const all = providers.flatMap((provider) => universe.versions(provider))
      if (all.some((candidate) => inRange(candidate, request, universe))) return undefined
      const text = `${listed(providers, 12)} ${providers.length === 1 ? 'provides' : 'provide'} ${name}, but not in "${formatRequest(request)}"`
      return { name, text, hint: `Change the version that the recipe asks of ${name}, or leave it out.` }
    }
    return {
      name,
      text: `"${name}" is not a package but a virtual name, provided by ${listed(providers, 12)}`,
      hint: `Ask for one of the packages that provide ${name}.`,
    }
  }
  // What is not there is kept out already.
  if (request.excluded) return undefined
  const text = `No repository has a package "${name}" for ${universe.options.architecture}`
  const suggestions = suggest(name, universe.index.names())
  if (suggestions.length === 0)
    // One sentence for however many names there are.
    return { name, text, hint: 'Check the spelling, or add the repository that has it.' }
  return { name, text, hint: `Did you mean ${suggestions.join(' or ')}?` }
}

/** Pins and exclusions that match something each, but nothing together. */
function contradiction(request: PackageRequest, universe: Universe): Problem | undefined {
  const { name } = request
  if (
    request.excluded ||
    universe.versions(name).length === 0 ||
    universe.versions(name).some((candidate) => universe.isAllowed(candidate))
  )
    return undefined
  const rules = universe.rules(name).map(formatRequest)
  const asked = formatRequest(request)
  const others = rules.filter((rule) => rule !== asked)
  return {
    name,
    text: `The recipe asks for "${asked}" and also says "${others.join('", "')}": no version of ${name} fits both. There is ${listVersions(universe.versions(name))}`,
    hint: `Remove one of the two lines about ${name}.`,
  }
}
