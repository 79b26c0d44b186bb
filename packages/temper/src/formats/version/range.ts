import type { RangeEvent, VersionRange } from '../../model/advisory/advisory.ts'
import { type ParsedVersion, rangeOrderOf } from './compare.ts'
import type { VersionOrder } from './order.ts'

/**
 * A place in the order of versions where a range begins or ends. OSV's introduced "0" is before every version; what ends
 * with a last affected version ends just after it.
 */
interface Boundary {
  readonly text: string
  /** Undefined means before everything. */
  readonly version: ParsedVersion | undefined
  /** 0 for the version itself, 1 for just after it. */
  readonly after: 0 | 1
  readonly opens: boolean
}

/** Where in a range a version is. */
export interface RangeHit {
  /** The lowest higher version at which the affected interval ends. */
  readonly end?: { readonly version: string; readonly kind: 'fixed' | 'lastAffected' }
}

/** How many of several versions are in a range. */
export type RangeExtent = 'all' | 'some' | 'none'

/** Ranges with more events than this are sorted once and searched; shorter ones are just read. */
const sortFrom = 32

/**
 * A range of OSV (OSV schema, "affected[].ranges[].events", and its evaluation algorithm), of one scheme: events in
 * any order; a range without an introduced event holds nothing; at equal versions the later event in the list counts.
 */
export class EvaluatedRange {
  readonly order: VersionOrder<ParsedVersion>
  readonly #boundaries: readonly Boundary[]
  readonly #sorted: boolean
  /** Versions from here on are not in the range; undefined when there is no limit. */
  readonly #limit: ParsedVersion | undefined

  constructor(range: VersionRange) {
    this.order = rangeOrderOf(range.scheme)
    const boundaries: Boundary[] = []
    let limit: ParsedVersion | undefined
    let unlimited = true
    for (const event of range.events) {
      if (!('limit' in event)) {
        boundaries.push(boundaryOf(event, this.order))
        continue
      }
      if (event.limit === '*') continue
      const version = this.order.parse(event.limit)
      if (limit === undefined || this.order.compare(version, limit) > 0) limit = version
      unlimited = false
    }
    this.#limit =
      unlimited || range.events.some((event) => 'limit' in event && event.limit === '*') ? undefined : limit
    this.#sorted = boundaries.length > sortFrom
    if (this.#sorted) boundaries.sort((a, b) => this.#compareBoundaries(a, b))
    this.#boundaries = boundaries
  }

  /** True when nothing can ever be in the range, since there is no introduced event. */
  get isEmpty(): boolean {
    return !this.#boundaries.some(({ opens }) => opens)
  }

  /** Undefined when the version is not in the range. */
  hit(version: ParsedVersion): RangeHit | undefined {
    if (this.#limit !== undefined && this.order.compare(version, this.#limit) >= 0) return undefined
    return this.#sorted ? this.#search(version) : this.#read(version)
  }

  contains(version: ParsedVersion): boolean {
    return this.hit(version) !== undefined
  }

  /**
   * How many of the versions between a lower bound (inclusive) and an upper bound (exclusive), both optional, are in
   * the range. The answer is "some" unless clearly all or none are.
   */
  extent(from: ParsedVersion | undefined, below: ParsedVersion | undefined): RangeExtent {
    const first = this.#boundaries.filter(({ version }) => version === undefined)
    const atStart = from === undefined ? first.at(-1)?.opens === true : this.contains(from)
    const changes = this.#boundaries.some(
      (boundary) =>
        boundary.opens !== atStart &&
        boundary.version !== undefined &&
        (from === undefined || this.#isAbove(boundary, from)) &&
        (below === undefined || this.order.compare(boundary.version, below) < 0),
    )
    if (this.#limit !== undefined && from !== undefined && this.order.compare(from, this.#limit) >= 0)
      return 'none'
    const isCut =
      this.#limit !== undefined && (below === undefined || this.order.compare(this.#limit, below) < 0)
    if (changes || (atStart && isCut)) return 'some'
    return atStart ? 'all' : 'none'
  }

  /** Fixed versions above `version`, lowest first, each once; at most `limit`. */
  fixesAbove(version: ParsedVersion, { limit }: { readonly limit: number }): readonly string[] {
    const above: Boundary[] = []
    const from = this.#sorted ? this.#firstAbove(version) : 0
    for (let i = from; i < this.#boundaries.length; i++) {
      const boundary = this.#boundaries[i]
      if (boundary === undefined || boundary.opens || boundary.after === 1) continue
      if (this.#isAbove(boundary, version)) above.push(boundary)
      if (this.#sorted && above.length >= limit) break
    }
    if (!this.#sorted) above.sort((a, b) => this.#compareBoundaries(a, b))
    return [...new Set(above.map(({ text }) => text))].slice(0, limit)
  }

  #read(version: ParsedVersion): RangeHit | undefined {
    let below: Boundary | undefined
    let above: Boundary | undefined
    for (const boundary of this.#boundaries) {
      if (this.#isAbove(boundary, version)) {
        if (!boundary.opens && (above === undefined || this.#compareBoundaries(boundary, above) < 0))
          above = boundary
      } else if (below === undefined || this.#compareBoundaries(boundary, below) >= 0) below = boundary
    }
    return below?.opens ? hitBefore(above) : undefined
  }

  #search(version: ParsedVersion): RangeHit | undefined {
    const first = this.#firstAbove(version)
    if (!this.#boundaries[first - 1]?.opens) return undefined
    for (let i = first; i < this.#boundaries.length; i++)
      if (!this.#boundaries[i]?.opens) return hitBefore(this.#boundaries[i])
    return {}
  }

  #firstAbove(version: ParsedVersion): number {
    let low = 0
    let high = this.#boundaries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const boundary = this.#boundaries[middle]
      if (boundary !== undefined && this.#isAbove(boundary, version)) high = middle
      else low = middle + 1
    }
    return low
  }

  #isAbove(boundary: Boundary, version: ParsedVersion): boolean {
    if (boundary.version === undefined) return false
    const order = this.order.compare(boundary.version, version)
    return order > 0 || (order === 0 && boundary.after === 1)
  }

  #compareBoundaries(a: Boundary, b: Boundary): number {
    if (a.version === undefined || b.version === undefined)
      return Number(a.version !== undefined) - Number(b.version !== undefined)
    return this.order.compare(a.version, b.version) || a.after - b.after
  }
}

function boundaryOf(
  event: Exclude<RangeEvent, { readonly limit: string }>,
  order: VersionOrder<ParsedVersion>,
): Boundary {
  if ('introduced' in event) {
    const version = event.introduced === '0' ? undefined : order.parse(event.introduced)
    return { text: event.introduced, version, after: 0, opens: true }
  }
  if ('fixed' in event)
    return { text: event.fixed, version: order.parse(event.fixed), after: 0, opens: false }
  return { text: event.lastAffected, version: order.parse(event.lastAffected), after: 1, opens: false }
}

function hitBefore(end: Boundary | undefined): RangeHit {
  if (end === undefined) return {}
  return { end: { version: end.text, kind: end.after === 0 ? 'fixed' : 'lastAffected' } }
}
