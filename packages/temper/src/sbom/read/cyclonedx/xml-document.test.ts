import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TemperError } from '../../../base/error.ts'
import type { JsonObject } from '../../../base/json/value.ts'
import { readCycloneDx } from './cyclonedx.ts'
import { parseCycloneDxXml } from './xml-document.ts'

/** Made-up components in the JSON format, of all that is read. */
interface Component extends JsonObject {
  readonly components?: readonly Component[]
}

const text = fc.stringMatching(/^[A-Za-z0-9&<>"'é.:/@+~-]{1,12}$/)
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`))
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const purl = fc.constantFrom(
  'pkg:npm/left-pad@1.3.0',
  'pkg:deb/debian/zlib1g@1.3?arch=amd64&distro=debian-13',
  'pkg:maven/org.example/lib@2.0',
  'pkg:golang/example.org/m@v1.0.0',
)

const fields = {
  type: fc.constantFrom('library', 'application', 'framework', 'file', 'operating-system', 'container'),
  group: optional(text),
  name: optional(text),
  version: optional(text),
  purl: optional(purl),
  cpe: optional(fc.constant('cpe:2.3:a:example:lib:2.0:*:*:*:*:*:*:*')),
  publisher: optional(text),
  author: optional(text),
  supplier: optional(fc.record({ name: text })),
  licenses: fc.array(
    fc.oneof(
      fc.constantFrom('MIT', 'Apache-2.0').map((id) => ({ license: { id } })),
      text.map((name) => ({ license: { name } })),
      fc.constantFrom('MIT OR Apache-2.0').map((expression) => ({ expression })),
    ),
    { maxLength: 2 },
  ),
  hashes: fc.array(
    fc.oneof(
      hex(64).map((content) => ({ alg: 'SHA-256', content })),
      hex(40).map((content) => ({ alg: 'SHA-1', content })),
    ),
    { maxLength: 2 },
  ),
  properties: fc.array(
    fc.record({
      name: fc.constantFrom(
        'syft:location:0:path',
        'syft:package:type',
        'aquasecurity:trivy:SrcName',
        'other',
      ),
      value: text,
    }),
    { maxLength: 3 },
  ),
  evidence: optional(
    fc.record({
      occurrences: fc.array(fc.record({ location: text }), { maxLength: 2 }),
      identity: fc.array(fc.record({ field: fc.constantFrom('purl', 'name'), concludedValue: purl }), {
        maxLength: 2,
      }),
    }),
  ),
}

/** A list of components, some of them with parts, each with a reference of its own. */
const components: fc.Arbitrary<readonly Component[]> = fc
  .array(fc.tuple(fc.record(fields), fc.array(fc.record(fields), { maxLength: 2 })), { maxLength: 5 })
  .map((all) => {
    let next = 0
    const numbered = (component: object) => withoutAbsent({ 'bom-ref': `ref-${next++}`, ...component })
    return all.map(([own, parts]) => ({ ...numbered(own), components: parts.map(numbered) }))
  })

function withoutAbsent(members: object): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as JsonObject
}

const inXml = (value: string) =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const tag = (
  name: string,
  content: string | undefined,
  attributes: Readonly<Record<string, string>> = {},
) => {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${inXml(value)}"`)
  return content === undefined ? '' : `<${name}${words.join('')}>${content}</${name}>`
}

const listed = (name: string, items: readonly string[]) =>
  items.length === 0 ? '' : tag(name, items.join('\n'))

/** A component as the XML format has it (CycloneDX 1.6, XML schema). */
function componentXml(component: Component): string {
  const each = (member: string) => (component[member] ?? []) as readonly Readonly<Record<string, string>>[]
  const plain = (name: string) =>
    component[name] === undefined ? '' : tag(name, inXml(String(component[name])))
  const { name: supplier } = (component['supplier'] ?? {}) as { readonly name?: string }
  const evidence = component['evidence'] as
    | {
        readonly occurrences: readonly { location: string }[]
        readonly identity: readonly { field: string; concludedValue: string }[]
      }
    | undefined
  const content = [
    supplier === undefined ? '' : tag('supplier', tag('name', inXml(supplier))),
    ...['author', 'publisher', 'group', 'name', 'version'].map(plain),
    listed(
      'hashes',
      each('hashes').map(({ alg = '', content: value = '' }) => tag('hash', value, { alg })),
    ),
    listed(
      'licenses',
      each('licenses').map((choice) => {
        const { id, name } = (choice['license'] ?? {}) as { readonly id?: string; readonly name?: string }
        if (choice['expression'] !== undefined) return tag('expression', inXml(choice['expression']))
        return tag('license', id === undefined ? tag('name', inXml(name ?? '')) : tag('id', id))
      }),
    ),
    ...['cpe', 'purl'].map(plain),
    listed(
      'properties',
      each('properties').map(({ name = '', value = '' }) => tag('property', inXml(value), { name })),
    ),
    listed('components', (component.components ?? []).map(componentXml)),
    evidence === undefined
      ? ''
      : tag(
          'evidence',
          evidence.identity
            .map(({ field, concludedValue }) =>
              tag('identity', tag('field', field) + tag('concludedValue', inXml(concludedValue))),
            )
            .join('') +
            listed(
              'occurrences',
              evidence.occurrences.map(({ location }) => tag('occurrence', tag('location', inXml(location)))),
            ),
        ),
  ]
  return tag('component', content.join(''), {
    type: String(component['type']),
    'bom-ref': String(component['bom-ref']),
  })
}

interface Document {
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

function documentXml({ components: all, dependencies }: Document): string {
  const root = tag('component', tag('name', 'web') + tag('version', '1'), {
    type: 'container',
    'bom-ref': 'root',
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">
  <metadata><timestamp>2026-01-02T03:04:05Z</timestamp>${root}</metadata>
  <components>${all.map(componentXml).join('\n')}</components>
  <dependencies>${dependencies
    .map(({ ref, dependsOn }) =>
      tag('dependency', dependsOn.map((to) => `<dependency ref="${to}"/>`).join(''), { ref }),
    )
    .join('')}</dependencies>
</bom>`
}

function documentJson({ components: all, dependencies }: Document): JsonObject {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: {
      timestamp: '2026-01-02T03:04:05Z',
      component: { type: 'container', 'bom-ref': 'root', name: 'web', version: '1' },
    },
    components: all,
    dependencies,
  } as unknown as JsonObject
}

const reference = fc.nat(8).map((number) => (number === 8 ? 'root' : `ref-${number}`))
const documents: fc.Arbitrary<Document> = fc.record({
  components,
  dependencies: fc.array(fc.record({ ref: reference, dependsOn: fc.array(reference, { maxLength: 3 }) }), {
    maxLength: 3,
  }),
})

describe('CycloneDX in XML', () => {
  it('says what the same says in JSON', () => {
    fc.assert(
      fc.property(documents, (document) => {
        const fromXml = readCycloneDx(parseCycloneDxXml(documentXml(document), 'a.xml'), 'a')
        expect(fromXml).toEqual(readCycloneDx(documentJson(document), 'a'))
      }),
      { numRuns: 200 },
    )
  })

  const bom = (attributes: string, content = '') => `<bom ${attributes}>${content}</bom>`
  const space = 'http://cyclonedx.org/schema/bom/1.4'

  it.each([
    [bom(`xmlns="${space}"`), '1.4'],
    [bom(`xmlns="https://cyclonedx.org/schema/bom/1.2"`), '1.2'],
    [bom(`xmlns:x="http://example.org" xmlns="${space}"`), '1.4'],
    [`<c:bom xmlns:c="${space}"/>`, '1.4'],
    [bom(`xmlns=" ${space} "`), '1.4'],
  ])('%s is of version %s', (xml, version) => {
    expect(parseCycloneDxXml(xml, 'a.xml')).toMatchObject({
      specVersion: version,
      components: [],
      dependencies: [],
    })
  })

  it.each([
    ['', /a\.xml/],
    ['<bom/>', /expected a CycloneDX <bom>, found <bom> of the namespace ""/],
    [bom('xmlns="http://example.org"'), /namespace "http:\/\/example.org"/],
    [`<other xmlns="${space}"/>`, /found <other>/],
    [bom(`xmlns="${space}/evil"`), /expected a CycloneDX/],
    ['<rdf:RDF/>', /found <RDF>/],
    [`<!DOCTYPE bom [<!ENTITY x "y">]>${bom(`xmlns="${space}"`)}`, /document type/],
    [bom(`xmlns="${space}"`, '&unknown;'), /line 1/],
    [bom(`xmlns="${space}"`, '<a>'), /line 1/],
    [`${bom(`xmlns="${space}"`)}<more/>`, /line 1/],
    [bom(`xmlns="${space}"`, '<a>'.repeat(300)), /nested deeper than 200/],
  ])('%s is refused', (xml, message) => {
    expect(() => parseCycloneDxXml(xml, 'a.xml')).toThrow(TemperError)
    expect(() => parseCycloneDxXml(xml, 'a.xml')).toThrow(message)
  })

  it('is read or refused, whatever of it is damaged', () => {
    const [sample] = fc.sample(
      documents.filter(({ components: all }) => all.length > 2),
      { seed: 1, numRuns: 1 },
    )
    const whole = documentXml(sample ?? { components: [], dependencies: [] })
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.nat(20),
        fc.constantFrom('', '<', '>', '&', '"', ']]>', '<!--', '\0'),
        (at, length, instead) => {
          const damaged = whole.slice(0, at) + instead + whole.slice(at + length)
          try {
            readCycloneDx(parseCycloneDxXml(damaged, 'a.xml'), 'a')
          } catch (error) {
            expect(error).toBeInstanceOf(TemperError)
          }
        },
      ),
      { numRuns: 300 },
    )
  })
})
