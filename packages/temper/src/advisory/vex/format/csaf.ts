import type { VexJustification, VexProduct, VexStatement, VexStatus } from '../../../model/advisory/vex.ts'
import type { StatementCollector } from '../apply/collector.ts'
import { CsafProducts, identifiers } from './csaf-products.ts'
import {
  type Fields,
  fieldsOf,
  freeText,
  member,
  optionalIdentifier,
  optionalList,
  optionalObjects,
  timeOf,
  Unusable,
} from './fields.ts'
import type { DocumentHead } from './openvex.ts'
import { justifications } from './words.ts'

/** Product status lists (CSAF 2.0, 3.2.3.9); "recommended" says what to use, not what is affected. */
const lists: readonly (readonly [string, VexStatus])[] = [
  ['known_affected', 'affected'],
  ['first_affected', 'affected'],
  ['last_affected', 'affected'],
  ['under_investigation', 'under_investigation'],
  ['fixed', 'fixed'],
  ['first_fixed', 'fixed'],
  ['known_not_affected', 'not_affected'],
]

/** Reads a document of CSAF 2.0 (profile VEX, and security advisories as far as they state the same). */
export function readCsaf(document: Fields, into: StatementCollector): DocumentHead {
  const head = fieldsOf(member(document, 'document'), '"document"')
  const tracking = optionalFields(head, 'tracking')
  const publisher = optionalFields(head, 'publisher')
  const products = new CsafProducts(optionalFields(document, 'product_tree'))
  for (const [index, value] of optionalList(document, 'vulnerabilities').entries()) {
    into.attempt(`vulnerability ${index + 1}`, () => {
      for (const statement of readVulnerability(fieldsOf(value, 'vulnerability'), products, into))
        into.add(statement)
    })
  }
  const author = publisher && freeText(member(publisher, 'name'))
  const timestamp = timeOf(tracking && member(tracking, 'current_release_date'))
  return {
    id: optionalIdentifier(tracking && member(tracking, 'id'), '"id"') ?? '',
    ...(author === undefined ? {} : { author }),
    ...(timestamp === undefined ? {} : { timestamp }),
  }
}

function readVulnerability(
  fields: Fields,
  products: CsafProducts,
  into: StatementCollector,
): readonly VexStatement[] {
  const names = namesOf(fields)
  const status = optionalFields(fields, 'product_status')
  if (status === undefined) return []
  const facts = new ProductFacts(fields, products)
  const statements = new Map<string, VexStatement & { readonly products: VexProduct[] }>()
  for (const [list, stated] of lists) {
    for (const id of identifiers(status, list)) {
      into.attempt(names.vulnerability, () => {
        const resolved = products.resolve(id)
        const about = facts.about(id, stated)
        const key = JSON.stringify([stated, about])
        const known = statements.get(key)
        if (known === undefined)
          statements.set(key, { ...names, ...about, status: stated, products: [...resolved] })
        else known.products.push(...resolved)
      })
    }
  }
  return [...statements.values()]
}

function namesOf(fields: Fields): Pick<VexStatement, 'vulnerability' | 'aliases'> {
  const ids = [
    optionalIdentifier(member(fields, 'cve'), '"cve"'),
    ...optionalObjects(fields, 'ids').map((id) => optionalIdentifier(member(id, 'text'), '"text"')),
  ].filter((id) => id !== undefined)
  const [vulnerability, ...aliases] = [...new Set(ids)]
  if (vulnerability === undefined) throw new Unusable('it has no id')
  return { vulnerability, aliases }
}

/** What flags, threats and remediations add to a product's status. */
class ProductFacts {
  readonly #flags = new Map<string, { readonly justification: VexJustification; readonly date?: string }>()
  readonly #impacts = new Map<string, string>()
  readonly #actions = new Map<string, string>()

  constructor(vulnerability: Fields, products: CsafProducts) {
    const of = (fields: Fields) => [
      ...identifiers(fields, 'product_ids'),
      ...identifiers(fields, 'group_ids').flatMap((group) => products.group(group)),
    ]
    for (const flag of optionalObjects(vulnerability, 'flags')) {
      const justification = justifications.find((each) => each === member(flag, 'label'))
      const date = timeOf(member(flag, 'date'))
      if (justification === undefined) continue
      for (const id of of(flag))
        this.#flags.set(id, { justification, ...(date === undefined ? {} : { date }) })
    }
    for (const threat of optionalObjects(vulnerability, 'threats')) {
      const text = freeText(member(threat, 'details'))
      if (member(threat, 'category') !== 'impact' || text === undefined) continue
      for (const id of of(threat)) this.#impacts.set(id, text)
    }
    for (const remediation of optionalObjects(vulnerability, 'remediations')) {
      const text = freeText(member(remediation, 'details'))
      if (text !== undefined) for (const id of of(remediation)) this.#actions.set(id, text)
    }
  }

  about(id: string, status: VexStatus): Pick<VexStatement, 'justification' | 'statement' | 'timestamp'> {
    const flag = status === 'not_affected' ? this.#flags.get(id) : undefined
    const statement = status === 'not_affected' ? this.#impacts.get(id) : this.#actions.get(id)
    return {
      ...(flag === undefined ? {} : { justification: flag.justification }),
      ...(statement === undefined ? {} : { statement }),
      ...(flag?.date === undefined ? {} : { timestamp: flag.date }),
    }
  }
}

function optionalFields(fields: Fields, key: string): Fields | undefined {
  const value = member(fields, key)
  return value === undefined || value === null ? undefined : fieldsOf(value, `"${key}"`)
}
