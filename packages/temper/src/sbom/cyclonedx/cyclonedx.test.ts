import { describe, expect, test } from 'vitest'
import { hexOf, sha256 } from '../../base/digest.ts'
import { describeContents } from '../describe/describe.ts'
import { sampleInput, samplePackage } from '../fixtures/sample.ts'
import { trivyProperties } from '../trivy-properties.ts'
import { writeCycloneDx } from './cyclonedx.ts'
import { licenceChoice } from './licence.ts'

interface Component {
  readonly type: string
  readonly name: string
  readonly 'bom-ref': string
  readonly components?: readonly Component[]
  readonly [member: string]: unknown
}
interface CycloneDx {
  readonly serialNumber: string
  readonly metadata: { readonly component: Component }
  readonly components: readonly Component[]
  readonly dependencies: readonly { ref: string; dependsOn: string[] }[]
}
const read = (text: string): CycloneDx => JSON.parse(text)
const sbom = describeContents(sampleInput())
const bom = read(writeCycloneDx(sbom))
const named = (name: string) => bom.components.find((component) => component.name === name)

function* all(components: readonly Component[]): Generator<Component> {
  for (const component of components) {
    yield component
    yield* all(component.components ?? [])
  }
}

test('the document follows from the image alone', () => {
  expect(writeCycloneDx(describeContents(sampleInput()))).toBe(writeCycloneDx(sbom))
  const other = { ...sbom, subject: { ...sbom.subject, digest: sha256('other') } }
  expect(read(writeCycloneDx(other)).serialNumber).not.toBe(bom.serialNumber)
  expect(bom.metadata).toMatchObject({
    timestamp: '2026-01-02T03:04:05Z',
    component: { type: 'container', name: 'sample', purl: `pkg:oci/sample@${sha256('manifest')}?arch=amd64` },
  })
})

test('references are unique, and every one that is named is there', () => {
  const references = [bom.metadata.component, ...all(bom.components)].map((each) => each['bom-ref'])
  expect(new Set(references).size).toBe(references.length)
  const used = bom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn])
  expect(used.filter((reference) => !references.includes(reference))).toEqual([])
})

test('every file is there once, inside its package or beside the packages', () => {
  const files = [...all(bom.components)].filter(({ type }) => type === 'file')
  expect(files.map(({ name }) => name).sort()).toEqual(sbom.files.map(({ path }) => `/${path}`).sort())
  expect(named('tool')?.components?.map(({ name }) => name)).toEqual([
    '/usr/bin/alias',
    '/usr/bin/tool',
    '/var/lib/dpkg/status.d/tool',
  ])
  expect(named('/etc/passwd')).toMatchObject({
    description: expect.stringContaining('while the image was assembled'),
    hashes: [{ alg: 'SHA-1' }, { alg: 'SHA-256', content: hexOf(sha256('etc/passwd')) }],
    properties: [{ name: 'temper:origin', value: 'effect' }],
  })
})

test('packages are described with all that is known', () => {
  expect(named('tool')).toMatchObject({
    type: 'library',
    supplier: { name: 'Debian' },
    publisher: 'Tool Team <team@example.org>',
    version: '1:2.0-3+b1',
    hashes: [{ alg: 'SHA-256', content: hexOf(sha256('tool')) }],
    licenses: [{ expression: 'MIT AND LicenseRef-x', acknowledgement: 'declared' }],
    evidence: { licenses: [{ license: { name: 'LicenseRef-x', text: { content: 'Be kind.' } } }] },
    pedigree: {
      ancestors: [{ name: 'tool', purl: 'pkg:deb/debian/tool@1:2.0-3?arch=source&distro=debian-13' }],
    },
  })
})

test('the image depends on its distribution, that on all packages, they on each other', () => {
  const [library, tool] = sbom.packages.map(({ purl }) => purl)
  expect(bom.dependencies).toEqual([
    { ref: bom.metadata.component['bom-ref'], dependsOn: ['os:debian-13'] },
    { ref: 'os:debian-13', dependsOn: [library, tool] },
    { ref: library, dependsOn: [] },
    { ref: tool, dependsOn: [library] },
  ])
})

describe('licences', () => {
  test('on the list are an expression alone', () => {
    expect(licenceChoice({ expression: 'MIT OR ISC', texts: {} })).toEqual({
      licenses: [{ expression: 'MIT OR ISC', acknowledgement: 'declared' }],
    })
  })

  test('told as a whole text are that text', () => {
    expect(licenceChoice({ expression: 'LicenseRef-a', texts: { 'LicenseRef-a': 'All of it.' } })).toEqual({
      licenses: [
        { license: { name: 'LicenseRef-a', text: { contentType: 'text/plain', content: 'All of it.' } } },
      ],
    })
  })

  test('that are not told are left out', () => {
    expect(licenceChoice(undefined)).toEqual({})
  })
})

test.each([
  ['1:2.0-3', { SrcEpoch: '1', SrcVersion: '2.0', SrcRelease: '3' }],
  ['2.0-rc1-3', { SrcVersion: '2.0-rc1', SrcRelease: '3' }],
  ['20250419', { SrcVersion: '20250419' }],
])('for Trivy the source version %s is %j', (version, expected) => {
  const { package: described } = samplePackage('tool', { source: { name: 'origin', version } })
  const properties = trivyProperties({ ...described, type: 'deb' }, sbom.distribution).map(
    ({ name, value }) => [name.replace('aquasecurity:trivy:', ''), value],
  )
  expect(Object.fromEntries(properties)).toEqual({
    PkgID: 'tool@1.0-1',
    PkgType: 'debian',
    SrcName: 'origin',
    ...expected,
  })
})
