import { describe, expect, test } from 'vitest'
import { readSbom } from './read.ts'

const read = (text: string) => readSbom(Buffer.from(text), { what: 'x' })

const snapshot = {
  version: 0,
  job: {},
  detector: { name: 'syft', url: 'https://example.org', version: '1' },
  metadata: { 'syft:distro': 'pkg:generic/debian@12?like=' },
  manifests: {
    'web:latest:/var/lib/dpkg/status': {
      name: 'status',
      file: { source_location: 'web:latest:/var/lib/dpkg/status' },
      resolved: {
        a: { package_url: 'pkg:deb/debian/zlib1g@1.3?arch=amd64&upstream=zlib', scope: 'runtime' },
        b: { package_url: 'oops' },
        c: {},
      },
    },
    'package-lock.json': { name: 'x', resolved: { d: { package_url: 'pkg:npm/%40a/b@1.0' } } },
    empty: { name: 'empty' },
  },
}

describe('snapshots of a dependency graph', () => {
  test('are read with distribution, source and place', async () => {
    const { inventory, format } = await read(JSON.stringify(snapshot))
    expect(format).toBe('GitHub dependency snapshot')
    expect(inventory.distribution).toMatchObject({ id: 'debian', version: '12' })
    // What has no package URL that can be read stays, as something that cannot be compared.
    expect(inventory.components.find(({ name }) => name === 'oops')).toMatchObject({ type: 'generic' })
    expect(inventory.components.filter(({ name }) => name !== 'oops')).toMatchObject([
      {
        name: 'zlib1g',
        version: '1.3',
        source: { name: 'zlib' },
        locations: [{ path: 'var/lib/dpkg/status' }],
      },
      { name: '@a/b', version: '1.0', locations: [{ path: 'package-lock.json' }] },
    ])
    expect(inventory.notes.map(({ code }) => code)).toContain('bad-purl')
  })

  test('have to have what the API asks for', async () => {
    await expect(read(JSON.stringify({ ...snapshot, job: undefined }))).rejects.toMatchObject({
      code: 'bad-sbom',
    })
  })
})

describe('lists of package URLs', () => {
  test('are read, and what is none in them is told', async () => {
    const { inventory, format } = await read('# made by hand\n\npkg:npm/a@1\r\npkg:pypi/b@2\nnonsense\n')
    expect(format).toBe('a list of package URLs')
    expect(inventory.components.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'nonsense ',
      'a 1',
      'b 2',
    ])
    expect(inventory.notes.map(({ code }) => code)).toContain('bad-purl')
  })

  test('begin with one', async () => {
    await expect(read('see pkg:npm/a@1')).rejects.toMatchObject({ code: 'bad-sbom' })
  })
})

test("what GitHub's export calls by ecosystem and name, without a package URL", async () => {
  const named = (id: string, name: string) => ({ SPDXID: `SPDXRef-${id}`, name, versionInfo: '>= 1.0, < 3' })
  const document = {
    sbom: {
      spdxVersion: 'SPDX-2.3',
      SPDXID: 'SPDXRef-DOCUMENT',
      packages: [
        named('pip-flask', 'pip:flask'),
        named('rubygems-rails', 'rubygems:rails'),
        named('maven-org.x-b', 'maven:org.x:b'),
        // Of somebody else, who may mean anything by it.
        named('1', 'npm:lodash'),
        named('what-x', 'what:x'),
      ],
    },
  }
  const { inventory } = await read(JSON.stringify(document))
  expect(inventory.components.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
    'gem rails',
    'generic npm:lodash',
    'generic what:x',
    'maven org.x:b',
    'pypi flask',
  ])
})

test('blank lines with CRLF before what is no document are read once', async () => {
  await expect(read(`${' \r\n'.repeat(199)}x`)).rejects.toMatchObject({ code: 'bad-sbom' })
  const { inventory } = await read(`${' \r\n'.repeat(199)}pkg:npm/a@1\r\n`)
  expect(inventory.components.map(({ name }) => name)).toEqual(['a'])
})
