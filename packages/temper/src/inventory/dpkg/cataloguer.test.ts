import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { bookworm, file, link, list, stanza, status } from '../fixtures/sample-tree.ts'
import { readImageInventory } from '../reading/image.ts'
import { dpkgCataloguer } from './cataloguer.ts'
import { readDpkgFact } from './facts.ts'

const options = { cataloguers: [dpkgCataloguer] }
const inventoryOf = (...layers: Parameters<typeof sampleImage>[0]) =>
  readImageInventory(sampleImage(layers), options)

describe('the status database', () => {
  test.each<[string, string, Readonly<Record<string, string>>, readonly string[]]>([
    ['nodesource', '22.12.0-1nodesource1', {}, []],
    ['docker', '1.7.23-1', { Maintainer: 'Docker <support@docker.com>' }, []],
    ['acme', '1.0', { Vendor: 'Acme Inc.', Maintainer: 'A <a@acme.example>' }, []],
    ['acme-tools', '1.0', { License: 'MIT', Maintainer: 'Acme Tools <a@acme.example>' }, []],
    ['github', '2.60.0', { Maintainer: 'GitHub' }, []],
    ['other-archive', '1.0', { Origin: 'Other Archive' }, []],
    ['another-vendor', '1.0', { Maintainer: 'A <a@b.example>' }, ['opt/tool/run']],
    ['debian', '1.0', { Maintainer: 'A <a@b.example>' }, ['opt/gone/run']],
    ['debian', '1.0', { Origin: 'Debian', Maintainer: 'A <a@b.example>' }, []],
  ])('names the maker of a package: %s by %s %j %j', async (namespace, version, fields, files) => {
    const { components } = await inventoryOf([
      bookworm,
      status(stanza('tool', version, fields)),
      list('tool', ...files.map((path) => `/${path}`)),
      file('opt/tool/run'),
    ])
    expect(components[0]?.purl).toMatch(`pkg:deb/${namespace}/tool@`)
  })

  test('gives packages with source, licence, files and what they need', async () => {
    const { components, notes } = await inventoryOf([
      bookworm,
      link('lib', 'usr/lib'),
      status(
        stanza('libc6', '2.36-9+deb12u8', {
          Source: 'glibc',
          Maintainer: 'GNU Libc Maintainers <a@b.example>',
        }),
        stanza('bash', '5.2.15-2+b7', {
          Source: 'bash (5.2.15-2)',
          'Pre-Depends': 'libc6 (>= 2.36), none | libc6',
          Depends: 'awk',
        }),
        stanza('mawk', '1.3.4', { Provides: 'awk (= 1)' }),
      ),
      list('bash', '/bin', '/bin/bash', '/usr/share/doc/bash/copyright'),
      list('libc6:amd64', '/lib/libc.so.6', '/lib/libc.so', '/lib/gone.so'),
      file('usr/lib/libc.so.6'),
      link('usr/lib/libc.so', 'libc.so.6'),
      file('bin/bash'),
      file(
        'usr/share/doc/bash/copyright',
        'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nLicense: GPL-3+\n',
      ),
    ])
    expect(notes).toEqual([])
    const [bash, libc6, mawk] = components
    expect(bash).toEqual({
      type: 'deb',
      name: 'bash',
      version: '5.2.15-2+b7',
      purl: 'pkg:deb/debian/bash@5.2.15-2%2Bb7?arch=amd64&distro=debian-12&upstream=bash%405.2.15-2',
      architecture: 'amd64',
      source: { name: 'bash', version: '5.2.15-2' },
      distribution: {
        id: 'debian',
        version: '12',
        codename: 'bookworm',
        title: 'Debian GNU/Linux 12 (bookworm)',
      },
      licence: 'GPL-3.0-or-later',
      locations: [{ path: 'var/lib/dpkg/status', layer: 0 }],
      files: ['bin/bash', 'usr/share/doc/bash/copyright'],
      dependsOn: [libc6?.purl, mawk?.purl].sort(),
      foundBy: 'dpkg',
    })
    expect(libc6).toMatchObject({
      source: { name: 'glibc', version: '2.36-9+deb12u8' },
      supplier: 'GNU Libc Maintainers <a@b.example>',
      files: ['usr/lib/libc.so.6'],
      purl: 'pkg:deb/debian/libc6@2.36-9%2Bdeb12u8?arch=amd64&distro=debian-12&upstream=glibc',
    })
  })

  test.each([
    ['install ok installed', 1],
    ['hold ok installed', 1],
    ['install ok unpacked', 1],
    ['install ok half-configured', 1],
    ['install ok triggers-pending', 1],
    ['deinstall ok config-files', 0],
    ['purge ok not-installed', 0],
    ['install reinstreq half-installed', 0],
  ])('counts a package of the state "%s": %i', async (state, count) => {
    const { components } = await inventoryOf([status(stanza('a', '1', { Status: state }))])
    expect(components).toHaveLength(count)
  })

  test('tells the layer that installed each package, not the one that wrote the database last', async () => {
    const { components } = await inventoryOf(
      [status(stanza('a', '1')), list('a')],
      [status(stanza('a', '1'), stanza('b', '2')), list('b')],
    )
    expect(components.map(({ name, locations }) => [name, locations[0]?.layer])).toEqual([
      ['a', 0],
      ['b', 1],
    ])
  })

  test('of which a part is damaged gives the rest, and a note', async () => {
    const { components, notes } = await inventoryOf([
      status(stanza('a', '1'), 'no field at all\n\n', stanza('b', '2'), 'Package: c\n\n'),
    ])
    expect(components.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(notes).toMatchObject([{ code: 'database-damaged', location: { path: 'var/lib/dpkg/status' } }])
  })
})

describe('status.d', () => {
  test('has a file for each package, with or without checksums', async () => {
    const { components } = await inventoryOf([
      bookworm,
      file('var/lib/dpkg/status.d/base', 'Package: base-files\nVersion: 12.4\nArchitecture: amd64\n'),
      file('var/lib/dpkg/status.d/base.md5sums', `${'0'.repeat(32)}  usr/lib/os-release\n`),
      file('var/lib/dpkg/status.d/tzdata', stanza('tzdata', '2024a', { Architecture: 'all' })),
      file('var/lib/dpkg/status.d/tzdata.preinst', '#!/bin/sh\n'),
    ])
    expect(components.map(({ name, files }) => [name, files])).toEqual([
      ['base-files', ['usr/lib/os-release']],
      ['tzdata', undefined],
    ])
  })

  test('and status together list a package once', async () => {
    const { components } = await inventoryOf([
      status(stanza('a', '1')),
      file('var/lib/dpkg/status.d/a', stanza('a', '1')),
    ])
    expect(components).toHaveLength(1)
  })
})

test('any bytes in any of its files give packages with name and version, or none', () => {
  const line = fc.oneof(
    fc.constantFrom(
      'Package: a',
      'Version: 1',
      'Status: install ok installed',
      'Source: b (2',
      'Depends: a |, b',
      '',
    ),
    fc.constantFrom(
      ' continued',
      ':',
      'Provides: ,,|',
      'Format: copyright-format',
      'License: MIT or',
      'Files: *',
    ),
    fc.string(),
  )
  const path = fc.constantFrom(
    'var/lib/dpkg/status',
    'var/lib/dpkg/status.d/a',
    'var/lib/dpkg/info/a.list',
    'var/lib/dpkg/info/a.md5sums',
    'usr/share/doc/a/copyright',
  )
  fc.assert(
    fc.property(path, fc.array(line), (name, lines) => {
      const bytes = Buffer.from(lines.join('\n'))
      const fact = readDpkgFact({
        path: name,
        size: bytes.length,
        mode: 0o644,
        start: bytes.subarray(0, 32),
        bytes,
      })
      const facts = fact === undefined ? [] : [{ location: { path: name }, fact }]
      const { components } = dpkgCataloguer.combine(facts, { has: () => true })
      for (const component of components) expect([component.name, component.version]).not.toContain('')
    }),
  )
})
