import { hexOf } from '../../base/digest.ts'
import type { Sbom, SbomFile, SbomPackage } from '../../model/sbom.ts'
import { guessedText } from '../guessed.ts'
import { documentUuid, imagePurl } from '../identity.ts'
import { Items, jsonPieces, wholeText } from '../json-pieces.ts'
import { noteText } from '../note-text.ts'
import { describeOrigin } from '../origin.ts'
import { trivyFamily } from '../trivy-family.ts'
import { unreachedText } from '../unreached.ts'
import { agentsOf, licenceElements } from './agents.ts'
import { type Spdx3Element, Spdx3Ids } from './ids.ts'
import { spdx3Relationships } from './relationships.ts'

/**
 * Writes a bill of materials as SPDX 3.0.1 JSON-LD with the profiles core, software and simpleLicensing: the same
 * contents as in SPDX 2.3, with SHA-1 only where it is known, since it is not required.
 */
export function writeSpdx3(sbom: Sbom): string {
  return wholeText(spdx3Pieces(sbom))
}

/** The same text in pieces, so that only one piece of the document at a time has to be in memory. */
export function spdx3Pieces(sbom: Sbom): Iterable<string> {
  return jsonPieces([
    ['@context', 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld'],
    ['@graph', new Items(elements(sbom))],
  ])
}

function* elements(sbom: Sbom): Generator<Spdx3Element> {
  const { subject, generator } = sbom
  const ids = new Spdx3Ids(
    `https://spdx.org/spdxdocs/${encodeURIComponent(subject.name.toWellFormed())}-${documentUuid(sbom, 'spdx3')}`,
  )
  const agents = agentsOf(sbom, ids)
  yield {
    type: 'CreationInfo',
    '@id': ids.creation,
    specVersion: '3.0.1',
    created: subject.created,
    createdBy: [ids.of('agent', 'temper')],
  }
  yield ids.element('SoftwareAgent', ids.of('agent', 'temper'), {
    name: `${generator.name} ${generator.version}`,
  })
  yield ids.element('SpdxDocument', ids.of('document'), {
    name: subject.name,
    profileConformance: ['core', 'software', 'simpleLicensing'],
    rootElement: [ids.of('sbom')],
  })
  yield ids.element('software_Sbom', ids.of('sbom'), {
    rootElement: [ids.of('root')],
    software_sbomType: [sbom.identity === undefined ? 'build' : 'analyzed'],
  })
  yield rootElement(sbom, ids)
  if (sbom.distribution !== undefined) {
    const { id, version, title } = sbom.distribution
    yield ids.element('software_Package', ids.of('system'), {
      name: trivyFamily(id),
      ...(version === '' ? {} : { software_packageVersion: version }),
      ...(title === undefined ? {} : { summary: title }),
      software_primaryPurpose: 'operatingSystem',
    })
  }
  for (const [index, note] of (sbom.notes ?? []).entries())
    yield ids.element('Annotation', ids.of('note', String(index)), {
      annotationType: 'other',
      subject: ids.of('document'),
      statement: noteText(note),
    })
  yield* agents.elements
  for (const described of sbom.packages) yield* packageElements(described, ids, agents.idOf)
  yield* sourceElements(sbom, ids)
  yield* licenceElements(sbom, ids)
  for (const file of sbom.files) yield fileElement(file, ids)
  yield* spdx3Relationships(sbom, ids)
}

function rootElement({ subject }: Sbom, ids: Spdx3Ids): Spdx3Element {
  const { name, digest, kind } = subject
  const purl = imagePurl(subject)
  return ids.element('software_Package', ids.of('root'), {
    name,
    software_primaryPurpose: kind === 'directory' ? 'other' : 'container',
    ...(digest === undefined
      ? {}
      : { software_packageVersion: digest, verifiedUsing: [hash('sha256', hexOf(digest))] }),
    ...(purl === undefined ? {} : { software_packageUrl: purl }),
  })
}

function* packageElements(
  described: SbomPackage,
  ids: Spdx3Ids,
  agent: (name: string) => string,
): Generator<Spdx3Element> {
  const { id, guessedFrom, unreached = [] } = described
  yield packageElement(described, ids, agent)
  if (unreached.length > 0)
    yield ids.element('Annotation', ids.of('unreached', id), {
      annotationType: 'other',
      subject: ids.of('package', id),
      statement: unreachedText(unreached),
    })
  if (guessedFrom === undefined) return
  yield ids.element('Annotation', ids.of('guess', id), {
    annotationType: 'other',
    subject: ids.of('package', id),
    statement: guessedText(guessedFrom),
  })
}

function packageElement(
  described: SbomPackage,
  ids: Spdx3Ids,
  agent: (name: string) => string,
): Spdx3Element {
  const {
    name,
    version,
    purl,
    digest,
    source,
    places = [],
    supplier,
    maintainer,
    homepage,
    summary,
  } = described
  const sourceInfo =
    source === undefined
      ? places.length === 0
        ? undefined
        : `acquired package info from the following paths: ${places.map((path) => `/${path}`).join(', ')}`
      : `built package from: ${source.name} ${source.version}`
  const hashes = [
    ...(described.sha1 === undefined ? [] : [hash('sha1', described.sha1)]),
    ...(digest === undefined ? [] : [hash('sha256', hexOf(digest))]),
  ]
  return ids.element('software_Package', ids.of('package', described.id), {
    name,
    ...(version === '' ? {} : { software_packageVersion: version }),
    software_packageUrl: purl,
    software_primaryPurpose: 'library',
    ...(sourceInfo === undefined ? {} : { software_sourceInfo: sourceInfo }),
    ...(hashes.length === 0 ? {} : { verifiedUsing: hashes }),
    ...(supplier === undefined ? {} : { suppliedBy: agent(supplier) }),
    ...(maintainer === undefined ? {} : { originatedBy: [agent(maintainer)] }),
    ...(homepage === undefined ? {} : { software_homePage: homepage }),
    ...(summary === undefined ? {} : { summary }),
  })
}

function* sourceElements({ packages }: Sbom, ids: Spdx3Ids): Generator<Spdx3Element> {
  const seen = new Set<string>()
  for (const { source } of packages) {
    if (source === undefined) continue
    const id = ids.source(source)
    if (seen.has(id)) continue
    seen.add(id)
    yield ids.element('software_Package', id, {
      name: source.name,
      software_packageVersion: source.version,
      software_primaryPurpose: 'source',
    })
  }
}

function fileElement(file: SbomFile, ids: Spdx3Ids): Spdx3Element {
  return ids.element('software_File', ids.file(file), {
    name: `./${file.path}`,
    verifiedUsing: [
      ...(file.sha1 === undefined ? [] : [hash('sha1', file.sha1)]),
      hash('sha256', hexOf(file.digest)),
    ],
    ...(file.origin === 'package' ? {} : { comment: describeOrigin(file) }),
  })
}

function hash(algorithm: string, hashValue: string): Readonly<Record<string, unknown>> {
  return { type: 'Hash', algorithm, hashValue }
}
