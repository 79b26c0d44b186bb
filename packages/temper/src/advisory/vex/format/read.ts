import { tryUtf8 } from '../../../base/bytes.ts'
import { TemperError } from '../../../base/error.ts'
import { describeJson, parseJson } from '../../../base/json/parse.ts'
import { printableLine } from '../../../base/printable.ts'
import type { VexDocument } from '../../../model/advisory/vex.ts'
import type { InventoryNote } from '../../../model/inventory.ts'
import { StatementCollector } from '../apply/collector.ts'
import { readCsaf } from './csaf.ts'
import { readCycloneDx } from './cyclonedx.ts'
import { type Fields, fieldsOf, member, Unusable } from './fields.ts'
import { vexLimits } from './limits.ts'
import { type DocumentHead, readOpenVex } from './openvex.ts'

export interface ReadVex {
  readonly document: VexDocument
  /** Notes about unusable statements, with the reason. */
  readonly notes: readonly InventoryNote[]
}

export interface ReadVexOptions {
  /** Where it was read: shown with every statement of it. */
  readonly origin: string
  /** Who signed the document, if anybody did; this takes precedence over what the document says. */
  readonly signer?: string
}

/**
 * Reads a VEX document, whichever of OpenVEX, CycloneDX and CSAF it is (JSON), also as the predicate of an in-toto
 * statement. Single unusable statements are noted. Errors: `bad-vex` when it is not a VEX document, `limit-exceeded`
 * when it is too large or deep.
 */
export function readVex(bytes: Uint8Array, options: ReadVexOptions): ReadVex {
  const { origin } = options
  if (bytes.length > vexLimits.bytes)
    throw new TemperError('limit-exceeded', `${origin}: larger than the limit of ${vexLimits.bytes} bytes`)
  const text = tryUtf8(bytes)?.replace(/^\uFEFF/, '')
  const refuse = (found: string) => badVex(origin, 'JSON', found)
  return readVexValue(parseJson(text ?? bytes, { where: origin, depth: vexLimits.depth, refuse }), options)
}

/** The same of a document that is parsed already, as the predicates of statements are. */
export function readVexValue(value: unknown, options: ReadVexOptions): ReadVex {
  const { origin, signer } = options
  try {
    const fields = unwrap(fieldsOf(value, 'the document'))
    const known = formatOf(fields)
    if (known === undefined) throw badVex(origin, 'OpenVEX, CycloneDX or CSAF', describeJson(value))
    const into = new StatementCollector(origin)
    const { author: stated, ...head } = known.read(fields, into)
    const author = signer ?? stated
    return {
      document: {
        ...head,
        format: known.format,
        ...(author === undefined ? {} : { author: printableLine(author) }),
        origin,
        statements: into.statements,
      },
      notes: into.notes(),
    }
  } catch (error) {
    // Of the head of the document: without it nothing counts.
    if (error instanceof Unusable) throw new TemperError('bad-vex', `${origin}: ${error.message}`)
    throw error
  }
}

interface Format {
  readonly format: VexDocument['format']
  readonly read: (document: Fields, into: StatementCollector) => DocumentHead
}

function formatOf(fields: Fields): Format | undefined {
  const context = member(fields, '@context')
  const contexts = Array.isArray(context) ? context : [context]
  if (contexts.some((each) => typeof each === 'string' && /^https:\/\/openvex\.dev\/ns\b/.test(each)))
    return { format: 'openvex', read: readOpenVex }
  if (member(fields, 'bomFormat') === 'CycloneDX') return { format: 'cyclonedx', read: readCycloneDx }
  const head = member(fields, 'document')
  if (head !== null && typeof head === 'object' && Object.hasOwn(head, 'csaf_version'))
    return { format: 'csaf', read: readCsaf }
  return undefined
}

/** An in-toto statement carries the document as its predicate. */
function unwrap(fields: Fields): Fields {
  const type = member(fields, '_type')
  if (typeof type !== 'string' || !type.startsWith('https://in-toto.io/Statement/')) return fields
  return fieldsOf(member(fields, 'predicate'), 'predicate')
}

function badVex(origin: string, expected: string, found: string): TemperError {
  return new TemperError('bad-vex', `${origin}: expected ${expected}, found ${found}`, {
    hint: 'Give a VEX document: OpenVEX, CycloneDX or CSAF, in JSON.',
  })
}
