import { hexOf, sha256 } from '../../../base/digest.ts'
import { printable } from '../../../base/printable.ts'
import type { VexProduct, VexStatement } from '../../../model/advisory/vex.ts'
import { joinExpiry } from '../author/expiry.ts'

export interface OpenVexHead {
  readonly author: string
  readonly role?: string
  /** RFC 3339. */
  readonly timestamp: string
  /** What made the document: "temper 1.2.0". */
  readonly tooling?: string
  /** Edition number of a document that is edited; default 1. */
  readonly version?: number
}

/**
 * Writes OpenVEX 0.2.0 (OPENVEX-SPEC.md). The id follows from the content: equal statements give an equal document.
 * Ends with a line break. The schema asks for at least one statement; a document about an image for which there is
 * nothing to state has none nevertheless, so that every image has a document.
 */
export function writeOpenVex(
  head: OpenVexHead,
  statements: readonly VexStatement[],
  options: { readonly indent?: number } = {},
): string {
  const { author, role, timestamp, tooling, version = 1 } = head
  const content = {
    author,
    ...(role === undefined ? {} : { role }),
    timestamp: shortTime(timestamp),
    version,
    ...(tooling === undefined ? {} : { tooling }),
    statements: statements.map(statementJson),
  }
  const id = `https://openvex.dev/docs/public/vex-${hexOf(sha256(JSON.stringify(content)))}`
  const document = { '@context': 'https://openvex.dev/ns/v0.2.0', '@id': id, ...content }
  // Strings in it cannot steer a terminal: it can be printed as it is.
  return `${printable(JSON.stringify(document, null, options.indent))}\n`
}

/** Readers have milliseconds, so that times compare as text; most times have none. */
function shortTime(time: string): string {
  return time.replace(/\.0+Z$/, 'Z')
}

/** One statement as OpenVEX has it. */
export function statementJson(statement: VexStatement): Readonly<Record<string, unknown>> {
  const { vulnerability, aliases, products, status, justification, timestamp, expires } = statement
  return {
    vulnerability: { name: vulnerability, ...(aliases.length === 0 ? {} : { aliases }) },
    ...(timestamp === undefined ? {} : { timestamp: shortTime(timestamp) }),
    ...(products.length === 0 ? {} : { products: products.map(productJson) }),
    status,
    ...(justification === undefined ? {} : { justification }),
    ...textMembers(statement, expires && shortTime(expires)),
  }
}

/**
 * Where the text goes depends on the status: "not_affected" has impact statements, "affected" needs an action
 * statement, and others have notes only.
 */
function textMembers(
  { status, statement, justification }: VexStatement,
  expires: string | undefined,
): Readonly<Record<string, string>> {
  const notes = joinExpiry(undefined, expires)
  if (status === 'not_affected') {
    const needed = justification === undefined ? 'no reason was given' : undefined
    const impact = statement ?? needed
    return {
      ...(impact === undefined ? {} : { impact_statement: impact }),
      ...(notes === undefined ? {} : { status_notes: notes }),
    }
  }
  if (status === 'affected')
    return {
      action_statement: statement ?? 'none known',
      ...(notes === undefined ? {} : { status_notes: notes }),
    }
  const all = joinExpiry(statement, expires)
  return all === undefined ? {} : { status_notes: all }
}

function productJson({ id, digests = [], subcomponents }: VexProduct): Readonly<Record<string, unknown>> {
  const hashes = digests.flatMap((digest) => {
    const [algorithm = '', hex = ''] = digest.split(':')
    return algorithm === 'sha256' ? [['sha-256', hex]] : []
  })
  return {
    '@id': id,
    ...(hashes.length === 0 ? {} : { hashes: Object.fromEntries(hashes) }),
    ...(subcomponents.length === 0 ? {} : { subcomponents: subcomponents.map((each) => ({ '@id': each })) }),
  }
}
