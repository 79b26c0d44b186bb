import { hexOf } from '../base/digest.ts'
import { printableJson } from '../base/printable.ts'
import type { Sbom, SbomFile, SbomPackage } from '../model/sbom.ts'
import { licenceChoice } from './cyclonedx-licence.ts'
import { documentUuid, imagePurl } from './identity.ts'
import { describeOrigin } from './origin.ts'
import { sourcePurl } from './package-purl.ts'
import { trivyProperties } from './trivy-properties.ts'

/** An object of the document; its members are those of the official schema. */
type Component = Readonly<Record<string, unknown>>

/**
 * Writes a bill of materials as CycloneDX 1.6 JSON. Packages are components of the top level with the properties
 * that Trivy reads; the files of a package are components inside it, all other files stand beside the
 * packages.
 */
export function writeCycloneDx(sbom: Sbom): string {
  const { subject, generator } = sbom
  const image = imagePurl(subject)
  const owned = Map.groupBy(sbom.files, (file) => file.owner)
  const document = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${documentUuid(subject, 'cyclonedx')}`,
    version: 1,
    metadata: {
      timestamp: subject.created,
      lifecycles: [{ phase: 'build' }],
      tools: { components: [{ type: 'application', name: generator.name, version: generator.version }] },
      component: {
        type: 'container',
        'bom-ref': image,
        name: subject.name,
        version: subject.digest,
        purl: image,
      },
    },
    components: [
      systemComponent(sbom),
      ...sbom.packages.map((found) => packageComponent(found, sbom, owned.get(found.name) ?? [])),
      ...(owned.get(undefined) ?? []).map(fileComponent),
    ],
    dependencies: dependenciesOf(sbom, image),
    compositions: [{ aggregate: 'complete', assemblies: [image] }],
  }
  // Strings in it cannot steer a terminal: it can be printed as it is.
  return `${printableJson(document)}\n`
}

function systemComponent({ distribution }: Sbom): Component {
  return {
    type: 'operating-system',
    'bom-ref': systemReference(distribution),
    name: distribution.id,
    version: distribution.version,
    description: distribution.title,
  }
}

function systemReference({ id, version }: Sbom['distribution']): string {
  return `os:${id}-${version}`
}

function packageComponent(found: SbomPackage, { distribution }: Sbom, files: readonly SbomFile[]): Component {
  const { source, origin, supplier, maintainer, homepage, summary } = found
  return {
    type: 'library',
    'bom-ref': found.purl,
    ...(supplier === undefined ? {} : { supplier: { name: supplier } }),
    ...(maintainer === undefined ? {} : { publisher: maintainer }),
    name: found.name,
    version: found.version,
    ...(summary === undefined ? {} : { description: summary }),
    hashes: [{ alg: 'SHA-256', content: hexOf(found.digest) }],
    ...licenceChoice(found.licence),
    purl: found.purl,
    ...(homepage === undefined ? {} : { externalReferences: [{ type: 'website', url: homepage }] }),
    pedigree: {
      ancestors: [{ type: 'library', ...source, purl: sourcePurl(source, distribution) }],
    },
    properties: [
      ...trivyProperties(found, distribution),
      { name: 'temper:repository', value: origin.repository },
      { name: 'temper:suite', value: origin.suite },
      { name: 'temper:component', value: origin.component },
      { name: 'temper:location', value: origin.location },
    ],
    ...(files.length === 0 ? {} : { components: files.map(fileComponent) }),
  }
}

function fileComponent(file: SbomFile): Component {
  const { owner, certificates = [] } = file
  return {
    type: 'file',
    'bom-ref': `file:/${file.path}`,
    name: `/${file.path}`,
    ...(file.origin === 'package' ? {} : { description: describeOrigin(file) }),
    hashes: [
      { alg: 'SHA-1', content: file.sha1 },
      { alg: 'SHA-256', content: hexOf(file.digest) },
    ],
    properties: [
      { name: 'temper:origin', value: file.origin },
      ...(owner === undefined ? [] : [{ name: 'temper:owner', value: owner }]),
      ...certificates.map((value) => ({ name: 'temper:certificate', value })),
    ],
  }
}

/** The image needs its distribution, the distribution has the packages: the graph that Trivy walks. */
function dependenciesOf({ distribution, packages }: Sbom, image: string): Component[] {
  const purls = new Map(packages.map(({ name, purl }) => [name, purl]))
  const system = systemReference(distribution)
  return [
    { ref: image, dependsOn: [system] },
    { ref: system, dependsOn: packages.map(({ purl }) => purl) },
    ...packages.map(({ purl, dependsOn }) => ({
      ref: purl,
      dependsOn: dependsOn.flatMap((name) => purls.get(name) ?? []),
    })),
  ]
}
