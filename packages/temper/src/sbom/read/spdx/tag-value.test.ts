import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTagValue } from './tag-value.ts'

const parse = (...lines: readonly string[]) => parseTagValue(lines.join('\n'), 'a.spdx')

describe('SPDX tag-value', () => {
  test('relationships without a colon, as bom once wrote them', () => {
    const { relationships } = parse('SPDXVersion: SPDX-2.2', 'Relationship SPDXRef-a DEPENDS_ON SPDXRef-b ')
    expect(relationships).toEqual([
      { spdxElementId: 'SPDXRef-a', relationshipType: 'DEPENDS_ON', relatedSpdxElement: 'SPDXRef-b' },
    ])
    expect(() => parse('SPDXVersion: SPDX-2.2', 'Relationship of a kind')).toThrow('line 2')
  })

  test('packages, files, and what belongs to which', () => {
    const document = parse(
      'SPDXVersion: SPDX-2.3',
      '# a remark',
      '',
      'SPDXID: SPDXRef-DOCUMENT',
      'DocumentName: web\r',
      'Created: 2026-01-02T03:04:05Z',
      'PackageName: a',
      'SPDXID: SPDXRef-a',
      'PackageVersion: 1.0',
      'ExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1.0',
      'ExternalRef: SECURITY cpe23Type cpe:2.3:a:x:a:1.0:*:*:*:*:*:*:*',
      `PackageChecksum: SHA256: ${'a'.repeat(64)}`,
      'FileName: ./a.js',
      'SPDXID: SPDXRef-file',
      `FileChecksum: SHA1: ${'b'.repeat(40)}`,
      'PackageName: b',
      'SPDXID: SPDXRef-b',
      'Relationship: SPDXRef-a DEPENDS_ON SPDXRef-b',
    )
    expect(document).toEqual({
      spdxVersion: 'SPDX-2.3',
      SPDXID: 'SPDXRef-DOCUMENT',
      name: 'web',
      creationInfo: { created: '2026-01-02T03:04:05Z' },
      packages: [
        {
          name: 'a',
          SPDXID: 'SPDXRef-a',
          versionInfo: '1.0',
          externalRefs: [
            {
              referenceCategory: 'PACKAGE-MANAGER',
              referenceType: 'purl',
              referenceLocator: 'pkg:npm/a@1.0',
            },
            {
              referenceCategory: 'SECURITY',
              referenceType: 'cpe23Type',
              referenceLocator: 'cpe:2.3:a:x:a:1.0:*:*:*:*:*:*:*',
            },
          ],
          checksums: [{ algorithm: 'SHA256', checksumValue: 'a'.repeat(64) }],
        },
        { name: 'b', SPDXID: 'SPDXRef-b' },
      ],
      files: [
        {
          fileName: './a.js',
          SPDXID: 'SPDXRef-file',
          checksums: [{ algorithm: 'SHA1', checksumValue: 'b'.repeat(40) }],
        },
      ],
      relationships: [
        { spdxElementId: 'SPDXRef-a', relationshipType: 'CONTAINS', relatedSpdxElement: 'SPDXRef-file' },
        { spdxElementId: 'SPDXRef-a', relationshipType: 'DEPENDS_ON', relatedSpdxElement: 'SPDXRef-b' },
      ],
    })
  })

  test('texts over several lines, in which a tag is none', () => {
    const { packages } = parse('PackageName: a', 'PackageSummary: <text>one', 'PackageName: no', 'two</text>')
    expect(packages).toEqual([{ name: 'a', summary: 'one\nPackageName: no\ntwo' }])
  })

  test.each(['\r', '\u2028', '\u2029', '\u0085', '\v'])('a line does not end at %j', (sign) => {
    const { packages } = parse(
      `PackageName: a${sign}b`,
      `PackageSummary: <text>one.${sign} two</text>`,
      `PackageVersion: 1${sign}2`,
    )
    expect(packages).toEqual([{ name: `a${sign}b`, summary: `one.${sign} two`, versionInfo: `1${sign}2` }])
  })

  test('the first of several values counts; snippets, licences and annotations are things of their own', () => {
    const { packages } = parse(
      'PackageName: a',
      'PackageVersion: 1',
      'PackageVersion: 2',
      'LicenseID: LicenseRef-1',
      'SPDXID: SPDXRef-none',
      'Annotator: Tool: x',
      'SPDXID: SPDXRef-none-either',
    )
    expect(packages).toEqual([{ name: 'a', versionInfo: '1' }])
  })

  test.each([
    [['SPDXVersion: SPDX-2.3', 'no tag'], /a\.spdx, line 2: expected "Tag: value"/],
    [['PackageSummary: <text>', 'open'], /line 1: <text> has no end/],
  ])('%j is refused with its line', (lines, message) => {
    expect(() => parse(...lines)).toThrow(message)
  })

  test('whatever it is, it is read or refused as no document', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'PackageName: a',
        'FileName: b',
        'SPDXID: c',
        'Relationship: x',
        '<text>',
        '</text>',
        '',
      ),
      fc.string({ maxLength: 30 }),
    )
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        try {
          expect(parse(...lines)).toHaveProperty('packages')
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-sbom' })
        }
      }),
    )
  })
})
