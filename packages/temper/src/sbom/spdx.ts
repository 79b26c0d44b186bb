import { createHash } from 'node:crypto'
import { basename } from 'node:path/posix'
import { hexOf } from '../base/digest.ts'
import { printableJson } from '../base/printable.ts'
import type { Sbom, SbomFile, SbomPackage, SbomSubject } from '../model/sbom.ts'
import { documentUuid, imagePurl } from './identity.ts'
import { spdxFile, spdxFileId } from './spdx-file.ts'

/** An object of the document; its members are those of the official schema. */
type SpdxObject = Readonly<Record<string, unknown>>

const imageId = 'SPDXRef-ContainerImage'

/**
 * Writes a bill of materials as SPDX 2.3 JSON. Two conventions beyond the specification make scanners see the
 * packages that are there and no others:
 * - Trivy takes source packages from `sourceInfo` ("built package from: NAME VERSION") and the distribution from an
 *   element whose id starts with "OperatingSystem" (aquasecurity/trivy, pkg/sbom/spdx/unmarshal.go).
 * - Syft and Grype leave out elements that others are GENERATED_FROM, here source packages and the
 *   distribution (anchore/syft, spdxhelpers/to_syft_model.go).
 */
export function writeSpdx(sbom: Sbom): string {
  const { subject, generator } = sbom
  const document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: subject.name,
    documentNamespace: `https://spdx.org/spdxdocs/${encodeURIComponent(subject.name)}-${documentUuid(subject, 'spdx')}`,
    creationInfo: { created: subject.created, creators: [`Tool: ${generator.name}-${generator.version}`] },
    packages: packagesOf(sbom),
    files: sbom.files.map(spdxFile),
    hasExtractedLicensingInfos: licenceTexts(sbom.packages),
    relationships: [...relationshipsOf(sbom)],
  }
  // Strings in it cannot steer a terminal: it can be printed as it is.
  return `${printableJson(document)}\n`
}

function packagesOf(sbom: Sbom): SpdxObject[] {
  const owned = Map.groupBy(sbom.files, (file) => file.owner)
  const { id, version, title } = sbom.distribution
  const sources = new Map(sbom.packages.map(({ source }) => [sourceId(source), source]))
  return [
    imagePackage(sbom.subject, owned.get(undefined) ?? []),
    { SPDXID: systemId(sbom), name: id, versionInfo: version, summary: title, ...unknownPlace },
    ...sbom.packages.map((found) => binaryPackage(found, owned.get(found.name) ?? [])),
    ...[...sources].sort(byKey).map(([SPDXID, source]) => ({
      SPDXID,
      name: source.name,
      versionInfo: source.version,
      primaryPackagePurpose: 'SOURCE',
      ...unknownPlace,
    })),
  ]
}

/** Where things can be downloaded differs from mirror to mirror; digests say what they are. */
const unknownPlace = { downloadLocation: 'NOASSERTION', filesAnalyzed: false }

function imagePackage(subject: SbomSubject, files: readonly SbomFile[]): SpdxObject {
  return {
    SPDXID: imageId,
    name: subject.name,
    versionInfo: subject.digest,
    primaryPackagePurpose: 'CONTAINER',
    downloadLocation: 'NOASSERTION',
    ...analysis(files),
    checksums: [{ algorithm: 'SHA256', checksumValue: hexOf(subject.digest) }],
    externalRefs: [purlReference(imagePurl(subject))],
  }
}

function binaryPackage(found: SbomPackage, files: readonly SbomFile[]): SpdxObject {
  const { origin, source, supplier, maintainer } = found
  return {
    SPDXID: packageId(found.name),
    name: found.name,
    versionInfo: found.version,
    packageFileName: basename(origin.location),
    supplier: supplier === undefined ? 'NOASSERTION' : `Organization: ${supplier}`,
    ...(maintainer === undefined ? {} : { originator: `Organization: ${agent(maintainer)}` }),
    downloadLocation: 'NOASSERTION',
    ...analysis(files),
    checksums: [{ algorithm: 'SHA256', checksumValue: hexOf(found.digest) }],
    ...(found.homepage === undefined ? {} : { homepage: found.homepage }),
    sourceInfo: `built package from: ${source.name} ${source.version}`,
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: found.licence?.expression ?? 'NOASSERTION',
    copyrightText: 'NOASSERTION',
    ...(found.summary === undefined ? {} : { summary: found.summary }),
    comment: `Repository ${origin.repository}, suite ${origin.suite}, component ${origin.component}: ${origin.location}`,
    externalRefs: [purlReference(found.purl)],
  }
}

/** "Name <address>" as SPDX writes agents: "Name (address)" (SPDX 2.3, 7.5). */
function agent(maintainer: string): string {
  return maintainer.replace(/\s*<([^<>]*)>\s*$/, ' ($1)')
}

/** A package whose files are in the document has a code over them (SPDX 2.3, 7.9). */
function analysis(files: readonly SbomFile[]): SpdxObject {
  if (files.length === 0) return { filesAnalyzed: false }
  const sums = files.map((file) => file.sha1).sort()
  const packageVerificationCodeValue = createHash('sha1').update(sums.join('')).digest('hex')
  return { filesAnalyzed: true, packageVerificationCode: { packageVerificationCodeValue } }
}

function purlReference(purl: string): SpdxObject {
  return { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }
}

function licenceTexts(packages: readonly SbomPackage[]): SpdxObject[] {
  const texts = new Map(packages.flatMap(({ licence }) => Object.entries(licence?.texts ?? {})))
  return [...texts].sort(byKey).map(([licenseId, extractedText]) => ({ licenseId, extractedText }))
}

function* relationshipsOf(sbom: Sbom): Generator<SpdxObject> {
  yield relationship('SPDXRef-DOCUMENT', 'DESCRIBES', imageId)
  yield relationship(imageId, 'CONTAINS', systemId(sbom))
  for (const found of sbom.packages) {
    const id = packageId(found.name)
    yield relationship(imageId, 'CONTAINS', id)
    yield relationship(id, 'GENERATED_FROM', sourceId(found.source))
    for (const name of found.dependsOn) yield relationship(id, 'DEPENDS_ON', packageId(name))
  }
  for (const file of sbom.files) {
    const owner = file.owner === undefined ? imageId : packageId(file.owner)
    yield relationship(owner, 'CONTAINS', spdxFileId(file))
    if (file.origin === 'effect') yield relationship(spdxFileId(file), 'GENERATED_FROM', systemId(sbom))
  }
}

function relationship(from: string, relationshipType: string, to: string): SpdxObject {
  return { spdxElementId: from, relationshipType, relatedSpdxElement: to }
}

function packageId(name: string): string {
  return `SPDXRef-Package-${identifier(name)}`
}

function sourceId({ name, version }: SbomPackage['source']): string {
  return `SPDXRef-Source-${identifier(`${name}@${version}`)}`
}

function systemId({ distribution }: Sbom): string {
  return `SPDXRef-OperatingSystem-${identifier(`${distribution.id}-${distribution.version}`)}`
}

/** Identifiers consist of letters, digits, "." and "-": everything else becomes "." and its code in hex. */
function identifier(text: string): string {
  return text.replace(
    /[^A-Za-z0-9.-]/gu,
    (character) => `.${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`,
  )
}

function byKey<T>([a]: readonly [string, T], [b]: readonly [string, T]): number {
  return a < b ? -1 : 1
}
