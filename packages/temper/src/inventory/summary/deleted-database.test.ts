import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { type SampleEntry, sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { encodeTarHeader, tarEnd } from '../../formats/tar/write.ts'
import { apkCataloguer } from '../apk/cataloguer.ts'
import { dpkgCataloguer } from '../dpkg/cataloguer.ts'
import { bookworm, file, list, stanza, status } from '../fixtures/sample-tree.ts'
import { readImageInventory } from '../reading/image.ts'
import { rpmCataloguer } from '../rpm/cataloguer.ts'
import { traceReader } from '../traces.ts'

const read = (...layers: readonly (readonly SampleEntry[])[]) =>
  readImageInventory(sampleImage(layers), { cataloguers: [dpkgCataloguer, apkCataloguer, rpmCataloguer] })
const changelog = (path: string, line: string) =>
  file(path, gzipSync(`${line}\n\n  * New.\n\n -- A <a@b.example>  Mon, 01 Jan 2024 00:00:00 +0000\n`))

describe('an image without package database', () => {
  test('has the packages of the lower layer that had it, of which files are left', async () => {
    const { components, notes } = await read(
      [
        bookworm,
        status(stanza('bash', '5.2'), stanza('dpkg', '1.22')),
        list('bash', '/bin/bash'),
        list('dpkg', '/usr/bin/dpkg'),
        file('bin/bash'),
        file('usr/bin/dpkg'),
      ],
      [file('var/lib/.wh.dpkg', ''), file('usr/bin/.wh.dpkg', '')],
    )
    expect(components).toMatchObject([
      {
        name: 'bash',
        version: '5.2',
        purl: 'pkg:deb/debian/bash@5.2?arch=amd64&distro=debian-12',
        files: ['bin/bash'],
        foundBy: 'inferred-from-deleted-database',
        locations: [{ path: 'var/lib/dpkg/status', layer: 0 }],
      },
    ])
    expect(notes).toMatchObject([{ code: 'package-database-deleted' }])
  })

  test('has the packages whose changelogs are there', async () => {
    const { components, notes } = await read([
      bookworm,
      changelog('usr/share/doc/libc6/changelog.Debian.gz', 'glibc (2.36-9+deb12u8) bookworm; urgency=medium'),
      changelog('usr/share/doc/bash/changelog.Debian.amd64.gz', 'bash (5.2.15-2+b7) sid; urgency=low'),
      changelog('usr/share/doc/bash/changelog.Debian.gz', 'bash (5.2.15-2) unstable; urgency=medium'),
      changelog('usr/share/doc/nginx/changelog.gz', 'Changes with nginx 1.2'),
      file('usr/share/doc/libc6/copyright'),
      file('usr/share/doc/tzdata/copyright'),
    ])
    expect(components).toMatchObject([
      { name: 'bash', version: '5.2.15-2+b7', source: { name: 'bash', version: '5.2.15-2' } },
      {
        name: 'libc6',
        version: '2.36-9+deb12u8',
        source: { name: 'glibc', version: '2.36-9+deb12u8' },
        foundBy: 'inferred-from-changelog',
      },
    ])
    expect(notes).toMatchObject([
      { code: 'package-database-deleted', message: expect.stringContaining('without a version: tzdata') },
    ])
  })

  test('has the packages whose scripts apk kept', async () => {
    const entry = { type: 'file', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 } as const
    const names = ['busybox-1.36.1-r29.Q1abc=.post-install', 'busybox-1.36.1-r29.Q1abc=.trigger', 'odd']
    const tar = Buffer.concat([...names.map((path) => encodeTarHeader({ ...entry, path })), tarEnd])
    const { components } = await read([
      file('etc/alpine-release', '3.20.3\n'),
      file('lib/apk/db/scripts.tar', tar),
      file('lib/ld-musl-x86_64.so.1'),
    ])
    expect(components).toMatchObject([
      { type: 'apk', name: 'busybox', version: '1.36.1-r29', foundBy: 'inferred-from-scripts' },
    ])
  })

  test('says so when only a library shows that packages were installed', async () => {
    const { components, notes } = await read([bookworm, file('usr/lib/x86_64-linux-gnu/libc.so.6')])
    expect(components).toEqual([])
    expect(notes).toMatchObject([
      {
        code: 'package-database-deleted',
        message: expect.stringContaining('seen: usr/lib/x86_64-linux-gnu/libc.so.6'),
      },
    ])
  })

  test('and without any sign of packages is not suspected', async () => {
    expect((await read([bookworm, file('app')])).notes).toEqual([])
  })
})

test('changelogs count for nothing where there is a database', async () => {
  const { components, notes } = await read([
    bookworm,
    status(stanza('bash', '5.2')),
    changelog('usr/share/doc/other/changelog.gz', 'other (1) unstable; urgency=low'),
    file('usr/share/doc/more/changelog.gz', 'not gzip'),
  ])
  expect(components.map(({ name }) => name)).toEqual(['bash'])
  expect(notes).toEqual([])
})

test('traces in any bytes are packages with name and version, or none', async () => {
  const path = fc.constantFrom('usr/share/doc/a/changelog.gz', 'lib/apk/db/scripts.tar')
  const text = fc.oneof(fc.string(), fc.constantFrom('a (1) b; c', 'a () b;', ' a (1:2-3+b4) x; y'))
  await fc.assert(
    fc.asyncProperty(
      path,
      fc.oneof(
        fc.uint8Array(),
        text.map((line) => gzipSync(line)),
      ),
      async (name, bytes) => {
        const head = { path: name, size: bytes.length, mode: 0o644, start: bytes.subarray(0, 32) }
        try {
          for (const trace of (await traceReader.read({ ...head, bytes })) ?? [])
            expect([trace.name, trace.version]).not.toContain('')
        } catch (error) {
          if (!(error instanceof TemperError)) throw error
        }
      },
    ),
  )
})
