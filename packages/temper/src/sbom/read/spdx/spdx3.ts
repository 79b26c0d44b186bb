import { type JsonObject, objectOf } from '../../../base/json/value.ts'
import { objectsIn, textOf, textsIn } from '../json.ts'

/**
 * Converts SPDX 3.0 JSON-LD to the shape of SPDX 2.3: packages, files and the relationships that are read. Only
 * documents with the official context are understood, where each member has its one name (SPDX 3.0, annex
 * "serialization").
 */
export function fromSpdx3(document: JsonObject): JsonObject {
  const graph = objectsIn(document['@graph'])
  const byId = new Map(
    graph.flatMap((each): [string, JsonObject][] => {
      const id = idOf(each)
      return id === undefined ? [] : [[id, each]]
    }),
  )
  const packages: JsonObject[] = []
  const files: JsonObject[] = []
  const relationships: JsonObject[] = []
  const licences = new Map<string, Record<string, string>>()
  const documentDescribes: string[] = []
  const annotations = new Map<string, JsonObject[]>()
  const annotator = `Tool: ${textOf(graph.find((each) => typeOf(each) === 'SoftwareAgent')?.['name'])}`
  for (const each of graph) {
    const type = typeOf(each)
    if (type === 'SpdxDocument' || type === 'software_Sbom')
      documentDescribes.push(...textsIn(each['rootElement']))
    else if (type === 'Relationship' || type === 'LifecycleScopedRelationship')
      relate(each, { byId, relationships, licences })
  }
  for (const each of graph) {
    if (typeOf(each) !== 'Annotation') continue
    const subject = textOf(each['subject']) ?? ''
    const remark = { annotator, comment: each['statement'] }
    const known = annotations.get(subject)
    if (known === undefined) annotations.set(subject, [remark])
    else known.push(remark)
  }
  for (const each of graph) {
    const type = typeOf(each)
    if (type === 'software_Package')
      packages.push({
        ...packageOf(each, { byId, licences }),
        annotations: annotations.get(idOf(each) ?? ''),
      })
    else if (type === 'software_File') files.push(fileOf(each, byId))
  }
  const about = graph.find((each) => typeOf(each) === 'SpdxDocument')
  return {
    SPDXID: 'SPDXRef-DOCUMENT',
    name: documentName(graph),
    creationInfo: graph.find((each) => typeOf(each) === 'CreationInfo'),
    packages,
    files,
    relationships,
    documentDescribes,
    annotations: annotations.get((about && idOf(about)) ?? ''),
  }
}

function idOf(element: JsonObject): string | undefined {
  return textOf(element['spdxId']) ?? textOf(element['@id'])
}

function typeOf(element: JsonObject): string | undefined {
  return textOf(element['type']) ?? textOf(element['@type'])
}

function documentName(graph: readonly JsonObject[]): string | undefined {
  return textOf(graph.find((each) => typeOf(each) === 'SpdxDocument')?.['name'])
}

const relationTypes: Readonly<Record<string, string>> = {
  contains: 'CONTAINS',
  dependsOn: 'DEPENDS_ON',
  // "from generates to" (SPDX 3.0, Core, RelationshipType).
  generates: 'GENERATES',
}

function relate(
  each: JsonObject,
  into: {
    readonly byId: ReadonlyMap<string, JsonObject>
    readonly relationships: JsonObject[]
    readonly licences: Map<string, Record<string, string>>
  },
): void {
  const type = textOf(each['relationshipType']) ?? ''
  const from = textOf(each['from'])
  if (from === undefined) return
  for (const to of textsIn(each['to'])) {
    if (type === 'hasDeclaredLicense' || type === 'hasConcludedLicense') {
      const expression = textOf(into.byId.get(to)?.['simplelicensing_licenseExpression'])
      const member = type === 'hasDeclaredLicense' ? 'licenseDeclared' : 'licenseConcluded'
      if (expression !== undefined)
        into.licences.set(from, { ...into.licences.get(from), [member]: expression })
    } else if (Object.hasOwn(relationTypes, type))
      into.relationships.push({
        spdxElementId: from,
        relationshipType: relationTypes[type],
        relatedSpdxElement: to,
      })
  }
}

const purposes: Readonly<Record<string, string>> = {
  container: 'CONTAINER',
  operatingSystem: 'OPERATING-SYSTEM',
  source: 'SOURCE',
}

function packageOf(
  each: JsonObject,
  known: {
    readonly byId: ReadonlyMap<string, JsonObject>
    readonly licences: ReadonlyMap<string, Record<string, string>>
  },
): JsonObject {
  const id = idOf(each)
  // Some tools write the plural, which the model does not have.
  const identifiers = ['externalIdentifier', 'externalIdentifiers'].flatMap((member) =>
    resolved(each[member], known.byId).flatMap((identifier) => textOf(identifier['identifier']) ?? []),
  )
  const named = [...textsIn(each['software_packageUrl']), ...identifiers]
  const externalRefs = [...new Set(named)].flatMap(reference)
  const supplier = [...textsIn(each['suppliedBy']), ...textsIn(each['originatedBy'])].flatMap(
    (agent) => textOf(known.byId.get(agent)?.['name']) ?? [],
  )[0]
  const purpose = textOf(each['software_primaryPurpose']) ?? ''
  return {
    SPDXID: id,
    name: each['name'],
    versionInfo: each['software_packageVersion'],
    ...(externalRefs.length === 0 ? {} : { externalRefs }),
    ...(Object.hasOwn(purposes, purpose) ? { primaryPackagePurpose: purposes[purpose] } : {}),
    ...known.licences.get(id ?? ''),
    sourceInfo: each['software_sourceInfo'],
    summary: each['summary'],
    supplier,
    checksums: checksumsOf(each, known.byId),
  }
}

function fileOf(each: JsonObject, byId: ReadonlyMap<string, JsonObject>): JsonObject {
  return { SPDXID: idOf(each), fileName: each['name'], checksums: checksumsOf(each, byId) }
}

/** Whatever the identifier is called: what it is, it says itself. */
function reference(text: string): JsonObject[] {
  if (text.startsWith('pkg:')) return [{ referenceType: 'purl', referenceLocator: text }]
  return text.startsWith('cpe:') ? [{ referenceType: 'cpe23Type', referenceLocator: text }] : []
}

/** Values stand where they are used, or as elements of the graph that are named there. */
function resolved(value: unknown, byId: ReadonlyMap<string, JsonObject>): readonly JsonObject[] {
  const named = textsIn(value).flatMap((id): JsonObject[] => {
    const element = byId.get(id)
    return element === undefined ? [] : [element]
  })
  return [...objectsIn(value), ...named]
}

function checksumsOf(each: JsonObject, byId: ReadonlyMap<string, JsonObject>): JsonObject[] {
  return resolved(each['verifiedUsing'], byId).map((method) => ({
    algorithm: textOf(objectOf(method)?.['algorithm'])?.toUpperCase(),
    checksumValue: method['hashValue'],
  }))
}
