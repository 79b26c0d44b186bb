import type { Component, Inventory } from '../../../model/inventory.ts'
import type { ComponentIndex } from './component-index.ts'

/** A document of 250,000 components, walked some hundred times. */
const defaultSteps = 100_000_000

export interface ProductGraphOptions {
  /** Most steps along dependencies for one target; past them nothing is said to be needed by a product alone. */
  readonly steps?: number
}

/**
 * Which parts of the target exist only because of a product: what is inside its files, and what only it needs. A
 * statement about a product covers these, and nothing that is also used without it.
 */
export class ProductGraph {
  readonly #index: ComponentIndex
  readonly #inventory: Pick<Inventory, 'components' | 'wanted'>
  /** By product, package URLs of what is there without it. */
  readonly #without = new Map<string, ReadonlySet<string>>()
  #needs: ReadonlyMap<string, ReadonlySet<string>> | undefined
  readonly #stepLimit: number
  #steps = 0

  constructor(
    inventory: Pick<Inventory, 'components' | 'wanted'>,
    index: ComponentIndex,
    { steps = defaultSteps }: ProductGraphOptions = {},
  ) {
    this.#inventory = inventory
    this.#index = index
    this.#stepLimit = steps
  }

  /** Whether a component other than the product is there only because of it. */
  isBroughtBy(product: string, component: Component): boolean {
    const named = this.#index.named(product)
    if (named.length === 0) return false
    return isInside(component, named) || this.#isNeededBy(product, component)
  }

  /** Only documents say what nothing else needs; in an image, anything may use whatever is there. */
  #isNeededBy(product: string, component: Component): boolean {
    if (this.#inventory.wanted === undefined || this.#steps > this.#stepLimit) return false
    let without = this.#without.get(product)
    if (without === undefined) {
      without = this.#reached(this.#starts(), new Set(this.#index.named(product).map(({ purl }) => purl)))
      this.#without.set(product, without)
    }
    if (without.has(component.purl)) return false
    const purls = this.#index.named(product).map(({ purl }) => purl)
    return this.#reached(purls, new Set()).has(component.purl)
  }

  /** What the thing as a whole needs, and what no component needs. */
  #starts(): Iterable<string> {
    const needed = new Set(this.#inventory.components.flatMap(({ dependsOn = [] }) => dependsOn))
    const free = this.#inventory.components.flatMap(({ purl }) => (needed.has(purl) ? [] : [purl]))
    return [...(this.#inventory.wanted ?? []), ...free]
  }

  #reached(starts: Iterable<string>, without: ReadonlySet<string>): ReadonlySet<string> {
    const needs = this.#edges()
    const reached = new Set<string>()
    const open = [...starts].filter((purl) => !without.has(purl))
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (reached.has(next)) continue
      reached.add(next)
      for (const needed of needs.get(next) ?? []) {
        this.#steps++
        if (!without.has(needed) && !reached.has(needed)) open.push(needed)
      }
    }
    return reached
  }

  #edges(): ReadonlyMap<string, ReadonlySet<string>> {
    if (this.#needs !== undefined) return this.#needs
    const edges = new Map<string, Set<string>>()
    for (const { purl, dependsOn = [] } of this.#inventory.components) {
      const known = edges.get(purl) ?? new Set()
      for (const needed of dependsOn) known.add(needed)
      edges.set(purl, known)
    }
    this.#needs = edges
    return edges
  }
}

/**
 * Whether each place of a component is in a file of one of the products: of the distribution's package, an archive
 * around it, a Go program that it was linked into.
 */
function isInside(component: Component, products: readonly Component[]): boolean {
  if (products.some(({ purl }) => purl === component.broughtBy)) return true
  const { locations } = component
  return (
    locations.length > 0 &&
    locations.every(({ path }) => products.some((product) => holds(product, { component, path })))
  )
}

function holds(
  { type, dependsOn, locations }: Component,
  { component, path }: { readonly component: Component; readonly path: string },
): boolean {
  // What a main module needs in the same file, which is no list of wishes, was linked with it.
  const isLinked =
    type === 'golang' &&
    !/(?:^|\/)go\.(?:mod|sum)$/.test(path) &&
    dependsOn?.includes(component.purl) === true
  return locations.some((own) => path.startsWith(`${own.path}!/`) || (isLinked && own.path === path))
}
