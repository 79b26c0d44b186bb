import { isDigest } from '../../base/digest.ts'
import { type JsonObject, objectOf } from '../../base/json/value.ts'
import type { Distribution, Inventory } from '../../model/inventory.ts'
import { joinLicences } from './cyclonedx/licence.ts'
import { objectsIn, textOf, textsIn } from './json.ts'
import type { Claim, SourceClaim } from './package/claim.ts'
import { distributionId, ociArchitecture } from './package/distribution.ts'
import { typeOfWord } from './package/ecosystem.ts'
import { Gatherer } from './package/gather.ts'
import { sourceRpm } from './package/source-package.ts'
import type { SbomSubjectClaim } from './subject.ts'

/** Reads Syft's own JSON (anchore/syft, schema/json; major versions 1 to 16). */
export function readSyft(
  document: JsonObject,
  what: string,
): { readonly inventory: Inventory; readonly subject: SbomSubjectClaim } {
  const gatherer = new Gatherer('syft', what)
  const distribution = distroOf(objectOf(document['distro']))
  if (distribution !== undefined) gatherer.distribution = distribution
  const source = objectOf(document['source'])
  // Since schema 9 the details of an image are in "metadata", before that in "target".
  const image = objectOf(source?.['metadata']) ?? objectOf(source?.['target'])
  const architecture = textOf(image?.['architecture'])
  if (architecture !== undefined) gatherer.architecture = ociArchitecture(architecture) ?? architecture
  for (const artifact of objectsIn(document['artifacts'])) artifactOf(artifact, gatherer)
  for (const file of objectsIn(document['files'])) fileOf(file, gatherer)
  for (const relation of objectsIn(document['artifactRelationships'])) {
    const parent = textOf(relation['parent'])
    const child = textOf(relation['child'])
    if (parent === undefined || child === undefined) continue
    if (relation['type'] === 'dependency-of') gatherer.needs(child, parent)
    if (relation['type'] === 'contains') gatherer.owns(parent, child)
  }
  const digest = textOf(image?.['manifestDigest'])
  const name = textOf(source?.['name']) ?? textOf(image?.['userInput'])
  const subject = {
    ...(name === undefined ? {} : { name }),
    ...(digest !== undefined && isDigest(digest) ? { digest } : {}),
    ...(architecture === undefined ? {} : { architecture }),
  }
  return { inventory: gatherer.finish(), subject }
}

function distroOf(distro: JsonObject | undefined): Distribution | undefined {
  const id = textOf(distro?.['id'])
  if (distro === undefined || id === undefined) return undefined
  const codename = textOf(distro['versionCodename'])
  const title = textOf(distro['prettyName'])
  const like = textsIn(distro['idLike'])
  return {
    id: distributionId(id),
    version: textOf(distro['versionID']) ?? '',
    ...(codename === undefined ? {} : { codename }),
    ...(title === undefined ? {} : { title }),
    ...(like.length === 0 ? {} : { like }),
  }
}

function artifactOf(artifact: JsonObject, gatherer: Gatherer): void {
  const metadata = objectOf(artifact['metadata'])
  const ref = textOf(artifact['id'])
  const text = (member: string) => textOf(artifact[member])
  const name = text('name')
  const version = text('version')
  const type = typeOfWord(text('type'))
  const architecture = textOf(metadata?.['architecture'])
  const licence = licencesOf(artifact['licenses'])
  const supplier = textOf(metadata?.['maintainer']) ?? textOf(metadata?.['vendor'])
  const source = sourceOf(metadata)
  const statement = textOf(metadata?.['value'])
  const claim: Claim = {
    ...(ref === undefined ? {} : { ref }),
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    purls: textsIn(artifact['purl']),
    cpes: [
      ...textsIn(artifact['cpes']),
      ...objectsIn(artifact['cpes']).flatMap(({ cpe }) => textOf(cpe) ?? []),
    ],
    ...(type === undefined ? {} : { type }),
    ...(architecture === undefined ? {} : { architecture }),
    ...(statement === undefined ? {} : { statement }),
    ...(licence === undefined ? {} : { licence }),
    ...(supplier === undefined ? {} : { supplier }),
    ...(source === undefined ? {} : { source }),
    paths: objectsIn(artifact['locations']).flatMap(({ path }) => textOf(path) ?? []),
  }
  gatherer.claim(claim)
}

/** Texts until schema 7, objects with an expression or a name since then. */
function licencesOf(value: unknown): string | undefined {
  const objects = objectsIn(value).flatMap(
    (licence) => textOf(licence['spdxExpression']) ?? textOf(licence['value']) ?? [],
  )
  return joinLicences([...new Set([...textsIn(value), ...objects])])
}

/** The members are those of dpkg's, apk's and RPM's metadata. */
function sourceOf(metadata: JsonObject | undefined): SourceClaim | undefined {
  const name = textOf(metadata?.['source']) ?? textOf(metadata?.['originPackage'])
  const version = textOf(metadata?.['sourceVersion'])
  if (name !== undefined) return version === undefined ? { name } : { name, version }
  const rpm = textOf(metadata?.['sourceRpm'])
  return rpm === undefined ? undefined : sourceRpm(rpm)
}

function fileOf(file: JsonObject, gatherer: Gatherer): void {
  const digests = objectsIn(file['digests'])
  // Syft lists folders and links too, and files without digests unless it is told to read them all.
  if (digests.length === 0) return
  const hex = (name: string) =>
    textOf(digests.find(({ algorithm }) => algorithm === name)?.['value'])?.toLowerCase()
  const digest = `sha256:${hex('sha256')}`
  const ref = textOf(file['id'])
  const size = objectOf(file['metadata'])?.['size']
  gatherer.file({
    ...(ref === undefined ? {} : { ref }),
    path: textOf(objectOf(file['location'])?.['path']),
    digest: isDigest(digest) ? digest : undefined,
    sha1: hex('sha1'),
    ...(typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? { size } : {}),
  })
}
