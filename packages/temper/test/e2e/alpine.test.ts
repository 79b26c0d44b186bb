import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  makeKey,
  publish,
  type SampleMirror,
  type SamplePackage,
  startMirror,
} from '../../src/distro/apk/fixtures/repository.ts'
import { build } from '../../src/flows/build/build.ts'
import type { Context } from '../../src/flows/context.ts'
import { importFeeds } from '../../src/flows/feeds/import.ts'
import { sampleContext } from '../../src/flows/fixtures/sample-context.ts'
import { inventoryOf } from '../../src/flows/inventory/inventory.ts'
import { lock } from '../../src/flows/lock/lock.ts'
import { rebuild } from '../../src/flows/rebuild/rebuild.ts'
import { sbom } from '../../src/flows/sbom/sbom.ts'
import { scan } from '../../src/flows/scan/scan.ts'
import { vex } from '../../src/flows/vex/vex.ts'
import { buildElf } from '../../src/formats/elf/fixtures/fixture-elf.ts'
import { parseReference } from '../../src/oci/reference.ts'

/* Images of Alpine, from a signed repository of the test's own: packages as apk has them, made here. */

const key = makeKey('mirror@example.org-1.rsa.pub')
const architectures = { x86_64: 62, aarch64: 183 } as const
type ApkArchitecture = keyof typeof architectures
let folder = ''
let mirror: SampleMirror
let context: Context

/** A small Alpine: the C library, a shell, certificates, and a server with scripts. */
function world(architecture: ApkArchitecture): readonly SamplePackage[] {
  const machine = architectures[architecture]
  const musl = `lib/ld-musl-${architecture}.so.1`
  const libc = `libc.musl-${architecture}.so.1`
  const program = (more: object = {}) =>
    buildElf({ machine, type: 3, interpreter: `/${musl}`, needed: [libc], ...more })
  const own = { architecture } as const
  return [
    {
      ...own,
      name: 'musl',
      provides: `so:${libc}=1`,
      files: {
        [musl]: { content: buildElf({ machine, type: 3, soname: 'libc.so' }), mode: 0o755 },
        [`lib/${libc}`]: { type: 'symlink', target: `ld-musl-${architecture}.so.1`, mode: 0o777 },
      },
    },
    {
      ...own,
      name: 'busybox',
      depends: `so:${libc}`,
      scripts: { 'post-install': '#!/bin/busybox sh\n/bin/busybox --install -s || exit 1\n' },
      triggers: '/bin',
      files: {
        'bin/busybox': { content: program(), mode: 0o755 },
        'etc/busybox-paths.d/busybox': 'bin/ls\nusr/bin/wget\n',
      },
    },
    {
      ...own,
      name: 'busybox-binsh',
      depends: 'busybox',
      provides: '/bin/sh cmd:sh=1.0-r0',
      priority: 100,
      files: { 'bin/sh': { type: 'symlink', target: '/bin/busybox', mode: 0o777 } },
    },
    { ...own, name: 'ssl_client', depends: `so:${libc}`, installIf: 'busybox libgreet' },
    {
      ...own,
      name: 'libgreet',
      version: '2.1-r0',
      origin: 'greet',
      provides: 'so:libgreet.so.2=2.1',
      depends: `so:${libc}`,
      files: {
        'usr/lib/libgreet.so.2': { type: 'symlink', target: 'libgreet.so.2.1', mode: 0o777 },
        'usr/lib/libgreet.so.2.1': {
          content: buildElf({ machine, type: 3, soname: 'libgreet.so.2', needed: [libc] }),
          mode: 0o755,
        },
      },
    },
    {
      ...own,
      name: 'greet',
      version: '2.1-r0',
      licence: 'GPL-2.0-or-later',
      depends: `/bin/sh so:${libc} so:libgreet.so.2 libgreet~2.1`,
      provides: 'cmd:greet=2.1-r0',
      scripts: {
        'pre-install':
          '#!/bin/sh\naddgroup -S greet 2>/dev/null\nadduser -S -D -H -h /var/lib/greet -s /sbin/nologin -G greet -g greet greet 2>/dev/null\nexit 0\n',
        'post-install': '#!/bin/sh\nmkdir -p var/lib/greet\nchown greet:greet var/lib/greet\nwarm-up --all\n',
      },
      files: {
        'usr/bin/greet': { content: program({ needed: ['libgreet.so.2', libc] }), mode: 0o755 },
        'etc/init.d/greet': { content: '#!/sbin/openrc-run\n', mode: 0o755 },
        'etc/greet.conf': 'word = hello\n',
      },
    },
  ]
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-alpine-'))
  mirror = await startMirror()
  context = sampleContext(folder, {
    fetch: globalThis.fetch,
    offline: false,
    mirrors: { alpine: [mirror.address] },
    keysDir: new URL('../../keys', import.meta.url).pathname,
  })
  for (const name of ['x86_64', 'aarch64'] as const)
    publish(mirror, `v3.23/main/${name}`, { key, hash: 'RSA256', packages: world(name) })
  await writeFile(join(folder, key.name), key.publicKey)
  await recipe('greet')
  await writeFile(join(folder, 'secdb.json'), JSON.stringify(secdb))
  await importFeeds({ paths: ['secdb.json'] }, context)
})

afterAll(async () => {
  mirror.close()
  await rm(folder, { recursive: true, force: true })
})

async function recipe(name: string, more = '', packages = '[greet]'): Promise<string> {
  const text = [
    `name: ${name}`,
    'distribution: alpine-3.23',
    'platforms: [linux/amd64, linux/arm64]',
    `contents: { packages: ${packages}, keyring: ["${key.name}"] }`,
    more,
  ].join('\n')
  await writeFile(join(folder, `${name}.yaml`), `${text}\n`)
  return `${name}.yaml`
}

/** Alpine's list of repairs: one that the image has, one that it lacks. */
const secdb = {
  distroversion: 'v3.23',
  reponame: 'main',
  urlprefix: 'https://dl-cdn.alpinelinux.org/alpine',
  apkurl: '{{urlprefix}}/{{distroversion}}/{{reponame}}/{{arch}}/{{pkg.name}}-{{pkg.ver}}.apk',
  archs: ['x86_64', 'aarch64'],
  packages: [
    { pkg: { name: 'greet', secfixes: { '2.0-r3': ['CVE-2026-1000'], '2.2-r0': ['CVE-2026-2000'] } } },
    { pkg: { name: 'musl', secfixes: { '0.9-r0': ['CVE-2026-3000'] } } },
  ],
}

describe('an image of Alpine', () => {
  it('is locked by what packages need, without shell and what only serves it', async () => {
    const { lock: locked } = await lock({ target: 'greet.yaml' }, context)
    expect(locked.suites).toMatchObject([
      {
        repository: 'alpine',
        suite: 'v3.23',
        components: ['main'],
        signedBy: [expect.stringMatching(/^[0-9A-F]{64}$/)],
      },
    ])
    expect(locked.platforms).toHaveLength(2)
    for (const { packages, pruned, unmodelledEffects, effects } of locked.platforms) {
      expect(packages.map(({ name, wantedBy }) => [name, wantedBy])).toEqual([
        ['greet', 'recipe'],
        ['libgreet', 'greet'],
        ['musl', 'greet'],
      ])
      expect(pruned.map(({ name }) => name)).toEqual(['busybox', 'busybox-binsh', 'ssl_client'])
      expect(unmodelledEffects).toMatchObject([
        { package: 'greet', script: 'post-install', command: 'warm-up --all' },
      ])
      expect(effects).toContainEqual({ effect: 'accounts', detail: '4 users, 5 groups: greet (101)' })
    }
    const { inventory } = await inventoryOf(
      { kind: 'lock', path: 'greet.lock.json' },
      { platform: { os: 'linux', architecture: 'amd64' } },
      context,
    )
    expect(inventory.distribution).toMatchObject({ id: 'alpine', version: '3.23' })
    expect(inventory.components.map(({ purl }) => purl)).toContain(
      'pkg:apk/alpine/libgreet@2.1-r0?arch=x86_64&distro=alpine-3.23&upstream=greet',
    )
  })

  it('is built, listed, scanned, stated and built again to the same digest', async () => {
    const output = join(folder, 'out')
    const built = await build({ target: 'greet.yaml', layout: { path: output }, vexFeeds: {} }, context)
    expect(built.platforms.map(({ platform, packages }) => [platform, packages])).toEqual([
      ['linux/amd64', 3],
      ['linux/arm64', 3],
    ])
    const reference = parseReference(`oci:${output}`)
    const platform = { os: 'linux', architecture: 'amd64' }
    const { text } = await sbom(
      { target: { kind: 'image', reference }, format: 'cyclonedx-json', source: 'attached', platform },
      context,
    )
    expect(text).toContain('pkg:apk/alpine/greet@2.1-r0?arch=x86_64&distro=alpine-3.23')
    expect(text).toContain('Alpine Linux')
    const { reports } = await scan({ targets: [{ kind: 'image', reference }], platform }, context)
    expect(reports[0]?.result.findings.map(({ id, component }) => [id, component.name])).toContainEqual([
      'CVE-2026-2000',
      'greet',
    ])
    expect(JSON.stringify(reports)).not.toContain('CVE-2026-3000')
    const stated = (await vex({ reference, keys: [] }, context)).text
    expect(stated).toContain('CVE-2026-2000')
    const { statements } = JSON.parse(stated)
    const statuses = statements.map(
      ({ vulnerability, status }: { vulnerability: { name: string }; status: string }) =>
        `${vulnerability.name} ${status}`,
    )
    expect(statuses).toContain('CVE-2026-1000 fixed')
    expect(statuses).toContain('CVE-2026-2000 affected')
    expect(statuses).not.toContain('CVE-2026-2000 fixed')
    expect(stated).toContain('Repaired in greet 2.0-r3')
    const again = await rebuild({ reference, keys: [] }, context)
    expect(again).toMatchObject({ equal: true, expected: built.digest })
  })

  it('tells apk and scanners what is in it', async () => {
    const output = join(folder, 'files')
    await build({ target: 'greet.yaml', layout: { path: output }, platforms: ['linux/amd64'] }, context)
    const { inventory } = await inventoryOf(
      { kind: 'image', reference: parseReference(`oci:${output}`) },
      {},
      context,
    )
    expect(inventory.components.map(({ name, version, files }) => [name, version, files?.length])).toEqual([
      ['greet', '2.1-r0', 2],
      ['libgreet', '2.1-r0', 1],
      ['musl', '1.0-r0', 1],
    ])
  })

  it('has the links of busybox when it may have a shell', async () => {
    const allow = 'hardening: { allow: [{ rule: shell, why: people look around in it }] }'
    const { lock: locked } = await lock({ target: await recipe('shell', allow, '[greet, busybox]') }, context)
    expect(locked.platforms[0]?.packages.map(({ name }) => name)).toContain('ssl_client')
    expect(locked.platforms[0]?.effects).toContainEqual({ effect: 'busybox-links', detail: '2 of busybox' })
  })

  it('is not made of what is not closed', async () => {
    const packages = world('x86_64').map((each) =>
      each.name === 'libgreet' ? { ...each, files: { 'usr/lib/other.so': 'x' } } : each,
    )
    publish(mirror, 'broken/v3.23/main/x86_64', { key, packages })
    const mirrors = { alpine: [`${mirror.address}/broken`] }
    const cacheDir = join(folder, 'broken-cache')
    await expect(
      build(
        {
          target: await recipe('broken'),
          platforms: ['linux/amd64'],
          layout: { path: join(folder, 'broken') },
        },
        { ...context, mirrors, cacheDir },
      ),
    ).rejects.toMatchObject({ code: 'not-closed', message: expect.stringContaining('libgreet.so.2') })
  })

  it('refuses names that would delete files of other layers', async () => {
    publish(mirror, 'evil/v3.23/main/x86_64', {
      key,
      packages: [{ name: 'evil', files: { 'etc/.wh.passwd': 'x' } }],
    })
    const mirrors = { alpine: [`${mirror.address}/evil`] }
    await expect(
      build(
        {
          target: await recipe('evil', '', '[evil]'),
          platforms: ['linux/amd64'],
          layout: { path: join(folder, 'evil') },
        },
        { ...context, mirrors, cacheDir: join(folder, 'evil-cache') },
      ),
    ).rejects.toMatchObject({ code: 'bad-archive', message: expect.stringContaining('.wh.') })
  })

  it('takes a tagged repository only where a package asks for it', async () => {
    publish(mirror, 'edge/x86_64', {
      key,
      packages: [
        { name: 'greet', version: '3.0-r0' },
        { name: 'alone', version: '1.0-r0' },
      ],
    })
    const text = await readFile(join(folder, 'greet.yaml'), 'utf8')
    const tagged = (packages: string) =>
      text
        .replace('packages: [greet]', `packages: ${packages}, repositories: ["@edge ${mirror.address}/edge"]`)
        .replace(', linux/arm64', '')
    await writeFile(join(folder, 'plain.yaml'), tagged('[greet]'))
    await writeFile(join(folder, 'pinned.yaml'), tagged('[greet@edge]'))
    const versions = async (target: string) =>
      (await lock({ target }, context)).lock.platforms[0]?.packages.map(
        ({ name, version }) => `${name} ${version}`,
      )
    expect(await versions('plain.yaml')).toContain('greet 2.1-r0')
    expect(await versions('pinned.yaml')).toEqual(['greet 3.0-r0'])
  })
})
