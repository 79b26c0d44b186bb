import type { PackageUrl } from '../../../formats/purl/purl.ts'
import { parsePurl } from '../../../formats/purl/purl.ts'
import type { Finding, SuppressedFinding } from '../../../model/advisory/finding.ts'
import type { VexDocument, VexProduct, VexStatement } from '../../../model/advisory/vex.ts'
import type { InventoryNote } from '../../../model/inventory.ts'
import { ImageProduct } from './image-product.ts'
import { type Candidate, chooseStatement } from './precedence.ts'
import { type PurlSubject, purlNames, purlSubject } from './purl-match.ts'

export interface ApplyVexOptions {
  /**
   * Names of what was scanned: digests of the image's manifest, index and configuration, references, package URLs
   * (see `ImageProduct`). Empty for a folder.
   */
  readonly product: readonly string[]
  /** Statements that ended before it count no more. */
  readonly now: Date
}

export interface AppliedVex {
  /** Those that count, in their order; status and reason are of the statement that is about them, if any. */
  readonly findings: readonly Finding[]
  /** Those that a statement says are fixed or do not affect. */
  readonly suppressed: readonly SuppressedFinding[]
  readonly notes: readonly InventoryNote[]
}

/** Most notes of one kind. */
const notesLimit = 100

/**
 * What statements make of findings. Of the statements about a finding one counts: of the first document that has
 * one, the latest; see `chooseStatement`. "fixed" and "not_affected" suppress the finding, the others are told
 * with it.
 */
export function applyVex(
  findings: readonly Finding[],
  documents: readonly VexDocument[],
  { product, now }: ApplyVexOptions,
): AppliedVex {
  const index = new StatementIndex(documents)
  const matcher = new Matcher(new ImageProduct(product))
  const time = now.toISOString()
  const kept: Finding[] = []
  const suppressed: SuppressedFinding[] = []
  const notes = new Map<string, InventoryNote>()
  for (const finding of findings) {
    const about = index.about(finding).flatMap((found): Candidate[] => {
      const precision = matcher.precision(found.statement, finding)
      return precision === undefined ? [] : [{ ...found, precision }]
    })
    const { chosen, expired, contradicted } = chooseStatement(about, time)
    for (const each of expired) note(notes, 'vex-expired', expiredMessage(each))
    if (chosen === undefined) {
      kept.push(finding)
      continue
    }
    for (const each of contradicted)
      note(notes, 'vex-contradiction', contradictionMessage(finding, chosen, each))
    const stated = withStatement(finding, chosen)
    const { status } = chosen.statement
    if (status === 'fixed' || status === 'not_affected') {
      const { expires } = chosen.statement
      suppressed.push({
        ...stated,
        suppressedBy: {
          kind: 'vex',
          source: whoSaysSo(chosen.document),
          ...(expires === undefined ? {} : { expires }),
        },
      })
    } else kept.push(stated)
  }
  return { findings: kept, suppressed, notes: [...notes.values()] }
}

type Found = Omit<Candidate, 'precision'>

/** Statements by the ids of what they are about. */
class StatementIndex {
  readonly #byId = new Map<string, Found[]>()

  constructor(documents: readonly VexDocument[]) {
    for (const [rank, document] of documents.entries()) {
      for (const [position, statement] of document.statements.entries()) {
        const found = { rank, position, document, statement }
        for (const id of new Set([statement.vulnerability, ...statement.aliases].map(folded))) {
          const known = this.#byId.get(id)
          if (known === undefined) this.#byId.set(id, [found])
          else known.push(found)
        }
      }
    }
  }

  /** Statements that share any name with the finding. */
  about({ id, aliases }: Finding): readonly Found[] {
    const found = new Set<Found>()
    for (const name of [id, ...aliases])
      for (const each of this.#byId.get(folded(name)) ?? []) found.add(each)
    return [...found]
  }
}

function folded(id: string): string {
  return id.toUpperCase()
}

/**
 * How precisely a statement names a finding's component, higher is more precise: 0 whatever carries the document,
 * 1 the image as a whole, 2 a package, 3 a package in one version.
 */
type Precision = Candidate['precision']

class Matcher {
  readonly #image: ImageProduct
  readonly #purls = new Map<string, PackageUrl | undefined>()
  readonly #subjects = new Map<string, PurlSubject | undefined>()

  constructor(image: ImageProduct) {
    this.#image = image
  }

  /** Undefined when the statement is about something else. */
  precision({ products }: VexStatement, finding: Finding): Precision | undefined {
    if (products.length === 0) return 0
    let best: Precision | undefined
    for (const product of products) {
      const found = this.#product(product, finding)
      if (found !== undefined && (best === undefined || found > best)) best = found
      if (best === 3) return best
    }
    return best
  }

  #product(product: VexProduct, finding: Finding): Precision | undefined {
    const isImage =
      this.#image.isNamedBy(product.id, this.#purl(product.id)) ||
      (product.digests ?? []).some((digest) => this.#image.hasDigest(digest))
    const own = this.#component(product.id, finding)
    if (!isImage && own === undefined) return undefined
    if (product.subcomponents.length === 0) return own ?? 1
    let best: Precision | undefined
    for (const id of product.subcomponents) {
      const found = this.#component(id, finding)
      if (found !== undefined && (best === undefined || found > best)) best = found
    }
    return best
  }

  #component(id: string, { component }: Finding): 2 | 3 | undefined {
    const wanted = this.#purl(id)
    if (wanted === undefined) return undefined
    const key = `${component.purl}\0${component.source?.name}\0${component.source?.version}`
    let subject = this.#subjects.get(key)
    if (subject === undefined && !this.#subjects.has(key)) {
      subject = purlSubject(component)
      this.#subjects.set(key, subject)
    }
    if (subject === undefined || !purlNames(wanted, subject)) return undefined
    return wanted.version === undefined ? 2 : 3
  }

  #purl(id: string): PackageUrl | undefined {
    if (!id.startsWith('pkg:')) return undefined
    let purl = this.#purls.get(id)
    if (purl === undefined && !this.#purls.has(id)) {
      purl = parsePurl(id)
      this.#purls.set(id, purl)
    }
    return purl
  }
}

function withStatement(finding: Finding, { statement, document }: Found): Finding {
  const { status, justification } = statement
  const words = [status.replaceAll('_', ' '), ...(justification === undefined ? [] : [justification])].join(
    ', ',
  )
  const said = statement.statement === undefined ? '' : `: ${statement.statement}`
  return {
    ...finding,
    status,
    ...(justification === undefined ? {} : { justification }),
    reason: `${finding.reason}; ${words} according to ${whoSaysSo(document)}${said}`,
  }
}

/** "Jane Doe, vex.json". */
function whoSaysSo({ author, origin }: VexDocument): string {
  return author === undefined ? origin : `${author}, ${origin}`
}

function note(notes: Map<string, InventoryNote>, code: string, message: string): void {
  if (notes.size < notesLimit) notes.set(message, { code, message })
}

function expiredMessage({ statement, document }: Found): string {
  const { vulnerability, status, expires } = statement
  return `${whoSaysSo(document)}: the statement that ${vulnerability} is ${status} ended at ${expires} and counts no more`
}

function contradictionMessage({ component }: Finding, chosen: Found, other: Found): string {
  const { vulnerability, status } = chosen.statement
  return (
    `${vulnerability} in ${component.name} is ${status} according to ${whoSaysSo(chosen.document)}, which counts, ` +
    `and ${other.statement.status} according to ${whoSaysSo(other.document)}`
  )
}
