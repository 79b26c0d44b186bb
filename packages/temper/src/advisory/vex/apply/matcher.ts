import type { Finding } from '../../../model/advisory/finding.ts'
import type { VexProduct, VexStatement } from '../../../model/advisory/vex.ts'
import type { Component, Distribution, Inventory } from '../../../model/inventory.ts'
import { ComponentIndex } from './component-index.ts'
import { ImageProduct } from './image-product.ts'
import type { StatementCandidate } from './precedence.ts'
import { ProductGraph } from './product-graph.ts'
import { type PurlSubject, purlNames, purlSubject } from './purl-match.ts'

/**
 * How precisely a statement names a finding's component, higher is more precise: 0 whatever carries the document,
 * 1 the image or a product as a whole, 2 a package, 3 a package in one version.
 */
type Precision = StatementCandidate['precision']

/** What statements are matched with. */
export type MatchedInventory = Pick<Inventory, 'components' | 'distribution' | 'wanted'>

/** Types that scanners take for part of a distribution: no graph tells what else uses their files. */
const systemTypes = new Set(['deb', 'apk', 'rpm'])

/** Matches the products of statements with one target. */
export class Matcher {
  readonly index: ComponentIndex
  readonly #image: ImageProduct
  readonly #system: Distribution | undefined
  readonly #graph: ProductGraph
  readonly #subjects = new Map<string, PurlSubject | undefined>()

  constructor(names: readonly string[], inventory: MatchedInventory) {
    this.#image = new ImageProduct(names)
    this.#system = inventory.distribution
    this.index = new ComponentIndex(inventory)
    this.#graph = new ProductGraph(inventory, this.index)
  }

  /** Undefined when the statement is about something else. */
  precision({ products }: VexStatement, finding: Finding): Precision | undefined {
    if (products.length === 0) return 0
    let best: Precision | undefined
    for (const product of products) {
      const precision = this.#product(product, finding)
      if (precision !== undefined && (best === undefined || precision > best)) best = precision
      if (best === 3) return best
    }
    return best
  }

  /** Whether the target as a whole is meant. */
  isTarget({ id, digests = [] }: VexProduct): boolean {
    return (
      this.#image.isNamedBy(id, this.index.purl(id)) ||
      digests.some((digest) => this.#image.hasDigest(digest))
    )
  }

  #product(product: VexProduct, finding: Finding): Precision | undefined {
    const { component } = finding
    const own = this.#component(product.id, component)
    if (product.subcomponents.length === 0) {
      if (own !== undefined) return own
      return this.isTarget(product) || this.#speaksFor(product.id, component) ? 1 : undefined
    }
    let best: Precision | undefined
    for (const id of product.subcomponents) {
      const precision = this.#component(id, component)
      if (precision !== undefined && (best === undefined || precision > best)) best = precision
    }
    if (best === undefined) return undefined
    const isMeant =
      own !== undefined || this.isTarget(product) || this.#graph.isBroughtBy(product.id, component)
    return isMeant ? best : undefined
  }

  /**
   * A statement about a program covers what was linked into it; one about a distribution's package covers others only
   * when it names them.
   */
  #speaksFor(id: string, component: Component): boolean {
    const purl = this.index.purl(id)
    if (purl === undefined || systemTypes.has(purl.type)) return false
    return this.#graph.isBroughtBy(id, component)
  }

  #component(id: string, component: Component): 2 | 3 | undefined {
    const wanted = this.index.purl(id)
    if (wanted === undefined) return undefined
    const key = `${component.purl}\0${component.source?.name}\0${component.source?.version}`
    let subject = this.#subjects.get(key)
    if (subject === undefined && !this.#subjects.has(key)) {
      subject = purlSubject(component, this.#system)
      this.#subjects.set(key, subject)
    }
    if (subject === undefined || !purlNames(wanted, subject)) return undefined
    return wanted.version === undefined ? 2 : 3
  }
}
