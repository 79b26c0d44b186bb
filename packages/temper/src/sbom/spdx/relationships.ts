import type { Sbom } from '../../model/sbom.ts'
import { isSystemPackage } from '../trivy-properties.ts'
import { spdxFileId } from './file.ts'
import { packageId, rootId, sourceId, systemId } from './id.ts'

/** An object of the document; its members are those of the official schema. */
export type SpdxObject = Readonly<Record<string, unknown>>

/** The relationships of a document: what contains, needs and was generated from what (SPDX 2.3, clause 11). */
export function* spdxRelationships(sbom: Sbom): Generator<SpdxObject> {
  const root = rootId(sbom.subject)
  const system = sbom.distribution === undefined ? undefined : systemId(sbom.distribution)
  yield relationship('SPDXRef-DOCUMENT', 'DESCRIBES', root)
  if (system !== undefined) yield relationship(root, 'CONTAINS', system)
  // Syft takes what nothing but the image was generated from for software; see `writeSpdx`.
  const builder = sbom.files.some(({ origin }) => origin === 'effect') ? undefined : system
  for (const described of sbom.packages) {
    const id = packageId(described.id)
    yield relationship(root, 'CONTAINS', id)
    if (described.source !== undefined) yield relationship(id, 'GENERATED_FROM', sourceId(described.source))
    if (builder !== undefined && isSystemPackage(described)) yield relationship(id, 'GENERATED_FROM', builder)
    for (const needed of described.dependsOn) yield relationship(id, 'DEPENDS_ON', packageId(needed))
  }
  for (const file of sbom.files) {
    const owner = file.owner === undefined ? root : packageId(file.owner)
    yield relationship(owner, 'CONTAINS', spdxFileId(file))
    if (file.origin === 'effect' && system !== undefined)
      yield relationship(spdxFileId(file), 'GENERATED_FROM', system)
  }
}

function relationship(from: string, relationshipType: string, to: string): SpdxObject {
  return { spdxElementId: from, relationshipType, relatedSpdxElement: to }
}
