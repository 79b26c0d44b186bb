import { zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { file } from '../fixtures/sample-tree.ts'
import { readImageInventory } from '../reading/image.ts'
import { chiselCataloguer } from './cataloguer.ts'
import { ubuntuSource } from './source-package.ts'

const noble = file('etc/os-release', 'ID=ubuntu\nVERSION_ID="24.04"\n')
const header = { jsonwall: '1.0', schema: '1.0', count: 5 }
const wall = (...lines: readonly object[]) =>
  file(
    'var/lib/chisel/manifest.wall',
    zstdCompressSync(lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
  )
const inventoryOf = (...layers: Parameters<typeof sampleImage>[0]) =>
  readImageInventory(sampleImage(layers), { cataloguers: [chiselCataloguer] })
const openssl = {
  kind: 'package',
  name: 'openssl',
  version: '3.0.13-0ubuntu3.1',
  arch: 'amd64',
  sha256: 'b'.repeat(64),
}
const libssl = { kind: 'package', name: 'libssl3t64', version: '3.0.13-0ubuntu3.1', arch: 'amd64' }

describe("chisel's manifest", () => {
  test('gives packages with source, digest and files', async () => {
    const { components, notes, files } = await inventoryOf([
      noble,
      file('usr/bin/openssl'),
      wall(
        header,
        { kind: 'content', slice: 'openssl_bins', path: '/usr/bin/openssl' },
        libssl,
        openssl,
        { kind: 'path', path: '/usr/bin/', mode: '0755', slices: ['openssl_bins'] },
        { kind: 'path', path: '/usr/bin/openssl', slices: ['openssl_bins'], sha256: 'c'.repeat(64), size: 1 },
        { kind: 'slice', name: 'openssl_bins' },
      ),
    ])
    expect(notes).toEqual([])
    expect(components).toMatchObject([
      {
        type: 'deb',
        name: 'libssl3t64',
        source: { name: 'openssl', version: '3.0.13-0ubuntu3.1' },
        purl: 'pkg:deb/ubuntu/libssl3t64@3.0.13-0ubuntu3.1?arch=amd64&distro=ubuntu-24.04&upstream=openssl',
        foundBy: 'chisel',
      },
      {
        name: 'openssl',
        digest: `sha256:${'b'.repeat(64)}`,
        files: ['usr/bin/openssl'],
        locations: [{ path: 'var/lib/chisel/manifest.wall', layer: 0 }],
      },
    ])
    expect(files?.find(({ path }) => path === 'usr/bin/openssl')?.owner).toBe(components[1]?.purl)
  })

  test('tells in which layer a package came', async () => {
    const { components } = await inventoryOf([noble, wall(header, openssl)], [wall(header, openssl, libssl)])
    expect(components.map(({ name, locations }) => [name, locations[0]?.layer])).toEqual([
      ['libssl3t64', 1],
      ['openssl', 0],
    ])
  })

  test.each([
    ['what is no zstd', file('var/lib/chisel/manifest.wall', 'plain')],
    ['another kind of lines', wall({ name: 'x' })],
    [
      'a line that is cut off',
      file('var/lib/chisel/manifest.wall', zstdCompressSync(`${JSON.stringify(header)}\n{"kind":`)),
    ],
  ])('is noted when it is %s', async (_, broken) => {
    const { components, notes } = await inventoryOf([noble, broken])
    expect(components).toEqual([])
    expect(notes.map(({ code }) => code)).toContain('unreadable-file')
  })
})

test.each([
  ['libc6', '2.39-0ubuntu8.3', 'glibc'],
  ['libssl3', '3.0.2-0ubuntu1.18', 'openssl'],
  ['zlib1g', '1:1.3.dfsg-3.1ubuntu2.1', 'zlib'],
  ['libstdc++6', '14.2.0-4ubuntu2~24.04', 'gcc-14'],
  ['libgcc-s1', '12.3.0-1ubuntu1~22.04', 'gcc-12'],
  ['libpython3.12-stdlib', '3.12.3-1', 'python3.12'],
  ['python3.12-minimal', '3.12.3-1', 'python3.12'],
  ['openjdk-21-jre-headless', '21.0.5+11-1', 'openjdk-21'],
  ['python3.12', '3.12.3-1', undefined],
  ['openssl', '3.0.13-0ubuntu3.1', undefined],
  ['base-files', '13ubuntu10', undefined],
])('%s %s is built from %s', (name, version, source) => {
  expect(ubuntuSource(name, version)).toBe(source)
})
