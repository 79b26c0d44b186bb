import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { hexOf, sha256 } from '../../base/digest.ts'
import { describeContents } from '../describe/describe.ts'
import { sampleInput, samplePackage } from '../fixtures/sample.ts'
import { writeSpdx } from './spdx.ts'

interface Element {
  readonly SPDXID: string
  readonly [member: string]: unknown
}
interface SpdxDocument {
  readonly packages: readonly Element[]
  readonly files: readonly Element[]
  readonly hasExtractedLicensingInfos: readonly { licenseId: string; extractedText: string }[]
  readonly relationships: readonly {
    spdxElementId: string
    relationshipType: string
    relatedSpdxElement: string
  }[]
  readonly [member: string]: unknown
}
const read = (text: string): SpdxDocument => JSON.parse(text)
const sbom = describeContents(sampleInput())
const document = read(writeSpdx(sbom))
const byId = (id: string) => document.packages.find(({ SPDXID }) => SPDXID === id)
const related = (type: string) =>
  document.relationships
    .filter(({ relationshipType }) => relationshipType === type)
    .map(({ spdxElementId, relatedSpdxElement }) => [spdxElementId, relatedSpdxElement])

test('the document follows from the image alone', () => {
  expect(writeSpdx(describeContents(sampleInput()))).toBe(writeSpdx(sbom))
  const other = { ...sbom, subject: { ...sbom.subject, digest: sha256('other') } }
  expect(read(writeSpdx(other))['documentNamespace']).not.toBe(document['documentNamespace'])
  expect(document).toMatchObject({
    spdxVersion: 'SPDX-2.3',
    documentNamespace: expect.stringMatching(
      /^https:\/\/spdx\.org\/spdxdocs\/sample-[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    ),
    creationInfo: { created: '2026-01-02T03:04:05Z', creators: ['Tool: temper-0.1.0'] },
  })
})

test('ids are unique, well formed, and every one that is named is there', () => {
  const ids = ['SPDXRef-DOCUMENT', ...[...document.packages, ...document.files].map(({ SPDXID }) => SPDXID)]
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^SPDXRef-[A-Za-z0-9.-]+$/)
  const named = document.relationships.flatMap((each) => [each.spdxElementId, each.relatedSpdxElement])
  expect(named.filter((id) => !ids.includes(id))).toEqual([])
})

describe('packages', () => {
  test('are described with all that is known', () => {
    expect(byId('SPDXRef-Package-tool')).toEqual({
      SPDXID: 'SPDXRef-Package-tool',
      name: 'tool',
      versionInfo: '1:2.0-3+b1',
      packageFileName: 'tool_1:2.0-3+b1.deb',
      supplier: 'Organization: Debian',
      originator: 'Organization: Tool Team (team@example.org)',
      downloadLocation: 'NOASSERTION',
      filesAnalyzed: true,
      packageVerificationCode: { packageVerificationCodeValue: expect.stringMatching(/^[0-9a-f]{40}$/) },
      checksums: [{ algorithm: 'SHA256', checksumValue: hexOf(sha256('tool')) }],
      homepage: 'https://example.org/tool',
      sourceInfo: 'built package from: tool 1:2.0-3',
      licenseConcluded: 'NOASSERTION',
      licenseDeclared: 'MIT AND LicenseRef-x',
      copyrightText: 'NOASSERTION',
      summary: 'does things',
      comment: 'Repository debian, suite trixie, component main: pool/main/tool_1:2.0-3+b1.deb',
      externalRefs: [
        {
          referenceCategory: 'PACKAGE-MANAGER',
          referenceType: 'purl',
          referenceLocator: sbom.packages[1]?.purl,
        },
      ],
    })
  })

  test('have a verification code over their files (SPDX 2.3, 7.9.4)', () => {
    const sums = sbom.files.filter(({ owner }) => owner === 'libtool++').map(({ sha1 }) => sha1)
    expect(byId('SPDXRef-Package-libtool.2B.2B')?.['packageVerificationCode']).toEqual({
      packageVerificationCodeValue: createHash('sha1').update(sums.sort().join('')).digest('hex'),
    })
  })

  test('without files and without licence say so', () => {
    const bare = read(
      writeSpdx(describeContents(sampleInput({ packages: [samplePackage('bare')], nodes: [] }))),
    )
    const described = bare.packages.find(
      ({ name, sourceInfo }) => name === 'bare' && sourceInfo !== undefined,
    )
    expect(described).toMatchObject({ filesAnalyzed: false, licenseDeclared: 'NOASSERTION' })
    expect(described).not.toHaveProperty('packageVerificationCode')
  })

  test('of one source were generated from it; it has no purl that a scanner could take for a package', () => {
    const source = 'SPDXRef-Source-tool.401.3A2.0-3'
    expect(related('GENERATED_FROM')).toEqual(
      expect.arrayContaining([
        ['SPDXRef-Package-tool', source],
        ['SPDXRef-Package-libtool.2B.2B', source],
      ]),
    )
    expect(byId(source)).toMatchObject({ primaryPackagePurpose: 'SOURCE', versionInfo: '1:2.0-3' })
    expect(byId(source)).not.toHaveProperty('externalRefs')
  })

  test('depend on others', () => {
    expect(related('DEPENDS_ON')).toEqual([['SPDXRef-Package-tool', 'SPDXRef-Package-libtool.2B.2B']])
  })

  test('no package of a scanner is the target of GENERATED_FROM: Syft would leave it out', () => {
    const targets = related('GENERATED_FROM').map(([, to]) => to)
    expect(targets.filter((id) => id?.startsWith('SPDXRef-Package-'))).toEqual([])
  })
})

describe('files', () => {
  test('have both digests, and a word about what came out of no package', () => {
    expect(document.files.map(({ fileName }) => fileName)).toEqual(sbom.files.map(({ path }) => `./${path}`))
    const [passwd, , , tool] = document.files
    expect(passwd?.['comment']).toContain('while the image was assembled')
    expect(tool).not.toHaveProperty('comment')
    expect(tool?.['checksums']).toEqual([
      { algorithm: 'SHA1', checksumValue: sbom.files[3]?.sha1 },
      { algorithm: 'SHA256', checksumValue: hexOf(sha256('usr/bin/tool')) },
    ])
  })

  test('each belongs to its package, or to the image', () => {
    const owners = new Map(related('CONTAINS').map(([owner, file]) => [file, owner]))
    expect(document.files.map(({ SPDXID }) => owners.get(SPDXID))).toEqual([
      'SPDXRef-ContainerImage',
      'SPDXRef-ContainerImage',
      'SPDXRef-Package-tool',
      'SPDXRef-Package-tool',
      'SPDXRef-Package-libtool.2B.2B',
      'SPDXRef-Package-tool',
    ])
  })
})

test('texts of licences that SPDX does not list are there once', () => {
  expect(document.hasExtractedLicensingInfos).toEqual([
    { licenseId: 'LicenseRef-x', extractedText: 'Be kind.' },
  ])
})
