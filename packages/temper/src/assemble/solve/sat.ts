/**
 * A small solver for clauses that may be added while the search is under way: conflict-driven learning
 * with two watched literals (Marques-Silva and Sakallah, 1999; Moskewicz and others, 2001). It knows
 * nothing of packages and makes no choice itself: the caller decides, so equal input gives equal output.
 *
 * A variable is a number from 0; its literals are `positive(v)` and `negative(v)`.
 */

export type Literal = number

export const positive = (variable: number): Literal => variable << 1
export const negative = (variable: number): Literal => (variable << 1) | 1
const variableOf = (literal: Literal): number => literal >> 1
const opposite = (literal: Literal): Literal => literal ^ 1

/** At least one literal has to be true. The first two literals are the watched ones. */
export interface Clause {
  readonly literals: Literal[]
  /** The clauses that a learned clause follows from; absent for a given one. */
  readonly from?: readonly Clause[]
}

const unassigned = 0
const isTrue = 1
const isFalse = -1

export class Sat {
  /** 1 when true, -1 when false, 0 when open; by literal. */
  readonly #values: number[] = []
  readonly #levels: number[] = []
  readonly #reasons: (Clause | undefined)[] = []
  readonly #watches: Clause[][] = []
  readonly #trail: Literal[] = []
  /** Length of the trail at the beginning of each level. */
  readonly #starts: number[] = []
  #head = 0

  /** Makes a new, open variable. */
  variable(): number {
    const variable = this.#levels.length
    this.#levels.push(0)
    this.#reasons.push(undefined)
    this.#values.push(unassigned, unassigned)
    this.#watches.push([], [])
    return variable
  }

  get level(): number {
    return this.#starts.length
  }

  /** Literals in the order in which they became true. */
  get trail(): readonly Literal[] {
    return this.#trail
  }

  isTrue(literal: Literal): boolean {
    return this.#values[literal] === isTrue
  }

  isOpen(literal: Literal): boolean {
    return this.#values[literal] === unassigned
  }

  /** Opens a level with one choice. The literal must be open. */
  decide(literal: Literal): void {
    this.#starts.push(this.#trail.length)
    this.#assign(literal, undefined)
  }

  /**
   * Adds a clause under the present assignment and propagates it. Returns the clause when all its literals are false
   * already; even if nothing is learned from it at once, it is found broken again later.
   */
  add(clause: Clause): Clause | undefined {
    const { literals } = clause
    this.#bringForward(literals, 0)
    this.#bringForward(literals, 1)
    const [first, second] = literals
    if (first !== undefined) this.#watch(first, clause)
    if (second !== undefined) this.#watch(second, clause)
    if (first === undefined || this.#values[first] === isFalse) return clause
    const single = second === undefined || this.#values[second] === isFalse
    if (single && this.#values[first] === unassigned) this.#assign(first, clause)
    return undefined
  }

  /**
   * Follows clauses until nothing new is forced. `onTrue` is called once for each literal that became true
   * and may add clauses. Returns the clause that was broken, if any.
   */
  propagate(onTrue: (literal: Literal) => Clause | undefined): Clause | undefined {
    while (this.#head < this.#trail.length) {
      const literal = this.#trail[this.#head++] as Literal
      const broken = onTrue(literal) ?? this.#visit(opposite(literal))
      if (broken) return broken
    }
    return undefined
  }

  /**
   * Learns from a broken clause (first unique implication point), goes back to where the new clause forces
   * something, and adds it. Returns false when the clauses contradict each other at level 0.
   */
  learn(broken: Clause): boolean {
    if (this.level === 0) return false
    const from: Clause[] = [broken]
    const seen = new Set<number>()
    const literals: Literal[] = []
    let open = 0
    let at = this.#trail.length
    let clause: Clause | undefined = broken
    for (;;) {
      for (const literal of clause?.literals ?? []) {
        const variable = variableOf(literal)
        if (seen.has(variable)) continue
        seen.add(variable)
        if (this.#levels[variable] === this.level) open++
        else literals.push(literal)
      }
      do at--
      while (!seen.has(variableOf(this.#trail[at] as Literal)))
      const pivot = this.#trail[at] as Literal
      open--
      if (open === 0) {
        literals.unshift(opposite(pivot))
        break
      }
      clause = this.#reasons[variableOf(pivot)]
      if (clause) from.push(clause)
    }
    this.#backTo(this.#highestLevel(literals.slice(1)))
    return this.add({ literals, from }) === undefined
  }

  /**
   * Every clause that contributed to `broken` at level 0, found by following reasons and the origins of learned
   * clauses.
   */
  proof(broken: Clause): Clause[] {
    const given = new Set<Clause>()
    const visited = new Set<Clause>()
    const queue = [broken]
    for (let clause = queue.pop(); clause; clause = queue.pop()) {
      if (visited.has(clause)) continue
      visited.add(clause)
      if (clause.from) queue.push(...clause.from)
      else given.add(clause)
      for (const literal of clause.literals) {
        const reason = this.#reasons[variableOf(literal)]
        if (reason) queue.push(reason)
      }
    }
    return [...given]
  }

  #assign(literal: Literal, reason: Clause | undefined): void {
    const variable = variableOf(literal)
    this.#values[literal] = isTrue
    this.#values[opposite(literal)] = isFalse
    this.#levels[variable] = this.level
    this.#reasons[variable] = reason
    this.#trail.push(literal)
  }

  #watch(literal: Literal, clause: Clause): void {
    this.#watches[literal]?.push(clause)
  }

  /** Visits the clauses that watch a literal that has become false. */
  #visit(falsified: Literal): Clause | undefined {
    const watching = this.#watches[falsified] as Clause[]
    let kept = 0
    let broken: Clause | undefined
    for (let i = 0; i < watching.length; i++) {
      const clause = watching[i] as Clause
      if (broken === undefined && this.#moveWatch(clause, falsified)) continue
      watching[kept++] = clause
      if (broken) continue
      const other = clause.literals[0] as Literal
      if (this.#values[other] === isFalse) broken = clause
      else if (this.#values[other] === unassigned) this.#assign(other, clause)
    }
    watching.length = kept
    return broken
  }

  /** Makes the clause watch another literal than `falsified`, if it has one that is not false. */
  #moveWatch(clause: Clause, falsified: Literal): boolean {
    const { literals } = clause
    if (literals.length === 1) return false
    if (literals[0] === falsified) swap(literals, 0, 1)
    if (this.#values[literals[0] as Literal] === isTrue) return false
    for (let i = 2; i < literals.length; i++) {
      if (this.#values[literals[i] as Literal] === isFalse) continue
      swap(literals, 1, i)
      this.#watch(literals[1] as Literal, clause)
      return true
    }
    return false
  }

  /** Puts the best literal to watch at `place`: a true one, an open one, or the one falsified last. */
  #bringForward(literals: Literal[], place: number): void {
    let best = place
    for (let i = place + 1; i < literals.length; i++) {
      if (this.#rank(literals[i] as Literal) > this.#rank(literals[best] as Literal)) best = i
    }
    if (best !== place) swap(literals, place, best)
  }

  #rank(literal: Literal): number {
    const value = this.#values[literal]
    if (value === isTrue) return Number.POSITIVE_INFINITY
    if (value === unassigned) return Number.MAX_SAFE_INTEGER
    return this.#levels[variableOf(literal)] as number
  }

  #highestLevel(literals: readonly Literal[]): number {
    let highest = 0
    for (const literal of literals) highest = Math.max(highest, this.#levels[variableOf(literal)] as number)
    return highest
  }

  #backTo(level: number): void {
    const length = this.#starts[level]
    if (length === undefined) return
    for (let i = this.#trail.length - 1; i >= length; i--) {
      const literal = this.#trail[i] as Literal
      this.#values[literal] = unassigned
      this.#values[opposite(literal)] = unassigned
      this.#reasons[variableOf(literal)] = undefined
    }
    this.#trail.length = length
    this.#starts.length = level
    this.#head = Math.min(this.#head, length)
  }
}

function swap(literals: Literal[], a: number, b: number): void {
  const kept = literals[a] as Literal
  literals[a] = literals[b] as Literal
  literals[b] = kept
}
