import { TemperError } from '../../../base/error.ts'
import type { JsonObject } from '../../../base/json/value.ts'

type Element = Record<string, unknown>

/** Tags that begin an element of their own (SPDX 2.3, clauses 7 and 8), with the list that it goes into. */
const beginnings: Readonly<Record<string, 'packages' | 'files' | 'other'>> = {
  PackageName: 'packages',
  FileName: 'files',
  SnippetSPDXID: 'other',
  LicenseID: 'other',
  Reviewer: 'other',
  Annotator: 'other',
}

/** Tags with one value, by the member of JSON that they are. */
const members: Readonly<Record<string, string>> = {
  SPDXVersion: 'spdxVersion',
  DocumentName: 'name',
  SPDXID: 'SPDXID',
  PackageName: 'name',
  PackageVersion: 'versionInfo',
  PackageSupplier: 'supplier',
  PackageOriginator: 'originator',
  PackageSourceInfo: 'sourceInfo',
  PackageSummary: 'summary',
  PackageLicenseConcluded: 'licenseConcluded',
  PackageLicenseDeclared: 'licenseDeclared',
  PrimaryPackagePurpose: 'primaryPackagePurpose',
  FileName: 'fileName',
}

/**
 * Converts SPDX tag-value (SPDX 2.3, annex "tag-value format") to the shape of the JSON format. Files that follow a
 * package belong to it. Throws `bad-sbom` with the line number of anything that is neither tag nor text.
 */
export function parseTagValue(text: string, what: string): JsonObject {
  const document: Element = {}
  const lists = { packages: [] as Element[], files: [] as Element[], other: [] as Element[] }
  const relationships: Element[] = []
  let current = document
  let owner: Element | undefined
  for (const { tag, value } of tagsOf(text, what)) {
    const list = Object.hasOwn(beginnings, tag) ? beginnings[tag] : undefined
    if (list !== undefined) {
      current = {}
      lists[list].push(current)
      if (list === 'packages') owner = current
    }
    const member = Object.hasOwn(members, tag) ? members[tag] : undefined
    if (member !== undefined && current[member] === undefined) current[member] = value
    else if (tag === 'Created') document['creationInfo'] = { created: value }
    else if (tag === 'Relationship') relationships.push(relationship(value))
    else if (tag === 'PackageChecksum' || tag === 'FileChecksum')
      append(current, 'checksums', checksum(value))
    else if (tag === 'ExternalRef') append(current, 'externalRefs', externalReference(value))
    if (tag === 'SPDXID' && owner !== undefined && lists.files.at(-1) === current)
      relationships.push({
        spdxElementId: owner['SPDXID'],
        relationshipType: 'CONTAINS',
        relatedSpdxElement: value,
      })
  }
  return { ...document, packages: lists.packages, files: lists.files, relationships }
}

function append(element: Element, member: string, value: Element): void {
  const list = element[member]
  if (Array.isArray(list)) list.push(value)
  else element[member] = [value]
}

function relationship(value: string): Element {
  const [spdxElementId, relationshipType, relatedSpdxElement] = value.split(/\s+/)
  return { spdxElementId, relationshipType, relatedSpdxElement }
}

function checksum(value: string): Element {
  const [algorithm, checksumValue] = value.split(/:\s*/)
  return { algorithm, checksumValue }
}

function externalReference(value: string): Element {
  const [referenceCategory, referenceType, referenceLocator] = value.split(/\s+/)
  return { referenceCategory, referenceType, referenceLocator }
}

function* tagsOf(text: string, what: string): Generator<{ readonly tag: string; readonly value: string }> {
  const lines = text.split('\n')
  for (let i = 0; i < lines.length; i++) {
    const line = (lines[i] ?? '').trim()
    if (line === '' || line.startsWith('#')) continue
    // Values hold what files hold: a carriage return alone, or a line separator, ends no line.
    // Older versions of Kubernetes' bom write relationships without the colon.
    const [, tag, first = ''] =
      /^([A-Za-z]+):\s*(.*)$/s.exec(line) ?? /^(Relationship)\s+(SPDXRef-.*)$/s.exec(line) ?? []
    if (tag === undefined)
      throw new TemperError('bad-sbom', `${what}, line ${i + 1}: expected "Tag: value" (SPDX tag-value)`)
    if (!first.startsWith('<text>')) {
      yield { tag, value: first }
      continue
    }
    const start = i
    const parts = [first.slice('<text>'.length)]
    while (!(parts.at(-1) ?? '').includes('</text>')) {
      if (++i >= lines.length)
        throw new TemperError('bad-sbom', `${what}, line ${start + 1}: <text> has no end`)
      parts.push(lines[i] ?? '')
    }
    yield { tag, value: parts.join('\n').replace(/<\/text>.*$/s, '') }
  }
}
