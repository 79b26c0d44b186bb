import type { Sbom, SbomFile, SbomSubject } from '../../model/sbom.ts'
import { guessedText } from '../guessed.ts'
import { documentUuid, imagePurl } from '../identity.ts'
import { Items, jsonPieces, wholeText } from '../json-pieces.ts'
import { noteText } from '../note-text.ts'
import { trivyFamily } from '../trivy-family.ts'
import { spdxFile } from './file.ts'
import { rootId, sourceId, systemId } from './id.ts'
import { analysis, binaryPackage, checksum, purlReference } from './package.ts'
import { type SpdxObject, spdxRelationships } from './relationships.ts'

/**
 * Writes a bill of materials as SPDX 2.3 JSON. Two conventions beyond the specification make scanners see the
 * packages that are there and no others:
 * - Trivy takes source packages from `sourceInfo` ("built package from: NAME VERSION") and the distribution from an
 *   element whose id starts with "OperatingSystem" (aquasecurity/trivy, pkg/sbom/spdx/unmarshal.go).
 * - Syft and Grype leave out elements that others are GENERATED_FROM, here source packages and the
 *   distribution (anchore/syft, spdxhelpers/to_syft_model.go).
 */
export function writeSpdx(sbom: Sbom): string {
  return wholeText(spdxPieces(sbom))
}

/** The same text in pieces, so that only one piece of the document at a time has to be in memory. */
export function spdxPieces(sbom: Sbom): Iterable<string> {
  const { subject, generator } = sbom
  return jsonPieces([
    ['spdxVersion', 'SPDX-2.3'],
    ['dataLicense', 'CC0-1.0'],
    ['SPDXID', 'SPDXRef-DOCUMENT'],
    ['name', subject.name],
    [
      'documentNamespace',
      `https://spdx.org/spdxdocs/${encodeURIComponent(subject.name.toWellFormed())}-${documentUuid(sbom, 'spdx')}`,
    ],
    [
      'creationInfo',
      { created: subject.created, creators: [`Tool: ${generator.name}-${generator.version}`] },
    ],
    ['annotations', sbom.notes?.map((note) => annotation(noteText(note), sbom))],
    ['packages', new Items(packagesOf(sbom))],
    ['files', new Items(filesOf(sbom))],
    ['hasExtractedLicensingInfos', new Items(licenceTexts(sbom))],
    ['relationships', new Items(spdxRelationships(sbom))],
  ])
}

/** What the reader of the document should know (SPDX 2.3, 12). */
function annotation(comment: string, { generator, subject }: Sbom): SpdxObject {
  return {
    annotationDate: subject.created,
    annotationType: 'OTHER',
    annotator: `Tool: ${generator.name}-${generator.version}`,
    comment,
  }
}

function* packagesOf(sbom: Sbom): Generator<SpdxObject> {
  const owned = Map.groupBy(sbom.files, (file) => file.owner)
  yield rootPackage(sbom.subject, owned.get(undefined) ?? [])
  if (sbom.distribution !== undefined) {
    const { id, version, title } = sbom.distribution
    yield {
      SPDXID: systemId(sbom.distribution),
      name: trivyFamily(id),
      versionInfo: version,
      summary: title,
      ...unknownPlace,
    }
  }
  for (const described of sbom.packages) {
    const { id, guessedFrom } = described
    const annotations =
      guessedFrom === undefined ? {} : { annotations: [annotation(guessedText(guessedFrom), sbom)] }
    yield { ...binaryPackage(described, owned.get(id) ?? []), ...annotations }
  }
  const sources = new Map(
    sbom.packages.flatMap(({ source }) =>
      source === undefined ? [] : [[sourceId(source), source] as const],
    ),
  )
  for (const [SPDXID, source] of [...sources].sort(byKey))
    yield {
      SPDXID,
      name: source.name,
      versionInfo: source.version,
      primaryPackagePurpose: 'SOURCE',
      ...unknownPlace,
    }
}

function* filesOf({ files }: Sbom): Generator<SpdxObject> {
  for (const file of files) yield spdxFile(file)
}

/** Where things can be downloaded differs from mirror to mirror; digests say what they are. */
const unknownPlace = { downloadLocation: 'NOASSERTION', filesAnalyzed: false }

/** What the document describes: an image, or that out of which files or packages were read. */
function rootPackage(subject: SbomSubject, files: readonly SbomFile[]): SpdxObject {
  const purl = imagePurl(subject)
  return {
    SPDXID: rootId(subject),
    name: subject.name,
    versionInfo: subject.digest,
    primaryPackagePurpose: subject.kind === 'directory' ? 'FILE' : 'CONTAINER',
    // Syft ends with a fault where a folder has none.
    ...(subject.kind === 'directory' ? { supplier: 'NOASSERTION' } : {}),
    downloadLocation: 'NOASSERTION',
    ...analysis(files),
    ...(subject.digest === undefined ? {} : { checksums: [checksum(subject.digest)] }),
    ...(purl === undefined ? {} : { externalRefs: [purlReference(purl)] }),
  }
}

function licenceTexts({ packages }: Sbom): SpdxObject[] {
  const texts = new Map(packages.flatMap(({ licence }) => Object.entries(licence?.texts ?? {})))
  return [...texts].sort(byKey).map(([licenseId, extractedText]) => ({ licenseId, extractedText }))
}

function byKey<T>([a]: readonly [string, T], [b]: readonly [string, T]): number {
  return a < b ? -1 : 1
}
