import { createHash } from 'node:crypto'
import { basename } from 'node:path/posix'
import { type Digest, hexOf } from '../../base/digest.ts'
import type { PackageOrigin } from '../../model/package/package.ts'
import type { SbomFile, SbomPackage } from '../../model/sbom.ts'
import { unreachedText } from '../unreached.ts'
import { packageId } from './id.ts'
import type { SpdxObject } from './relationships.ts'

/** One package of the document (SPDX 2.3, clause 7). */
export function binaryPackage(described: SbomPackage, files: readonly SbomFile[]): SpdxObject {
  const { origin, source, supplier, maintainer, version } = described
  return {
    SPDXID: packageId(described.id),
    name: described.name,
    ...(version === '' ? {} : { versionInfo: version }),
    ...(origin === undefined ? {} : { packageFileName: basename(origin.location) }),
    supplier: supplier === undefined ? 'NOASSERTION' : `Organization: ${agent(supplier)}`,
    ...(maintainer === undefined ? {} : { originator: `Organization: ${agent(maintainer)}` }),
    downloadLocation: 'NOASSERTION',
    ...analysis(files),
    ...checksumsOf(described),
    ...(described.homepage === undefined ? {} : { homepage: described.homepage }),
    ...(source === undefined
      ? foundIn(described.places)
      : { sourceInfo: `built package from: ${source.name} ${source.version}` }),
    licenseConcluded: 'NOASSERTION',
    licenseDeclared: described.licence?.expression ?? 'NOASSERTION',
    copyrightText: 'NOASSERTION',
    ...(described.summary === undefined ? {} : { summary: described.summary }),
    ...commentOf(described),
    externalRefs: [purlReference(described.purl)],
  }
}

/** Where it is from, and what is not in the image of it. */
function commentOf({ origin, unreached = [] }: SbomPackage): SpdxObject {
  const lines = [
    ...(origin === undefined ? [] : [`${placeOf(origin)}: ${origin.location}`]),
    ...(unreached.length === 0 ? [] : [unreachedText(unreached)]),
  ]
  return lines.length === 0 ? {} : { comment: lines.join('\n') }
}

function checksumsOf({ digest, sha1 }: SbomPackage): SpdxObject {
  const checksums = [
    ...(sha1 === undefined ? [] : [{ algorithm: 'SHA1', checksumValue: sha1 }]),
    ...(digest === undefined ? [] : [checksum(digest)]),
  ]
  return checksums.length === 0 ? {} : { checksums }
}

/** Where a package was found, in the words of Syft. */
function foundIn(places: readonly string[] = []): SpdxObject {
  if (places.length === 0) return {}
  return {
    sourceInfo: `acquired package info from the following paths: ${places.map((path) => `/${path}`).join(', ')}`,
  }
}

/** "Name <address>" as SPDX writes agents: "Name (address)" (SPDX 2.3, 7.5). */
function agent(text: string): string {
  return text.replace(/\s*<([^<>]*)>\s*$/, ' ($1)')
}

/** A package whose files are in the document has a verification code over their SHA-1 (SPDX 2.3, 7.9). */
export function analysis(files: readonly SbomFile[]): SpdxObject {
  const sums = files.flatMap(({ sha1 }) => sha1 ?? [])
  if (sums.length === 0 || sums.length < files.length) return { filesAnalyzed: false }
  const packageVerificationCodeValue = createHash('sha1').update(sums.sort().join('')).digest('hex')
  return { filesAnalyzed: true, packageVerificationCode: { packageVerificationCodeValue } }
}

export function checksum(digest: Digest): SpdxObject {
  return { algorithm: 'SHA256', checksumValue: hexOf(digest) }
}

export function purlReference(purl: string): SpdxObject {
  return { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }
}

/** Repository, suite and, unless it is a flat repository, component. */
function placeOf({ repository, suite, component }: PackageOrigin): string {
  const place = `Repository ${repository}, suite ${suite}`
  return component === '' ? place : `${place}, component ${component}`
}
