import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { spdxOfSyft } from './fixtures/sample.ts'
import { readSbom } from './read.ts'

/* Documents that are written in other ways than the usual, and mean the same. */

const read = async (document: unknown) =>
  await readSbom(Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)), {
    what: 'document',
  })
const purls = async (document: unknown) => (await read(document)).inventory.components.map(({ purl }) => purl)

describe('CycloneDX', () => {
  const body =
    '<components><component type="library"><name>a</name><version>1</version><purl>pkg:npm/a@1</purl></component></components>'
  const own = 'http://cyclonedx.org/schema/bom/1.3'
  test.each([
    `<bom xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="1" xmlns="${own}">${body}</bom>`,
    `<bom xmlns:v="http://cyclonedx.org/schema/ext/vulnerability/1.0" xmlns="${own}">${body}</bom>`,
    `<b:bom xmlns:x="urn:x" xmlns:b="${own}">${body.replace(/<(\/?)/g, '<$1b:')}</b:bom>`,
  ])('XML with namespaces in any order: %s', async (text) => {
    expect(await purls(text)).toEqual(['pkg:npm/a@1'])
  })

  test('XML whose attribute only looks like the namespace is none', async () => {
    await expect(read(`<bom xmlns="urn:x" href="${own}">${body}</bom>`)).rejects.toThrow(
      'expected a CycloneDX <bom>',
    )
  })

  const components = [{ type: 'library', name: 'a', version: '1', purl: 'pkg:npm/a@1' }]
  test.each([
    ['a version and components', { specVersion: '1.4', components }],
    ['a schema', { $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json', components }],
  ])('JSON without bomFormat, told by %s', async (_, document) => {
    expect(await purls(document)).toEqual(['pkg:npm/a@1'])
  })

  test.each([
    ['pkg:maven/org.example/a@1', undefined, 'pkg:maven/org.example/a@1'],
    ['pkg:npm/%40scope/a@1', undefined, 'pkg:npm/%40scope/a@1'],
    ['pkg:maven/org.example/a@2', undefined, 'pkg:generic/a@1'],
    ['pkg:maven/org.example/b@1', undefined, 'pkg:generic/a@1'],
    ['pkg:maven/org.example/a@1', 'pkg:pypi/a@1', 'pkg:pypi/a@1'],
  ])(
    'a package URL in bom-ref (%s) counts where it is the only one, of the name and version',
    async (ref, purl, told) => {
      const component = { type: 'library', name: 'a', version: '1', 'bom-ref': ref, ...(purl && { purl }) }
      expect(await purls({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [component] })).toEqual([
        told,
      ])
    },
  )

  test('JSON of another format is not taken for it', async () => {
    await expect(read({ bomFormat: 'Other', specVersion: '1.4', components })).rejects.toThrow(
      'something else',
    )
  })
})

describe('SPDX', () => {
  const document = (relationships: readonly object[], packages: readonly object[]) => ({
    spdxVersion: 'SPDX-2.3',
    SPDXID: 'SPDXRef-DOCUMENT',
    packages: packages.map((each, i) => ({
      SPDXID: `SPDXRef-${i}`,
      name: `n${i}`,
      versionInfo: '1',
      ...each,
    })),
    relationships,
  })
  const reference = (purl: string, type = 'purl') => ({
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: type, referenceLocator: purl }],
  })
  const generated = [
    { spdxElementId: 'SPDXRef-0', relationshipType: 'GENERATED_FROM', relatedSpdxElement: 'SPDXRef-1' },
  ]

  test.each(['purl', 'http://spdx.org/rdf/references/purl', 'PURL', 'package-manager'])(
    'a purl whose type is called %s',
    async (type) => {
      expect(await purls(document([], [reference('pkg:pypi/a@1', type)]))).toEqual(['pkg:pypi/a@1'])
    },
  )

  test.each<[string, readonly object[], readonly string[]]>([
    [
      'software that something was generated from counts',
      [reference('pkg:npm/app@1'), reference('pkg:pypi/a@1')],
      ['pkg:npm/app@1', 'pkg:pypi/a@1'],
    ],
    [
      'so does what has only a name, which nothing can be known of',
      [reference('pkg:npm/app@1'), {}],
      ['pkg:generic/n1@1', 'pkg:npm/app@1'],
    ],
    [
      "a distribution's source does not: its packages stand for it",
      [reference('pkg:deb/debian/b@1?distro=debian-12'), {}],
      ['pkg:deb/debian/b@1?distro=debian-12'],
    ],
    [
      'source code without a purl does not',
      [reference('pkg:npm/app@1'), { primaryPackagePurpose: 'SOURCE' }],
      ['pkg:npm/app@1'],
    ],
    [
      'a container that is known as a package is one',
      [{ ...reference('pkg:pypi/a@1'), primaryPackagePurpose: 'CONTAINER' }],
      ['pkg:pypi/a@1'],
    ],
  ])('%s', async (_, packages, expected) => {
    expect(await purls(document(generated, packages))).toEqual(expected)
  })

  test.each([undefined, ''])('a document whose version is %j is SPDX all the same', async (spdxVersion) => {
    const { packages } = document([], [reference('pkg:pypi/a@1')])
    const sbom = await read({ SPDXID: 'SPDXRef-DOCUMENT', spdxVersion, packages })
    expect(sbom.format).toBe('SPDX (of unknown version)')
    expect(sbom.inventory.components.map(({ purl }) => purl)).toEqual(['pkg:pypi/a@1'])
  })

  test.each([
    ['OPERATING-SYSTEM', 'wolfi', { id: 'wolfi', version: '20230201' }],
    ['OPERATING_SYSTEM', 'wolfi', { id: 'wolfi', version: '20230201' }],
    ['OPERATING-SYSTEM', 'none', undefined],
    ['OPERATING_SYSTEM', 'unknown', undefined],
    ['OPERATING-SYSTEM', 'Red Hat Enterprise Linux', { id: 'rhel', version: '20230201' }],
  ])('a system by its purpose %s: %s', async (primaryPackagePurpose, name, expected) => {
    const system = { primaryPackagePurpose, name, versionInfo: '20230201' }
    const { inventory } = await read(document([], [system]))
    expect(inventory.distribution).toEqual(expected)
    expect(inventory.components).toEqual([])
  })

  test.each([
    ['<rdf:RDF xmlns:rdf="x"/>', '<RDF>', /tag-value/],
    ['<Document/>', '<Document>', /tag-value/],
    ['<bom xmlns="http://cyclonedx.org/schema/bom/12"/>', 'bom/12', /only CycloneDX/],
    ['<project/>', '<project>', /only CycloneDX/],
  ])('other XML is refused with a way on: %s', async (xml, message, hint) => {
    await expect(read(xml)).rejects.toMatchObject({
      code: 'bad-sbom',
      message: expect.stringContaining(message),
      hint: expect.stringMatching(hint),
    })
  })

  test('YAML says what JSON says', async () => {
    const text = stringify(spdxOfSyft)
    const [yaml, json] = [await read(text), await read(spdxOfSyft)]
    expect(yaml.format).toBe('SPDX 2.3')
    expect(yaml.inventory).toEqual(json.inventory)
    expect(yaml.subject).toEqual(json.subject)
    expect((await read(`# made by hand\n---\n${text}`)).inventory).toEqual(json.inventory)
  })

  test('YAML that is broken, has aliases or is another document is refused', async () => {
    await expect(read('spdxVersion: SPDX-2.3\npackages: [\n')).rejects.toThrow('this is not valid YAML')
    await expect(read('spdxVersion: SPDX-2.3\na: &a [1]\nb: *a\n')).rejects.toThrow('YAML with aliases')
    await expect(read('version: 1\npackages: []\n')).rejects.toThrow('something else')
  })
})

describe('SPDX 3', () => {
  const creation = { creationInfo: '_:c' }
  const graph = (...elements: readonly object[]) => ({
    '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld',
    '@graph': [{ type: 'CreationInfo', '@id': '_:c', created: '2026-01-02T03:04:05Z' }, ...elements],
  })
  const software = (members: object) => ({
    type: 'software_Package',
    spdxId: 'urn:p',
    name: 'Lib',
    software_packageVersion: '1.0.0',
    ...creation,
    ...members,
  })
  const digest = 'a'.repeat(64)
  const hash = { type: 'Hash', algorithm: 'sha256', hashValue: digest }

  test.each<[string, object, readonly object[]]>([
    ['in its own member', { software_packageUrl: 'pkg:nuget/Lib@1.0.0', verifiedUsing: [hash] }, []],
    [
      'as an identifier',
      {
        externalIdentifier: [{ externalIdentifierType: 'packageUrl', identifier: 'pkg:nuget/Lib@1.0.0' }],
        verifiedUsing: [hash],
      },
      [],
    ],
    [
      'as an identifier in a member by the plural',
      {
        externalIdentifiers: [{ externalIdentifierType: 'packageUrl', identifier: 'pkg:nuget/Lib@1.0.0' }],
        verifiedUsing: [hash],
      },
      [],
    ],
    [
      'as an element that is named there, under another type',
      { externalIdentifier: ['urn:e'], verifiedUsing: ['urn:h'] },
      [
        { spdxId: 'urn:e', externalIdentifierType: 'purl', identifier: 'pkg:nuget/Lib@1.0.0' },
        { spdxId: 'urn:h', ...hash },
      ],
    ],
  ])('a package URL %s', async (_, members, others) => {
    const { inventory } = await read(graph(software(members), ...others))
    expect(inventory.components).toMatchObject([
      {
        type: 'nuget',
        name: 'Lib',
        version: '1.0.0',
        purl: 'pkg:nuget/Lib@1.0.0',
        digest: `sha256:${digest}`,
      },
    ])
  })

  test('a CPE tells the ecosystem where no package URL does', async () => {
    const cpe = 'cpe:2.3:a:lib:lib:1.0.0:*:*:*:*:node.js:*:*'
    const identifier = { externalIdentifierType: 'cpe23', identifier: cpe }
    const { inventory } = await read(graph(software({ externalIdentifier: [identifier] })))
    expect(inventory.components).toMatchObject([{ type: 'npm', purl: 'pkg:npm/Lib@1.0.0' }])
  })

  test('identifiers that lead nowhere are skipped', async () => {
    const { inventory } = await read(graph(software({ externalIdentifier: ['urn:none', 7, null] })))
    expect(inventory.components).toMatchObject([{ type: 'generic' }])
  })
})

describe("Trivy's report", () => {
  const report = {
    SchemaVersion: 2,
    CreatedAt: '2026-01-02T03:04:05Z',
    ArtifactName: 'app:1',
    ArtifactType: 'container_image',
    Metadata: {
      OS: { Family: 'redhat', Name: '9.4' },
      RepoDigests: [`team/app@sha256:${'a'.repeat(64)}`],
      ImageConfig: { architecture: 'arm64' },
    },
    Results: [
      {
        Target: 'app:1 (redhat 9.4)',
        Class: 'os-pkgs',
        Type: 'redhat',
        Packages: [
          {
            ID: 'bash@5.1.8-6.el9.aarch64',
            Name: 'bash',
            Identifier: {
              PURL: 'pkg:rpm/redhat/bash@5.1.8-6.el9?arch=aarch64&distro=redhat-9.4&epoch=1',
              UID: 'u1',
            },
            Version: '5.1.8',
            Release: '6.el9',
            Epoch: 1,
            Arch: 'aarch64',
            SrcName: 'bash-source',
            SrcVersion: '5.1.8',
            SrcRelease: '6.el9',
            SrcEpoch: 2,
            Licenses: ['GPL-3.0-or-later'],
          },
        ],
      },
      {
        Target: 'app/go.mod',
        Class: 'lang-pkgs',
        Type: 'gomod',
        Packages: [
          { ID: 'github.com/O/a@v1.0.0', Name: 'github.com/O/a', Version: 'v1.0.0', DependsOn: ['b@v2.0.0'] },
          { ID: 'b@v2.0.0', Name: 'b', Version: 'v2.0.0', Identifier: { PURL: 'pkg:golang/b@v2.0.0' } },
        ],
      },
      { Target: 'key', Class: 'secret' },
    ],
  }

  test('says which database a package is of where it does not recognise the system', async () => {
    const unknown = {
      ...report,
      Metadata: { OS: { Family: 'none', Name: '' } },
      Results: [
        {
          Target: 'app (none )',
          Class: 'os-pkgs',
          Type: 'none',
          Packages: [
            { ID: 'curl@7.88.1-10', Name: 'curl', Version: '7.88.1', Release: '10', AnalyzedBy: 'dpkg' },
          ],
        },
      ],
    }
    const { inventory } = await read(unknown)
    expect(inventory.components).toMatchObject([{ type: 'deb', name: 'curl', version: '7.88.1-10' }])
    expect(inventory.distribution).toBeUndefined()
  })

  test('lists packages of the distribution and of languages', async () => {
    const { inventory, subject, format } = await read(report)
    expect(format).toBe('Trivy JSON')
    expect(subject).toEqual({
      name: 'app:1',
      digest: `sha256:${'a'.repeat(64)}`,
      architecture: 'arm64',
      created: '2026-01-02T03:04:05Z',
    })
    expect(inventory.distribution).toEqual({ id: 'rhel', version: '9.4' })
    expect(inventory.notes).toEqual([])
    expect(inventory.components).toMatchObject([
      { type: 'golang', name: 'b', locations: [{ path: 'app/go.mod' }] },
      { type: 'golang', name: 'github.com/O/a', version: 'v1.0.0', dependsOn: ['pkg:golang/b@v2.0.0'] },
      {
        type: 'rpm',
        name: 'bash',
        version: '1:5.1.8-6.el9',
        source: { name: 'bash-source', version: '2:5.1.8-6.el9' },
        licence: 'GPL-3.0-or-later',
        locations: [],
      },
    ])
  })

  test('without its packages says so', async () => {
    const bare = { ...report, Results: report.Results.map(({ Packages: _, ...rest }) => rest) }
    const { inventory } = await read(bare)
    expect(inventory.components).toEqual([])
    expect(inventory.notes.map(({ code }) => code)).toEqual(['packages-not-listed', 'packages-not-listed'])
  })
})
