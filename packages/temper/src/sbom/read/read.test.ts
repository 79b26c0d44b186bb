import { gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import {
  cycloneDxOfTrivy,
  cycloneDxXmlOfSyft,
  spdxOfSyft,
  spdxOfTrivy,
  spdxTagValue,
  spdxThree,
  syftJson,
} from './fixtures/sample.ts'
import { readSbom } from './read.ts'

const what = 'sample'
const read = async (document: unknown) =>
  await readSbom(Buffer.from(typeof document === 'string' ? document : JSON.stringify(document)), { what })
const inventoryOf = async (document: unknown) => (await read(document)).inventory
const named = <T extends { readonly name: string }>(list: readonly T[], name: string) =>
  list.find((each) => each.name === name)

describe('CycloneDX', () => {
  test('of Trivy: source packages from its properties, manifests as places, nothing for what is no software', async () => {
    const { inventory, format, subject } = await read(cycloneDxOfTrivy)
    expect(format).toBe('CycloneDX 1.6')
    expect(subject).toEqual({ name: 'team/app:1', created: '2026-01-02T03:04:05+00:00' })
    expect(inventory.distribution).toEqual({ id: 'rhel', version: '9.4' })
    expect(inventory.components.map(({ type, name, version }) => [type, name, version])).toEqual([
      ['npm', '@babel/core', '7.0.0'],
      ['rpm', 'bash', '1:5.1.8-6.el9'],
    ])
    expect(named(inventory.components, 'bash')).toEqual({
      type: 'rpm',
      name: 'bash',
      version: '1:5.1.8-6.el9',
      purl: 'pkg:rpm/redhat/bash@5.1.8-6.el9?arch=x86_64&distro=redhat-9.4&epoch=1',
      architecture: 'x86_64',
      source: { name: 'bash-source', version: '2:5.1.8-6.el9' },
      licence: 'GPL-3.0-or-later',
      supplier: 'Red Hat, Inc.',
      locations: [],
      dependsOn: ['pkg:npm/%40babel/core@7.0.0'],
      foundBy: 'cyclonedx',
    })
    expect(named(inventory.components, '@babel/core')?.locations).toEqual([{ path: 'app/package-lock.json' }])
    expect(inventory.architecture).toBe('amd64')
    expect(inventory.notes).toEqual([])
  })

  test('as XML of Syft: the same members by other means', async () => {
    const { inventory, format, subject } = await read(cycloneDxXmlOfSyft)
    expect(format).toBe('CycloneDX 1.4')
    expect(subject.digest).toBe(`sha256:${'a'.repeat(64)}`)
    expect(inventory.distribution).toEqual({
      id: 'debian',
      version: '9',
      codename: 'stretch',
      title: 'Debian 9',
    })
    expect(inventory.components).toEqual([
      {
        type: 'deb',
        name: 'bsdutils',
        version: '1:2.29',
        purl: 'pkg:deb/debian/bsdutils@1:2.29?arch=amd64&distro=debian-9&upstream=util-linux%402.29',
        architecture: 'amd64',
        source: { name: 'util-linux', version: '2.29' },
        licence: '(MIT OR ISC) AND GPL-2.0-only AND own & words',
        supplier: 'LaMont <lamont@example.org>',
        locations: [{ path: 'usr/share/doc/bsdutils/copyright' }, { path: 'var/lib/dpkg/status' }],
        foundBy: 'cyclonedx',
      },
    ])
  })

  test('what has no purl or a broken one is known by what else is said of it', async () => {
    const property = (name: string, value: string) => ({ name: `syft:${name}`, value })
    const { components, notes } = await inventoryOf({
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      components: [
        { type: 'operating-system', name: 'alpine', version: '3.20.1' },
        {
          type: 'library',
          name: 'ssl_client',
          version: '1.36-r2',
          purl: 'pkg:apk/alpine/@1.36-r2',
          properties: [property('package:type', 'apk'), property('metadata:originPackage', 'busybox')],
        },
        {
          type: 'library',
          group: 'org.example',
          name: 'lib',
          version: '2',
          properties: [{ name: 'aquasecurity:trivy:PkgType', value: 'jar' }],
        },
        { type: 'library', group: '@scope', name: 'x', version: 'UNKNOWN' },
        { type: 'library', name: '  ' },
        { type: 'library', name: 'y', version: '1', purl: 'pkg:cran/y@1' },
      ],
    })
    expect(components.map(({ type, name, version, purl }) => [type, name, version, purl])).toEqual([
      ['apk', 'ssl_client', '1.36-r2', 'pkg:apk/alpine/ssl_client@1.36-r2?distro=alpine-3.20.1'],
      ['generic', '@scope/x', '', 'pkg:generic/%40scope/x'],
      ['generic', 'y', '1', 'pkg:cran/y@1'],
      ['maven', 'org.example:lib', '2', 'pkg:maven/org.example/lib@2'],
    ])
    expect(components[0]?.source).toEqual({ name: 'busybox', version: '1.36-r2' })
    expect(notes.map(({ code }) => code)).toEqual([
      'bad-purl',
      'component-without-version',
      'component-without-name',
    ])
    expect(notes[0]?.message).toContain('"ssl_client"')
  })

  test('files are listed with their owner; those without SHA-256 are noted', async () => {
    const sha256 = { alg: 'SHA-256', content: 'AB'.repeat(32) }
    const { components, files, notes } = await inventoryOf({
      bomFormat: 'CycloneDX',
      components: [
        {
          type: 'library',
          'bom-ref': 'a',
          name: 'a',
          version: '1',
          components: [
            { type: 'file', name: '/usr/bin/a', hashes: [sha256, { alg: 'SHA-1', content: 'c'.repeat(40) }] },
            { type: 'file', name: '/usr/bin/b', hashes: [] },
          ],
        },
        { type: 'file', name: './etc/x', hashes: [sha256] },
        { type: 'file', name: '' },
      ],
    })
    expect(files).toEqual([
      { path: 'etc/x', digest: `sha256:${'ab'.repeat(32)}` },
      { path: 'usr/bin/a', digest: `sha256:${'ab'.repeat(32)}`, sha1: 'c'.repeat(40) },
    ])
    expect(components[0]?.files).toEqual(['usr/bin/a', 'usr/bin/b'])
    expect(notes.map(({ code }) => code)).toEqual(['file-without-digest', 'file-without-path'])
  })

  test('the thing that it is about is software only when a purl says so', async () => {
    const about = async (component: object) =>
      (await inventoryOf({ bomFormat: 'CycloneDX', metadata: { component }, components: [] })).components
        .length
    expect(await about({ type: 'application', name: 'app', version: '1' })).toBe(0)
    expect(await about({ type: 'application', name: 'app', version: '1', purl: 'pkg:npm/app@1' })).toBe(1)
    expect(await about({ type: 'container', name: 'app', purl: 'pkg:oci/app@1' })).toBe(0)
  })
})

describe('SPDX', () => {
  test('of Syft: versions and sources from purls, whoever states the other', async () => {
    const { inventory, subject, format } = await read(spdxOfSyft)
    expect(format).toBe('SPDX 2.3')
    expect(subject).toMatchObject({ name: 'app', architecture: 'arm64', digest: `sha256:${'b'.repeat(64)}` })
    expect(inventory.architecture).toBe('arm64')
    expect(inventory.distribution).toEqual({ id: 'fedora', version: '44' })
    expect(inventory.components.map(({ name, version }) => [name, version])).toEqual([
      ['cmd/asm', ''],
      ['alternatives', '1.33-2.fc43'],
    ])
    expect(named(inventory.components, 'alternatives')).toMatchObject({
      source: { name: 'chkconfig', version: '1.33-2.fc43' },
      licence: 'GPL-2.0-only',
      supplier: 'Fedora Project',
      locations: [{ path: 'usr/lib/sysimage/rpm/rpmdb.sqlite' }],
      dependsOn: ['pkg:golang/cmd/asm'],
    })
  })

  test('of Trivy: the distribution, source packages and manifests are no components', async () => {
    const { distribution, components } = await inventoryOf(spdxOfTrivy)
    expect(distribution).toEqual({ id: 'debian', version: '12.5' })
    expect(components).toMatchObject([
      {
        name: 'libssl3',
        version: '3.0.11-1',
        source: { name: 'openssl', version: '3.0.11-1~deb12' },
        locations: [],
      },
      { name: 'express', type: 'npm', locations: [{ path: 'app/package-lock.json' }] },
    ])
    expect(components).toHaveLength(2)
  })

  test('as tag-value: the same, with the files that follow a package as its own', async () => {
    const { inventory, format } = await read(spdxTagValue)
    expect(format).toBe('SPDX 2.2')
    expect(inventory).toMatchObject({
      components: [
        {
          type: 'pypi',
          name: 'requests',
          version: '2.31.0',
          licence: 'Apache-2.0',
          dependsOn: ['pkg:pypi/urllib3@2.0.0'],
          files: ['opt/requests.py'],
        },
        { name: 'urllib3', licence: 'MIT' },
      ],
      files: [{ path: 'opt/requests.py', digest: `sha256:${'d'.repeat(64)}` }],
    })
  })

  test('3.0 as JSON-LD', async () => {
    const { inventory, format } = await read(spdxThree)
    expect(format).toBe('SPDX 3.0')
    expect(inventory.components).toMatchObject([
      {
        name: 'zlib',
        version: '1.3',
        licence: 'Zlib',
        supplier: 'Someone',
        files: ['lib/libz.so'],
      },
    ])
    expect(inventory.components).toHaveLength(1)
    expect(inventory.files).toEqual([{ path: 'lib/libz.so', digest: `sha256:${'e'.repeat(64)}` }])
  })

  test('with a package that is told of by name only', async () => {
    const { components } = await inventoryOf({
      spdxVersion: 'SPDX-2.3',
      SPDXID: 'SPDXRef-DOCUMENT',
      packages: [
        { SPDXID: 'SPDXRef-root', name: 'folder' },
        {
          SPDXID: 'SPDXRef-a',
          name: 'a',
          versionInfo: '1',
          licenseConcluded: 'NOASSERTION',
          licenseDeclared: 'NONE',
        },
      ],
      documentDescribes: ['SPDXRef-root'],
      relationships: [
        { spdxElementId: 'SPDXRef-root', relationshipType: 'CONTAINS', relatedSpdxElement: 'SPDXRef-a' },
      ],
    })
    expect(components).toEqual([
      { type: 'generic', name: 'a', version: '1', purl: 'pkg:generic/a@1', locations: [], foundBy: 'spdx' },
    ])
  })
})

test("Syft's JSON: of both shapes that licences and images have had", async () => {
  const { inventory, subject, format } = await read(syftJson)
  expect(format).toBe('Syft JSON')
  expect(subject).toEqual({ name: 'app', digest: `sha256:${'f'.repeat(64)}`, architecture: 'amd64' })
  expect(inventory).toMatchObject({
    distribution: { id: 'alpine', version: '3.16.3', title: 'Alpine Linux v3.16' },
    architecture: 'amd64',
    components: [
      {
        type: 'apk',
        name: 'libc-utils',
        source: { name: 'libc-dev', version: '0.7.2-r3' },
        licence: 'BSD-2-Clause AND BSD-3-Clause',
        dependsOn: ['pkg:npm/left-pad@1.0.0'],
        locations: [{ path: 'lib/apk/db/installed' }],
      },
      { type: 'npm', name: 'left-pad', licence: 'WTFPL', files: ['app/index.js'] },
    ],
    files: [{ path: 'app/index.js', digest: `sha256:${'1'.repeat(64)}`, size: 12, sha1: '2'.repeat(40) }],
  })
})

describe('around a document', () => {
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    components: [{ type: 'library', name: 'a', version: '1' }],
  }
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    predicateType: 'https://cyclonedx.org/bom',
    predicate: bom,
  }
  const envelope = {
    payloadType: 'application/vnd.in-toto+json',
    payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
    signatures: [],
  }
  const printed = { spdxVersion: 'SPDX-2.3', packages: [{ name: 'a', versionInfo: '1' }] }
  const names = async (document: unknown) => (await inventoryOf(document)).components.map(({ name }) => name)

  test.each([
    ['a statement', statement, []],
    ['a statement with the document as text', { ...statement, predicate: JSON.stringify(bom) }, []],
    [
      "cosign's older predicate",
      { ...statement, predicate: { Data: JSON.stringify(bom), Timestamp: '' } },
      [],
    ],
    ['an envelope', envelope, ['signature-not-checked']],
    [
      'a bundle',
      { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', dsseEnvelope: envelope },
      ['signature-not-checked'],
    ],
    [
      'several envelopes, a line each',
      `${JSON.stringify(envelope)}\n${JSON.stringify(envelope)}\n`,
      ['signature-not-checked'],
    ],
    [
      "GitHub's answer",
      { sbom: { spdxVersion: 'SPDX-2.3', packages: [{ name: 'a', versionInfo: '1' }] } },
      [],
    ],
    ['what buildx prints', { SPDX: printed, AdditionalSPDXs: [{ ...printed, packages: [] }] }, []],
    ['what buildx prints of a platform', { 'linux/arm/v7': { SPDX: printed } }, []],
  ])('%s', async (_, document, codes) => {
    expect(await names(document)).toEqual(['a'])
    expect((await inventoryOf(document)).notes.map(({ code }) => code)).toEqual(codes)
  })

  test('what buildx prints of several platforms is refused, with how to have one', async () => {
    const several = { 'linux/amd64': { SPDX: printed }, 'linux/arm64': { SPDX: printed } }
    await expect(names(several)).rejects.toMatchObject({
      code: 'bad-sbom',
      message: expect.stringContaining('linux/amd64, linux/arm64'),
      hint: expect.stringContaining('(index .SBOM "linux/amd64")'),
    })
  })

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
    ['a byte order mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
    ['UTF-16, as PowerShell redirects', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['white space', (text: string) => Buffer.from(`\n  ${text}`)],
  ])('%s', async (_, wrap) => {
    const { inventory } = await readSbom(wrap(JSON.stringify(bom)), { what })
    expect(inventory.components).toHaveLength(1)
  })
})
