import { parsePurl } from '../../../formats/purl/purl.ts'
import type { VexJustification, VexProduct, VexStatement, VexStatus } from '../../../model/advisory/vex.ts'
import type { StatementCollector } from '../apply/collector.ts'
import { isImage } from '../apply/image-product.ts'
import {
  type Fields,
  fieldsOf,
  freeText,
  identifierOf,
  member,
  optionalIdentifier,
  optionalList,
  optionalObjects,
  timeOf,
  Unusable,
} from './fields.ts'
import type { DocumentHead } from './openvex.ts'
import { purlInRange } from './purl-range.ts'

/** Impact analysis states (CycloneDX 1.6, vulnerabilities[].analysis.state). */
const states: Readonly<Record<string, VexStatus>> = {
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  exploitable: 'affected',
  in_triage: 'under_investigation',
  false_positive: 'not_affected',
  not_affected: 'not_affected',
}

/** Justifications of CycloneDX by those of OpenVEX; the document's own word stays in the statement's text. */
const justifications: Readonly<Record<string, VexJustification>> = {
  code_not_present: 'vulnerable_code_not_present',
  code_not_reachable: 'vulnerable_code_not_in_execute_path',
  requires_configuration: 'vulnerable_code_cannot_be_controlled_by_adversary',
  requires_dependency: 'component_not_present',
  requires_environment: 'vulnerable_code_cannot_be_controlled_by_adversary',
  protected_by_compiler: 'inline_mitigations_already_exist',
  protected_at_runtime: 'inline_mitigations_already_exist',
  protected_at_perimeter: 'inline_mitigations_already_exist',
  protected_by_mitigating_control: 'inline_mitigations_already_exist',
}

/**
 * Reads the analyses of a CycloneDX bill of materials or VEX (1.4 and later, as JSON members; the caller converts XML
 * to the same form). Vulnerabilities without an analysis state nothing.
 */
export function readCycloneDx(document: Fields, into: StatementCollector): DocumentHead {
  const components = componentsOf(document)
  for (const [index, value] of optionalList(document, 'vulnerabilities').entries()) {
    into.attempt(`vulnerability ${index + 1}`, () => {
      for (const statement of readVulnerability(fieldsOf(value, 'vulnerability'), components, into))
        into.add(statement)
    })
  }
  const metadata = optionalFields(document, 'metadata')
  const author = authorOf(metadata)
  const timestamp = timeOf(metadata && member(metadata, 'timestamp'))
  return {
    id: optionalIdentifier(member(document, 'serialNumber'), '"serialNumber"') ?? '',
    ...(author === undefined ? {} : { author }),
    ...(timestamp === undefined ? {} : { timestamp }),
  }
}

interface Components {
  /** purl by bom-ref. */
  readonly purls: ReadonlyMap<string, string>
  readonly rootRef: string | undefined
  /** The image that everything is part of, if it is one. */
  readonly image: string | undefined
}

function componentsOf(document: Fields): Components {
  const purls = new Map<string, string>()
  const metadata = optionalFields(document, 'metadata')
  const root = metadata && optionalFields(metadata, 'component')
  const open: Fields[] = [...(root === undefined ? [] : [root]), ...optionalObjects(document, 'components')]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const ref = optionalIdentifier(member(next, 'bom-ref'), '"bom-ref"')
    const purl = optionalIdentifier(member(next, 'purl'), '"purl"')
    if (ref !== undefined && purl !== undefined) purls.set(ref, purl)
    open.push(...optionalObjects(next, 'components'))
  }
  const rootPurl = root && optionalIdentifier(member(root, 'purl'), '"purl"')
  const parsed = rootPurl === undefined ? undefined : parsePurl(rootPurl)
  return {
    purls,
    rootRef: root && optionalIdentifier(member(root, 'bom-ref'), '"bom-ref"'),
    image: parsed !== undefined && isImage(parsed) ? rootPurl : undefined,
  }
}

function readVulnerability(
  fields: Fields,
  components: Components,
  into: StatementCollector,
): readonly VexStatement[] {
  const analysis = optionalFields(fields, 'analysis')
  const state = analysis && optionalIdentifier(member(analysis, 'state'), 'state')
  if (analysis === undefined || state === undefined) return []
  const status = Object.hasOwn(states, state) ? states[state] : undefined
  if (status === undefined) throw new Unusable(`the state of the analysis is "${state.slice(0, 60)}"`)
  const common = { ...namesOf(fields), ...wordsOf(analysis, status) }
  const products = new Map<VexStatus, VexProduct[]>()
  for (const affected of optionalObjects(fields, 'affects')) {
    for (const [stated, product] of productsOf(affected, status, { components, into })) {
      const known = products.get(stated)
      if (known === undefined) products.set(stated, [product])
      else known.push(product)
    }
  }
  if (optionalList(fields, 'affects').length === 0) throw new Unusable('it does not say what it affects')
  const { justification, ...rest } = common
  return [...products].map(([stated, named]) => ({
    ...rest,
    ...(stated === 'not_affected' && justification !== undefined ? { justification } : {}),
    status: stated,
    products: named,
  }))
}

function namesOf(fields: Fields): Pick<VexStatement, 'vulnerability' | 'aliases'> {
  const vulnerability = identifierOf(member(fields, 'id'), 'id')
  const aliases = optionalObjects(fields, 'references').flatMap((reference) => {
    const id = optionalIdentifier(member(reference, 'id'), 'id')
    return id === undefined || id === vulnerability ? [] : [id]
  })
  return { vulnerability, aliases: [...new Set(aliases)] }
}

function wordsOf(
  analysis: Fields,
  status: VexStatus,
): Pick<VexStatement, 'justification' | 'statement' | 'timestamp'> {
  const word = optionalIdentifier(member(analysis, 'justification'), 'justification')
  if (word !== undefined && !Object.hasOwn(justifications, word))
    throw new Unusable(`the justification is "${word.slice(0, 60)}"`)
  const justification = word === undefined ? undefined : justifications[word]
  const timestamp = timeOf(member(analysis, 'lastUpdated')) ?? timeOf(member(analysis, 'firstIssued'))
  const response = optionalList(analysis, 'response').filter((each) => typeof each === 'string')
  const texts = [
    freeText(member(analysis, 'detail')),
    word === undefined || status !== 'not_affected' ? undefined : `CycloneDX: ${word}`,
    response.length === 0 ? undefined : `response: ${freeText(response.join(', '))}`,
  ].filter((text) => text !== undefined)
  return {
    ...(justification === undefined ? {} : { justification }),
    ...(texts.length === 0 ? {} : { statement: texts.join('\n') }),
    ...(timestamp === undefined ? {} : { timestamp }),
  }
}

/** What one member of `affects` names, with the status of each of its versions. */
function productsOf(
  affected: Fields,
  status: VexStatus,
  { components, into }: { readonly components: Components; readonly into: StatementCollector },
): readonly (readonly [VexStatus, VexProduct])[] {
  const ref = identifierOf(member(affected, 'ref'), 'ref')
  const id = resolveRef(ref, components)
  const versions = optionalObjects(affected, 'versions')
  if (versions.length === 0) return [[status, productOf(id, ref, components)]]
  return versions.flatMap((entry) => {
    const version = optionalIdentifier(member(entry, 'version'), 'version')
    const range = optionalIdentifier(member(entry, 'range'), 'range')
    const exact = version === undefined ? withRange(id, range ?? '') : withVersion(id, version)
    if (exact === undefined) {
      into.note(
        'vex-range',
        `${ref}: the range of versions "${(range ?? '').slice(0, 100)}" cannot be compared; this part of the statement is not used`,
      )
      return []
    }
    const stated = versionStatus(optionalIdentifier(member(entry, 'status'), 'status'), status)
    return [[stated, productOf(exact, ref, components)] as const]
  })
}

/** A version may be said to be unaffected although the whole is not, and the other way round. */
function versionStatus(word: string | undefined, status: VexStatus): VexStatus {
  if (word === 'unaffected') return status === 'fixed' ? 'fixed' : 'not_affected'
  if (word === 'unknown') return 'under_investigation'
  // "affected" is the default, and means what the analysis says.
  return status
}

/** The package in a range of its versions, as the purl specification writes it; undefined when the range cannot be read. */
function withRange(id: string, range: string): string | undefined {
  const purl = parsePurl(id)
  if (purl === undefined) throw new Unusable(`"${id.slice(0, 100)}" has versions but no package URL`)
  return purlInRange(purl, range)
}

function withVersion(id: string, version: string): string {
  const purl = parsePurl(id)
  if (purl === undefined) throw new Unusable(`"${id.slice(0, 100)}" has versions but no package URL`)
  const [path = ''] = id.split(/[?#]/)
  const named = purl.version === undefined ? path : path.slice(0, path.lastIndexOf('@'))
  return `${named}@${encodeURIComponent(version.toWellFormed())}${id.slice(path.length)}`
}

function productOf(id: string, ref: string, { image, rootRef }: Components): VexProduct {
  // Parts of an image are parts of this image only.
  if (image === undefined || ref === rootRef) return { id, subcomponents: [] }
  return { id: image, subcomponents: [id] }
}

/**
 * A bom-ref of this document, or a BOM-Link: "urn:cdx:SERIAL/VERSION#REF". References are often package URLs
 * themselves.
 */
function resolveRef(ref: string, { purls }: Components): string {
  const own = purls.get(ref)
  if (own !== undefined) return own
  const link = /^urn:cdx:[0-9a-fA-F-]{36}\/[1-9][0-9]{0,9}#(.+)$/s.exec(ref)?.[1]
  if (link === undefined) return ref
  try {
    const decoded = decodeURIComponent(link)
    return purls.get(decoded) ?? (decoded.startsWith('pkg:') ? decoded : ref)
  } catch {
    return ref
  }
}

function authorOf(metadata: Fields | undefined): string | undefined {
  if (metadata === undefined) return undefined
  const [first] = optionalObjects(metadata, 'authors')
  const maker = optionalFields(metadata, 'supplier') ?? optionalFields(metadata, 'manufacturer') ?? first
  return maker && freeText(member(maker, 'name'))
}

function optionalFields(fields: Fields, key: string): Fields | undefined {
  const value = member(fields, key)
  return value === undefined || value === null ? undefined : fieldsOf(value, `"${key}"`)
}
