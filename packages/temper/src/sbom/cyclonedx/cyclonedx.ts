import type { Sbom } from '../../model/sbom.ts'
import { documentUuid, imagePurl } from '../identity.ts'
import { Items, jsonPieces, wholeText } from '../json-pieces.ts'
import { noteProperty } from '../note-text.ts'
import { type CycloneDxComponent, fileComponent, packageComponent, systemComponent } from './component.ts'
import { dependenciesOf, packageReferences } from './dependencies.ts'

/**
 * Writes a bill of materials as CycloneDX 1.6 JSON. Packages are top-level components with the properties that Trivy
 * reads; the files of a package are components inside it, and all other files are beside the packages.
 */
export function writeCycloneDx(sbom: Sbom): string {
  return wholeText(cycloneDxPieces(sbom))
}

/** The same text in pieces, so that only one piece of the document at a time has to be in memory. */
export function cycloneDxPieces(sbom: Sbom): Iterable<string> {
  const { subject, generator } = sbom
  const purl = imagePurl(subject)
  const root = purl ?? `${subject.kind}:${subject.name}`
  const references = packageReferences(sbom.packages)
  return jsonPieces([
    ['$schema', 'http://cyclonedx.org/schema/bom-1.6.schema.json'],
    ['bomFormat', 'CycloneDX'],
    ['specVersion', '1.6'],
    ['serialNumber', `urn:uuid:${documentUuid(sbom, 'cyclonedx')}`],
    ['version', 1],
    [
      'metadata',
      {
        timestamp: subject.created,
        lifecycles: [{ phase: 'build' }],
        tools: { components: [{ type: 'application', name: generator.name, version: generator.version }] },
        component: {
          type: subject.kind === 'directory' ? 'file' : 'container',
          'bom-ref': root,
          name: subject.name,
          version: subject.digest,
          purl,
        },
        properties: sbom.notes?.map(({ code, message }) => ({
          name: `${noteProperty}${code}`,
          value: message,
        })),
      },
    ],
    // A package holds its files, and may have thousands.
    ['components', new Items(componentsOf(sbom, references), { batch: 4 })],
    ['dependencies', new Items(dependenciesOf(sbom, { root, references }))],
    ['compositions', aggregateOf(sbom, root)],
  ])
}

/** Nothing is claimed where files were not looked at. */
function aggregateOf({ complete, notes }: Sbom, root: string) {
  if (notes !== undefined) return [{ aggregate: 'incomplete', assemblies: [root] }]
  return complete === false ? undefined : [{ aggregate: 'complete', assemblies: [root] }]
}

function* componentsOf(sbom: Sbom, references: ReadonlyMap<string, string>): Generator<CycloneDxComponent> {
  const owned = Map.groupBy(sbom.files, (file) => file.owner)
  if (sbom.distribution !== undefined) yield systemComponent(sbom.distribution)
  for (const described of sbom.packages) {
    const reference = references.get(described.id) ?? described.purl
    yield packageComponent(described, { sbom, reference, files: owned.get(described.id) ?? [] })
  }
  for (const file of owned.get(undefined) ?? []) yield fileComponent(file)
}
