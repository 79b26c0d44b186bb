import { TemperError } from '../../base/error.ts'
import type { Dependency, IndexedPackage, PackageRequest } from '../../model/package/package.ts'
import { Exclusions, type PackageExclusion } from './exclusions.ts'
import { defaultStepLimit } from './options.ts'
import { type Clause, type Literal, negative, positive, Sat } from './sat.ts'
import type { Universe } from './universe.ts'

/** Where a clause comes from, as explanations describe it. */
export type Origin =
  | {
      readonly kind: 'request'
      readonly request: PackageRequest
      readonly candidates: readonly IndexedPackage[]
    }
  | {
      readonly kind: 'depends'
      readonly package: IndexedPackage
      readonly dependency: Dependency
      readonly candidates: readonly IndexedPackage[]
    }
  | PackageExclusion
  | { readonly kind: 'one-version'; readonly name: string }

export type SearchResult =
  | { readonly chosen: readonly IndexedPackage[] }
  /** The clauses that cannot hold together, each with its origin. */
  | { readonly contradiction: readonly { readonly clause: Clause; readonly origin: Origin }[] }

/** Packages of which one has to be chosen, best first. */
interface Wish {
  readonly clause: Clause
  readonly choices: readonly number[]
  /** Whether all choices are versions of one name. */
  readonly simple: boolean
}

/** Lengths and positions of the agenda where a level began. */
interface Mark {
  readonly lengths: readonly [number, number]
  readonly cursors: readonly [number, number]
}

/**
 * Finds packages that satisfy requests and everything that follows. Packages become variables only when something
 * reaches them. Dependencies that leave only the version open are settled before those with a choice of names, so
 * that "prefer what is chosen already" does not depend on their order.
 */
export class Search {
  readonly #universe: Universe
  readonly #sat = new Sat()
  readonly #variables = new Map<IndexedPackage, number>()
  readonly #packages: IndexedPackage[] = []
  /** The dependencies of each package, filled in when it is first chosen. */
  readonly #wishes: (readonly Wish[] | undefined)[] = []
  readonly #exclusions: Exclusions
  readonly #origins = new Map<Clause, Origin>()
  /** Dependencies of chosen packages: the simple ones, and the others. */
  readonly #agenda: readonly [Wish[], Wish[]] = [[], []]
  #cursors: [number, number] = [0, 0]
  #marks: Mark[] = []

  constructor(universe: Universe) {
    this.#universe = universe
    this.#exclusions = new Exclusions(universe.options)
  }

  /**
   * `also` are packages that have to be part of the solution besides the requests; a contradiction does not name them.
   */
  run(requests: readonly PackageRequest[], also: readonly IndexedPackage[] = []): SearchResult {
    const limit = this.#universe.options.stepLimit ?? defaultStepLimit
    let broken = this.#addRequests(requests)
    for (const extra of also) this.#sat.add({ literals: [positive(this.#variable(extra))] })
    for (let step = 0; step <= limit; step++) {
      broken ??= this.#sat.propagate(this.#expand)
      if (broken) {
        if (!this.#sat.learn(broken)) return { contradiction: this.#contradiction(broken) }
        this.#rewind()
        broken = undefined
      } else {
        const choice = this.#nextChoice()
        if (choice === undefined) return { chosen: this.#chosen() }
        this.#marks.push(this.#mark())
        this.#sat.decide(positive(choice))
      }
    }
    throw new TemperError(
      'limit-exceeded',
      `Gave up choosing packages after ${limit} steps without a result`,
      { hint: 'Pin or exclude some packages, to leave less to choose from.' },
    )
  }

  #addRequests(requests: readonly PackageRequest[]): Clause | undefined {
    let broken: Clause | undefined
    for (const request of requests) {
      if (request.excluded) continue
      const candidates = this.#universe.requested(request)
      const wish = this.#wish([], candidates)
      this.#agenda[wish.simple ? 0 : 1].push(wish)
      broken = this.#add(wish.clause, { kind: 'request', request, candidates }) ?? broken
    }
    return broken
  }

  /** Called when a package was chosen: what it needs and excludes become clauses, once. */
  readonly #expand = (literal: Literal): Clause | undefined => {
    const variable = literal >> 1
    if (literal !== positive(variable)) return undefined
    let broken: Clause | undefined
    if (!this.#wishes[variable]) {
      const chosen = this.#packages[variable] as IndexedPackage
      broken = this.#addExclusions(chosen, variable)
      const wishes: Wish[] = []
      for (const dependency of [...chosen.preDepends, ...chosen.depends]) {
        const candidates = this.#universe.candidates(dependency, chosen)
        if (candidates.includes(chosen)) continue
        const wish = this.#wish([negative(variable)], candidates)
        wishes.push(wish)
        const origin: Origin = { kind: 'depends', package: chosen, dependency, candidates }
        broken = this.#add(wish.clause, origin) ?? broken
      }
      this.#wishes[variable] = wishes
    }
    for (const wish of this.#wishes[variable] as readonly Wish[]) this.#agenda[wish.simple ? 0 : 1].push(wish)
    return broken
  }

  #addExclusions(chosen: IndexedPackage, variable: number): Clause | undefined {
    let broken: Clause | undefined
    for (const other of this.#universe.selectable(chosen.name)) {
      if (other === chosen) continue
      const clause = { literals: [negative(variable), negative(this.#variable(other))] }
      broken = this.#add(clause, { kind: 'one-version', name: chosen.name }) ?? broken
    }
    for (const exclusion of this.#exclusions.addOwner(chosen))
      broken = this.#addExclusion(exclusion) ?? broken
    return broken
  }

  #wish(condition: readonly Literal[], candidates: readonly IndexedPackage[]): Wish {
    const choices = candidates.map((candidate) => this.#variable(candidate))
    const simple = candidates.every((candidate) => candidate.name === candidates[0]?.name)
    return { clause: { literals: [...condition, ...choices.map(positive)] }, choices, simple }
  }

  #add(clause: Clause, origin: Origin): Clause | undefined {
    this.#origins.set(clause, origin)
    return this.#sat.add(clause)
  }

  #variable(of: IndexedPackage): number {
    let variable = this.#variables.get(of)
    if (variable === undefined) {
      variable = this.#sat.variable()
      this.#variables.set(of, variable)
      this.#packages.push(of)
      for (const exclusion of this.#exclusions.addCandidate(of)) this.#addExclusion(exclusion)
    }
    return variable
  }

  #addExclusion(exclusion: PackageExclusion): Clause | undefined {
    const pair = [exclusion.package, exclusion.other].map((entry) => negative(this.#variable(entry)))
    return this.#add({ literals: pair }, exclusion)
  }

  /** The best choice for the first unsatisfied dependency; undefined when all are satisfied. */
  #nextChoice(): number | undefined {
    for (const kind of [0, 1] as const) {
      const agenda = this.#agenda[kind]
      for (; this.#cursors[kind] < agenda.length; this.#cursors[kind]++) {
        const { choices } = agenda[this.#cursors[kind]] as Wish
        if (choices.some((choice) => this.#sat.isTrue(positive(choice)))) continue
        return choices.find((choice) => this.#sat.isOpen(positive(choice)))
      }
    }
    return undefined
  }

  #mark(): Mark {
    const [simple, other] = this.#agenda
    return { lengths: [simple.length, other.length], cursors: [...this.#cursors] }
  }

  /** Takes the agenda back after the search went back. */
  #rewind(): void {
    const mark = this.#marks[this.#sat.level]
    if (!mark) return
    this.#marks.length = this.#sat.level
    for (const kind of [0, 1] as const) this.#agenda[kind].length = mark.lengths[kind]
    this.#cursors = [...mark.cursors]
  }

  #chosen(): IndexedPackage[] {
    return this.#sat.trail
      .filter((literal) => literal === positive(literal >> 1))
      .map((literal) => this.#packages[literal >> 1] as IndexedPackage)
  }

  /** In the order in which the clauses were added: requests first, as the recipe has them. */
  #contradiction(broken: Clause): { clause: Clause; origin: Origin }[] {
    const proof = new Set(this.#sat.proof(broken))
    return [...this.#origins]
      .filter(([clause]) => proof.has(clause))
      .map(([clause, origin]) => ({ clause, origin }))
  }
}
