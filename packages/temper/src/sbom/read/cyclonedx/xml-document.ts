import { TemperError } from '../../../base/error.ts'
import type { JsonObject } from '../../../base/json/value.ts'
import { parseXml, type XmlElement } from './xml.ts'

/**
 * Converts CycloneDX XML to the shape of the JSON format, as far as it is read here. The depth limit of the XML
 * bounds it.
 */
export function parseCycloneDxXml(xml: string, what: string): JsonObject {
  const bom = parseXml(xml, what)
  const version = versionOf(bom)
  if (bom.name !== 'bom' || version === undefined) throw notCycloneDx(bom, what)
  const metadata = child(bom, 'metadata')
  const root = metadata && child(metadata, 'component')
  return {
    bomFormat: 'CycloneDX',
    specVersion: version,
    metadata: {
      timestamp: metadata && text(metadata, 'timestamp'),
      ...(root === undefined ? {} : { component: component(root) }),
    },
    components: list(bom, 'components').map(component),
    dependencies: list(bom, 'dependencies').map(({ attributes, children }) => ({
      ref: attributes['ref'],
      dependsOn: children.map((needed) => needed.attributes['ref']),
    })),
  }
}

function notCycloneDx({ name, attributes }: XmlElement, what: string): TemperError {
  const isSpdx = name === 'RDF' || name === 'Document'
  const space = name === 'bom' ? ` of the namespace "${(attributes['xmlns'] ?? '').slice(0, 80)}"` : ''
  return new TemperError(
    'bad-sbom',
    `${what}: expected a CycloneDX <bom>, found <${name.slice(0, 80)}>${space}`,
    {
      hint: isSpdx
        ? 'SPDX is read as JSON, YAML and tag-value: let the tool that wrote it, or the SPDX tools, write one of these.'
        : 'Of XML formats, only CycloneDX is read.',
    },
  )
}

/** The version in the namespace of CycloneDX, among whatever other namespaces in whatever order. */
function versionOf({ attributes }: XmlElement): string | undefined {
  for (const [name, value] of Object.entries(attributes)) {
    const [, version] = /^https?:\/\/cyclonedx\.org\/schema\/bom\/(\d+\.\d+)$/.exec(value.trim()) ?? []
    if (version !== undefined && (name === 'xmlns' || name.startsWith('xmlns:'))) return version
  }
  return undefined
}

function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((each) => each.name === name)
}

/** Of all elements of the name: a second, shorter list does not hide the first. */
function list(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((each) => each.name === name).flatMap(({ children }) => children)
}

function text(element: XmlElement, name: string): string | undefined {
  return child(element, name)?.text
}

function component(element: XmlElement): JsonObject {
  const { attributes } = element
  const supplier = child(element, 'supplier')
  const evidence = child(element, 'evidence')
  return {
    type: attributes['type'],
    'bom-ref': attributes['bom-ref'],
    ...Object.fromEntries(
      ['group', 'name', 'version', 'purl', 'cpe', 'publisher', 'author', 'description'].map((name) => [
        name,
        text(element, name),
      ]),
    ),
    ...(supplier === undefined ? {} : { supplier: { name: text(supplier, 'name') } }),
    licenses: list(element, 'licenses').map((licence) =>
      licence.name === 'expression'
        ? { expression: licence.text }
        : { license: { id: text(licence, 'id'), name: text(licence, 'name') } },
    ),
    hashes: list(element, 'hashes').map((hash) => ({ alg: hash.attributes['alg'], content: hash.text })),
    properties: list(element, 'properties').map((property) => ({
      name: property.attributes['name'],
      value: property.text === '' ? property.attributes['value'] : property.text,
    })),
    components: list(element, 'components').map(component),
    ...(evidence === undefined
      ? {}
      : {
          evidence: {
            occurrences: list(evidence, 'occurrences').map((each) => ({ location: text(each, 'location') })),
            identity: evidence.children
              .filter(({ name }) => name === 'identity')
              .map((each) => ({ field: text(each, 'field'), concludedValue: text(each, 'concludedValue') })),
          },
        }),
  }
}
