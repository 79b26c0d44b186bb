import { hexOf } from '../../base/digest.ts'
import type { PackageOrigin } from '../../model/package/package.ts'
import type { Sbom, SbomDistribution, SbomFile, SbomPackage } from '../../model/sbom.ts'
import { sourcePurl } from '../describe/package-purl.ts'
import { guessConfidence, guessedProperty, guessTechnique } from '../guessed.ts'
import { describeOrigin } from '../origin.ts'
import { trivyFamily } from '../trivy-family.ts'
import { isSystemPackage, type Property, trivyProperties } from '../trivy-properties.ts'
import { unreachedProperty } from '../unreached.ts'
import { licenceChoice } from './licence.ts'

/** An object of the document; its members are those of the official schema. */
export type CycloneDxComponent = Readonly<Record<string, unknown>>

export function systemReference({ id, version }: SbomDistribution): string {
  return `os:${id}-${version}`
}

export function systemComponent(distribution: SbomDistribution): CycloneDxComponent {
  const { id, version, title, codename } = distribution
  const name = trivyFamily(id)
  // Syft and Grype read the names of os-release(5) from these; needed only where the component has others.
  const own = {
    'syft:distro:id': name === id ? undefined : id,
    'syft:distro:versionID': name === id ? undefined : version,
    'syft:distro:versionCodename': codename,
  }
  const properties = Object.entries(own).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [{ name: key, value }],
  )
  return {
    type: 'operating-system',
    'bom-ref': systemReference(distribution),
    name,
    version,
    ...(title === undefined ? {} : { description: title }),
    ...(properties.length === 0 ? {} : { properties }),
  }
}

export function packageComponent(
  described: SbomPackage,
  context: { readonly sbom: Sbom; readonly reference: string; readonly files: readonly SbomFile[] },
): CycloneDxComponent {
  const { supplier, maintainer, homepage, summary, digest, version } = described
  const { distribution } = context.sbom
  const properties = [
    ...trivyProperties(described, distribution),
    ...originProperties(described.origin),
    ...(described.guessedFrom === undefined ? [] : [{ name: guessedProperty, value: described.guessedFrom }]),
    ...(described.unreached ?? []).map((path) => ({ name: unreachedProperty, value: `/${path}` })),
  ]
  const hashes = [
    ...(described.sha1 === undefined ? [] : [{ alg: 'SHA-1', content: described.sha1 }]),
    ...(digest === undefined ? [] : [{ alg: 'SHA-256', content: hexOf(digest) }]),
  ]
  return {
    type: 'library',
    'bom-ref': context.reference,
    ...(supplier === undefined ? {} : { supplier: { name: supplier } }),
    ...(maintainer === undefined ? {} : { publisher: maintainer }),
    ...nameOf(described),
    ...(version === '' ? {} : { version }),
    ...(summary === undefined ? {} : { description: summary }),
    ...(hashes.length === 0 ? {} : { hashes }),
    ...withEvidence(licenceChoice(described.licence), described),
    purl: described.purl,
    ...(homepage === undefined ? {} : { externalReferences: [{ type: 'website', url: homepage }] }),
    ...pedigree(described, distribution),
    ...(properties.length === 0 ? {} : { properties }),
    ...(context.files.length === 0 ? {} : { components: context.files.map(fileComponent) }),
  }
}

/** CycloneDX has Maven's group in a member of its own, and Trivy takes the name from both. */
function nameOf({ type, name }: SbomPackage): CycloneDxComponent {
  const colon = type === 'maven' ? name.indexOf(':') : -1
  return colon < 0 ? { name } : { group: name.slice(0, colon), name: name.slice(colon + 1) }
}

/** The licences, where the package was found, and what its name was guessed from: all may be evidence. */
function withEvidence(
  licences: CycloneDxComponent,
  { places = [], guessedFrom, purl }: SbomPackage,
): CycloneDxComponent {
  if (places.length === 0 && guessedFrom === undefined) return licences
  const evidence = licences['evidence'] as CycloneDxComponent | undefined
  return {
    ...licences,
    evidence: {
      ...(guessedFrom === undefined ? {} : { identity: [guessedIdentity(purl, guessedFrom)] }),
      ...evidence,
      ...(places.length === 0 ? {} : { occurrences: places.map((path) => ({ location: `/${path}` })) }),
    },
  }
}

function guessedIdentity(purl: string, from: string): CycloneDxComponent {
  return {
    field: 'purl',
    confidence: guessConfidence,
    concludedValue: purl,
    methods: [{ technique: guessTechnique(from), confidence: guessConfidence, value: from }],
  }
}

function pedigree(described: SbomPackage, distribution: SbomDistribution | undefined): CycloneDxComponent {
  const { source, type } = described
  if (source === undefined || distribution === undefined || !isSystemPackage(described)) return {}
  const purl = sourcePurl(source, distribution, { type })
  return { pedigree: { ancestors: [{ type: 'library', ...source, purl }] } }
}

function originProperties(origin: PackageOrigin | undefined): Property[] {
  if (origin === undefined) return []
  const { repository, suite, component, location } = origin
  return Object.entries({ repository, suite, component, location }).map(([name, value]) => ({
    name: `temper:${name}`,
    value,
  }))
}

export function fileComponent(file: SbomFile): CycloneDxComponent {
  const { owner, certificates = [] } = file
  return {
    type: 'file',
    'bom-ref': `file:/${file.path}`,
    name: `/${file.path}`,
    ...(file.origin === 'package' ? {} : { description: describeOrigin(file) }),
    hashes: [
      ...(file.sha1 === undefined ? [] : [{ alg: 'SHA-1', content: file.sha1 }]),
      { alg: 'SHA-256', content: hexOf(file.digest) },
    ],
    properties: [
      { name: 'temper:origin', value: file.origin },
      ...(owner === undefined ? [] : [{ name: 'temper:owner', value: owner }]),
      ...certificates.map((value) => ({ name: 'temper:certificate', value })),
    ],
  }
}
