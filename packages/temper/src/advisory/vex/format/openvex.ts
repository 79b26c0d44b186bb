import { describeJson } from '../../../base/json/parse.ts'
import type {
  VexDocument,
  VexJustification,
  VexProduct,
  VexStatement,
  VexStatus,
} from '../../../model/advisory/vex.ts'
import type { StatementCollector } from '../apply/collector.ts'
import { splitExpiry } from '../author/expiry.ts'
import {
  type Fields,
  fieldsOf,
  freeText,
  identifierOf,
  member,
  optionalIdentifier,
  optionalList,
  timeOf,
  Unusable,
} from './fields.ts'
import { justifications, statuses } from './words.ts'

/** What a document says of itself: all but its statements, format and origin. */
export type DocumentHead = Pick<VexDocument, 'id' | 'author' | 'timestamp'>

/**
 * Reads a document of OpenVEX 0.2.0 (OPENVEX-SPEC.md), and of 0.0.1, where vulnerabilities and products are bare
 * text and subcomponents stand beside the products.
 */
export function readOpenVex(document: Fields, into: StatementCollector): DocumentHead {
  const supplier = freeText(member(document, 'supplier'))
  const author = freeText(member(document, 'author')) ?? supplier
  // The time of the last change counts: it is when the document was true for the last time.
  const timestamp = timeOf(member(document, 'last_updated')) ?? timeOf(member(document, 'timestamp'))
  for (const [index, value] of optionalList(document, 'statements').entries()) {
    into.attempt(`statement ${index + 1}`, () => {
      into.add(readStatement(fieldsOf(value, 'statement')))
    })
  }
  return {
    id: optionalIdentifier(member(document, '@id') ?? member(document, 'id'), '"@id"') ?? '',
    ...(author === undefined ? {} : { author }),
    ...(timestamp === undefined ? {} : { timestamp }),
  }
}

function readStatement(fields: Fields): VexStatement {
  const status = statusOf(member(fields, 'status'))
  const justification = justificationOf(member(fields, 'justification'))
  const timestamp = timeOf(member(fields, 'last_updated')) ?? timeOf(member(fields, 'timestamp'))
  const notes = splitExpiry(freeText(member(fields, 'status_notes')))
  const expires = expiryOf(member(fields, 'expires')) ?? notes.expires
  const texts = [
    freeText(member(fields, 'impact_statement')),
    freeText(member(fields, 'action_statement')),
    notes.text,
  ]
  const statement = [...new Set(texts.filter((text) => text !== undefined))].join('\n')
  return {
    ...readVulnerability(member(fields, 'vulnerability')),
    products: readProducts(fields),
    status,
    ...(justification === undefined || status !== 'not_affected' ? {} : { justification }),
    ...(statement === '' ? {} : { statement }),
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(expires === undefined ? {} : { expires }),
  }
}

/** A statement whose end cannot be read must not hold for ever. */
function expiryOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  const time = timeOf(value)
  if (time === undefined) throw new Unusable(`"expires" is ${describeJson(value)}`)
  return time
}

function readVulnerability(value: unknown): Pick<VexStatement, 'vulnerability' | 'aliases'> {
  if (typeof value === 'string') return { vulnerability: identifierOf(value, 'vulnerability'), aliases: [] }
  const fields = fieldsOf(value, 'vulnerability')
  const id = optionalIdentifier(member(fields, '@id'), 'vulnerability')
  const name = optionalIdentifier(member(fields, 'name'), 'vulnerability') ?? lastSegment(id)
  if (name === undefined) throw new Unusable('the vulnerability has no name')
  const aliases = optionalList(fields, 'aliases').map((alias) => identifierOf(alias, 'alias'))
  return { vulnerability: name, aliases: [...new Set(aliases)].filter((alias) => alias !== name) }
}

/** "https://nvd.nist.gov/vuln/detail/CVE-2023-1": addresses of vulnerabilities end in their id. */
function lastSegment(address: string | undefined): string | undefined {
  return address?.replace(/[/#]+$/, '').replace(/^.*[/#=]/, '') || undefined
}

function readProducts(fields: Fields): readonly VexProduct[] {
  // 0.0.1 has subcomponents beside the products: they are of each of them.
  const shared = optionalList(fields, 'subcomponents').flatMap(identifiersOf)
  const products = optionalList(fields, 'products').flatMap((value): VexProduct[] => {
    const own = typeof value === 'string' ? [] : optionalList(fieldsOf(value, 'product'), 'subcomponents')
    const subcomponents = [...new Set([...own.flatMap(identifiersOf), ...shared])]
    const digests = typeof value === 'string' ? [] : digestsOf(fieldsOf(value, 'product'))
    const names = identifiersOf(value).filter((id) => !digests.includes(id))
    const [first = digests[0] ?? '', ...others] = names
    return [
      { id: first, ...(digests.length === 0 ? {} : { digests }), subcomponents },
      ...others.map((id) => ({ id, subcomponents })),
    ]
  })
  if (products.length === 0 && shared.length > 0) throw new Unusable('it names subcomponents but no product')
  return products
}

/** Everything that identifies a component: its IRI, purl and CPEs, digests as "sha256:…". */
function identifiersOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [identifierOf(value, 'product')]
  const fields = fieldsOf(value, 'product')
  const id = optionalIdentifier(member(fields, '@id'), '"@id"')
  const identifiers = member(fields, 'identifiers')
  const named =
    identifiers === undefined || identifiers === null
      ? []
      : Object.values(fieldsOf(identifiers, 'identifiers')).map((text) => identifierOf(text, 'identifier'))
  const all = [...(id === undefined ? [] : [id]), ...named, ...digestsOf(fields)]
  if (all.length === 0) throw new Unusable('a product is not identified')
  return [...new Set(all)]
}

const algorithms: Readonly<Record<string, RegExp>> = {
  'sha-256': /^[0-9a-f]{64}$/,
  'sha-384': /^[0-9a-f]{96}$/,
  'sha-512': /^[0-9a-f]{128}$/,
}

/** Weaker digests than SHA-256 identify nothing. */
function digestsOf(fields: Fields): readonly string[] {
  const hashes = member(fields, 'hashes')
  if (hashes === undefined || hashes === null) return []
  const known = fieldsOf(hashes, 'hashes')
  return Object.entries(algorithms).flatMap(([name, pattern]) => {
    const plain = name.replace('-', '')
    const text = optionalIdentifier(member(known, name) ?? member(known, plain), 'hash')
      ?.replace(/^sha(256|384|512):/, '')
      .toLowerCase()
    return text !== undefined && pattern.test(text) ? [`${plain}:${text}`] : []
  })
}

function statusOf(value: unknown): VexStatus {
  const match = statuses.find((status) => status === value)
  if (match === undefined) throw new Unusable(`the status is ${describeJson(value)}`)
  return match
}

function justificationOf(value: unknown): VexJustification | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const justification = justifications.find((each) => each === value)
  if (justification === undefined) throw new Unusable(`the justification is ${describeJson(value)}`)
  return justification
}
