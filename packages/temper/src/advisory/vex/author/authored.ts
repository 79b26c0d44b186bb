import { formatPurl, parsePurl } from '../../../formats/purl/purl.ts'
import type { VexDocument, VexProduct, VexStatement } from '../../../model/advisory/vex.ts'
import type { InventoryNote } from '../../../model/inventory.ts'
import { ImageProduct } from '../apply/image-product.ts'
import { imageProduct, packageIdentifiers, packageProducts } from '../apply/products.ts'
import { type PurlSubject, purlNames } from '../apply/purl-match.ts'
import type { EvidencePackage, ImageEvidence } from './evidence.ts'

export interface BoundStatements {
  readonly statements: readonly VexStatement[]
  /** Statements that are left out, with the reason. */
  readonly notes: readonly InventoryNote[]
}

/**
 * Binds statements that people wrote beside a recipe to one image: packages that they name become those of the image,
 * with version; a statement that names none is about the image as a whole. Left out are those that expired before the
 * image's own time (the clock is never used, so that equal locks give equal documents), and those about packages that
 * the image does not have.
 */
export function bindStatements(document: VexDocument, evidence: ImageEvidence): BoundStatements {
  const statements: VexStatement[] = []
  const notes: InventoryNote[] = []
  const binder = new Binder(evidence)
  for (const statement of document.statements) {
    const { vulnerability, expires } = statement
    if (expires !== undefined && Date.parse(expires) <= Date.parse(evidence.image.created)) {
      const message = `${document.origin}: the statement about ${vulnerability} expired at ${expires} and is left out`
      notes.push({ code: 'vex-expired', message })
      continue
    }
    const products = binder.bind(statement)
    if (products === undefined) {
      const message = `${document.origin}: the statement about ${vulnerability} names no package of the image and is left out`
      notes.push({ code: 'vex-unmatched', message })
    } else statements.push({ ...statement, products, ...attributed(statement, document) })
  }
  return { statements, notes }
}

class Binder {
  readonly #evidence: ImageEvidence
  readonly #image: ImageProduct

  constructor(evidence: ImageEvidence) {
    this.#evidence = evidence
    this.#image = new ImageProduct([evidence.image.name])
  }

  /** Undefined when the image has nothing that the statement names. */
  bind({ products }: VexStatement): readonly VexProduct[] | undefined {
    if (products.length === 0) return [imageProduct(this.#evidence, [])]
    const named = new Set<EvidencePackage>()
    const others = new Set<string>()
    for (const { id, subcomponents } of products) {
      const isImage = this.#image.isNamedBy(id, parsePurl(id))
      if (isImage && subcomponents.length === 0) return [imageProduct(this.#evidence, [])]
      for (const binary of this.#evidence.packages) {
        const own = this.#names(id, binary)
        const part = subcomponents.length === 0 || subcomponents.some((each) => this.#names(each, binary))
        if ((isImage || own) && part) named.add(binary)
      }
      for (const purl of this.#evidence.others) {
        const part = subcomponents.length === 0 || subcomponents.some((each) => namesOther(each, purl))
        if ((isImage || namesOther(id, purl)) && part) others.add(purl)
      }
    }
    if (named.size + others.size === 0) return undefined
    const about = [...named].flatMap((binary) => packageIdentifiers(binary, this.#evidence))
    return packageProducts(this.#evidence, [...about, ...[...others].map(withoutQualifiers)])
  }

  #names(id: string, binary: EvidencePackage): boolean {
    const wanted = parsePurl(id)
    const purl = parsePurl(binary.purl)
    if (wanted === undefined || purl === undefined) return false
    const { distribution } = this.#evidence
    const subject: PurlSubject = {
      purl,
      distribution,
      source: binary.source,
      architecture: binary.architecture,
    }
    return purlNames(wanted, subject)
  }
}

function namesOther(id: string, other: string): boolean {
  const [wanted, purl] = [parsePurl(id), parsePurl(other)]
  return wanted !== undefined && purl !== undefined && purlNames(wanted, { purl })
}

/** Scanners do not agree on what they write after the version. */
function withoutQualifiers(purl: string): string {
  const parsed = parsePurl(purl)
  if (parsed === undefined) return purl
  const { qualifiers: _, ...rest } = parsed
  return formatPurl(rest)
}

/** Who says so stays with what is said. */
function attributed({ statement }: VexStatement, { author }: VexDocument): Pick<VexStatement, 'statement'> {
  if (author === undefined) return {}
  return { statement: `${statement === undefined ? '' : `${statement}\n`}Stated by ${author}` }
}

/** Leaves out statements about the same vulnerability of the same package as others that take precedence. */
export function withoutOverlap(
  statements: readonly VexStatement[],
  believed: readonly VexStatement[],
): readonly VexStatement[] {
  const taken = new Map<string, Set<string> | 'everything'>()
  for (const { vulnerability, aliases, products } of believed) {
    for (const id of [vulnerability, ...aliases]) {
      const known = taken.get(id) ?? new Set<string>()
      const parts = products.flatMap((product) => product.subcomponents)
      if (known === 'everything' || parts.length === 0) taken.set(id, 'everything')
      else taken.set(id, new Set([...known, ...parts]))
    }
  }
  return statements.flatMap((statement) => {
    const gone = taken.get(statement.vulnerability)
    if (gone === undefined) return [statement]
    if (gone === 'everything') return []
    const products = statement.products.flatMap((product): VexProduct[] => {
      if (product.subcomponents.length === 0) return gone.has(product.id) ? [] : [product]
      const subcomponents = product.subcomponents.filter((each) => !gone.has(each))
      return subcomponents.length === 0 ? [] : [{ ...product, subcomponents }]
    })
    return products.length === 0 ? [] : [{ ...statement, products }]
  })
}
