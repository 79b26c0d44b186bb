import { describe, expect, test } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import type { Inventory } from '../../model/inventory.ts'
import type { SbomSubject } from '../../model/sbom.ts'
import { writeCycloneDx } from '../cyclonedx/cyclonedx.ts'
import { foreignInventory, foreignSubject } from '../fixtures/foreign-sample.ts'
import { writeSpdx } from '../spdx/spdx.ts'
import { describeInventory } from './inventory.ts'

const generator = { name: 'temper', version: '0.1.0' }
const sbom = describeInventory(foreignInventory(), { generator, subject: foreignSubject })

interface Spdx {
  readonly documentNamespace: string
  readonly packages: readonly { readonly SPDXID: string; readonly [member: string]: unknown }[]
  readonly files: readonly { readonly fileName: string; readonly comment?: string }[]
  readonly relationships: readonly {
    readonly spdxElementId: string
    readonly relationshipType: string
    readonly relatedSpdxElement: string
  }[]
}
interface Component {
  readonly 'bom-ref': string
  readonly name: string
  readonly [member: string]: unknown
}
interface CycloneDx {
  readonly serialNumber: string
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
  readonly compositions?: unknown
}
const spdx: Spdx = JSON.parse(writeSpdx(sbom))
const bom: CycloneDx = JSON.parse(writeCycloneDx(sbom))
const component = (name: string) => bom.components.find((each) => each.name === name)

describe('packages', () => {
  test('have ids that say what they are, apart where several have one name', () => {
    expect(sbom.packages.map(({ id }) => id)).toEqual([
      'deb-libc6',
      'deb-tool',
      expect.stringMatching(/^maven-org\.example:lib-[0-9a-f]{12}$/),
      expect.stringMatching(/^maven-org\.example:lib-[0-9a-f]{12}$/),
      'npm-@scope/x',
    ])
    expect(new Set(sbom.packages.map(({ id }) => id)).size).toBe(5)
  })

  test('need others by their purls, the first of several', () => {
    expect(sbom.packages.find(({ id }) => id === 'deb-tool')?.dependsOn).toEqual(['deb-libc6'])
  })

  test('tell who made them and who hands them out apart', () => {
    const [libc, tool] = sbom.packages
    expect([libc?.maintainer, libc?.supplier]).toEqual(['Libc Team <libc@example.org>', undefined])
    expect([tool?.maintainer, tool?.supplier]).toEqual([undefined, 'Example Inc.'])
  })

  test('tell where they were found: in SPDX by sourceInfo, in CycloneDX as evidence', () => {
    const scoped = spdx.packages.find(({ SPDXID }) => SPDXID === 'SPDXRef-Package-npm-.40scope.2Fx')
    expect(scoped?.['sourceInfo']).toBe('acquired package info from the following paths: /app/package.json')
    expect(component('@scope/x')).toMatchObject({
      evidence: { occurrences: [{ location: '/app/package.json' }] },
      properties: [{ name: 'aquasecurity:trivy:FilePath', value: 'app/package.json' }],
    })
  })

  test('of Maven have their group apart, where Trivy looks for it', () => {
    expect(component('lib')).toMatchObject({ group: 'org.example', purl: 'pkg:maven/org.example/lib@1' })
  })

  test('in two places have two references', () => {
    const references = bom.components.filter(({ name }) => name === 'lib').map((each) => each['bom-ref'])
    expect(references[0]).toBe('pkg:maven/org.example/lib@1')
    expect(references[1]).toMatch(/^pkg:maven\/org\.example\/lib@1#maven-/)
  })

  test('that are of the distribution hang below it, others below the image', () => {
    const [root, system] = bom.dependencies
    expect(system?.ref).toBe('os:rhel-9.4')
    expect(root?.dependsOn[0]).toBe('os:rhel-9.4')
    expect(root?.dependsOn).toHaveLength(4)
    expect(system?.dependsOn).toHaveLength(2)
  })
})

test('the distribution is called as each scanner knows it', () => {
  expect(bom.components[0]).toMatchObject({
    type: 'operating-system',
    name: 'redhat',
    properties: [
      { name: 'syft:distro:id', value: 'rhel' },
      { name: 'syft:distro:versionID', value: '9.4' },
    ],
  })
})

describe('files', () => {
  test('are owned by the package of the distribution first', () => {
    expect(sbom.files.map(({ path, origin, owner }) => [path, origin, owner])).toEqual([
      ['app/package.json', 'package', 'npm-@scope/x'],
      ['etc/hostname', 'unknown', undefined],
      ['usr/bin/tool', 'package', 'deb-tool'],
    ])
  })

  test('that no package owns are the image’s, and said to be so', () => {
    expect(spdx.files.map(({ comment }) => comment)).toEqual([undefined, 'Owned by no package.', undefined])
    expect(spdx.relationships).toContainEqual({
      spdxElementId: 'SPDXRef-ContainerImage',
      relationshipType: 'CONTAINS',
      relatedSpdxElement: `SPDXRef-file-${sha256('etc/hostname').slice(7, 31)}`,
    })
  })
})

test('all that is named is there, once', () => {
  const ids = [...spdx.packages.map(({ SPDXID }) => SPDXID), 'SPDXRef-DOCUMENT']
  const named = spdx.relationships.flatMap((each) => [each.spdxElementId, each.relatedSpdxElement])
  expect(named.filter((id) => !ids.includes(id) && !id.startsWith('SPDXRef-file-'))).toEqual([])
  expect(new Set(ids).size).toBe(ids.length)
})

test('equal contents give equal documents, other contents others', () => {
  const again = describeInventory(foreignInventory(), { generator, subject: foreignSubject })
  expect([writeSpdx(again), writeCycloneDx(again)]).toEqual([writeSpdx(sbom), writeCycloneDx(sbom)])
  const namespaceOf = (subject: SbomSubject, files: Inventory['files'] = []) => {
    const document: Spdx = JSON.parse(
      writeSpdx(describeInventory({ ...foreignInventory(), files }, { generator, subject })),
    )
    return document.documentNamespace
  }
  const image = { ...foreignSubject, digest: sha256('other') }
  expect(namespaceOf(image)).not.toBe(spdx.documentNamespace)
  const folder = { kind: 'directory', name: 'x', created: foreignSubject.created } as const
  expect(namespaceOf(folder)).not.toBe(namespaceOf(folder, foreignInventory().files))
})

test('only what was read without a note is said to be complete', () => {
  expect(bom.compositions).toBeDefined()
  const noted = { ...foreignInventory(), notes: [{ code: 'x', message: 'X.' }] }
  const partial: CycloneDx = JSON.parse(
    writeCycloneDx(describeInventory(noted, { generator, subject: foreignSubject })),
  )
  expect(partial.compositions).toMatchObject([{ aggregate: 'incomplete' }])
})

test('folders and locks are no images', () => {
  const subject = { kind: 'directory', name: '/srv', created: '1970-01-01T00:00:00Z' } as const
  const folder = describeInventory(foreignInventory(), { generator, subject })
  const [root] = (JSON.parse(writeSpdx(folder)) as Spdx).packages
  expect(root).toMatchObject({
    SPDXID: 'SPDXRef-DocumentRoot-Directory',
    primaryPackagePurpose: 'FILE',
    // Syft ends with a fault where there is none.
    supplier: 'NOASSERTION',
  })
  expect(root).not.toHaveProperty('externalRefs')
})
