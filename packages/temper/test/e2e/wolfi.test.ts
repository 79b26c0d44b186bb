import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  makeKey,
  publish,
  type SampleFile,
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
import { layerEntries } from '../support/layer-entries.ts'

/*
 * Images of Wolfi, from a signed repository of the test's own: one repository without releases, packages of the GNU C library
 * as apk has them, all below /usr with links at the old places.
 */

const key = makeKey('mirror@example.org-1.rsa.pub')
const architectures = { x86_64: 62, aarch64: 183 } as const
type ApkArchitecture = keyof typeof architectures
let folder = ''
let mirror: SampleMirror
let context: Context

const link = (target: string): SampleFile => ({ type: 'symlink', target, mode: 0o777 })

/** A small Wolfi: base files, the C library, a shell, and a server with libraries at two places. */
function world(architecture: ApkArchitecture): readonly SamplePackage[] {
  const machine = architectures[architecture]
  const loader = architecture === 'x86_64' ? 'lib64/ld-linux-x86-64.so.2' : 'lib/ld-linux-aarch64.so.1'
  const name = loader.slice(loader.indexOf('/') + 1)
  const libc = 'libc.so.6'
  const program = (needed: readonly string[]) =>
    buildElf({ machine, type: 3, interpreter: `/${loader}`, needed })
  const library = (soname: string, needed: readonly string[] = [libc]) => ({
    content: buildElf({ machine, type: 3, soname, needed }),
    mode: 0o755,
  })
  const own = { architecture } as const
  return [
    {
      ...own,
      name: 'wolfi-baselayout',
      version: '20230201-r29',
      provides: 'merged-bin merged-lib merged-sbin merged-usrsbin',
      files: {
        bin: link('usr/bin'),
        sbin: link('usr/bin'),
        lib: link('usr/lib'),
        lib64: link('usr/lib'),
        'usr/sbin': link('bin'),
        'usr/lib64': link('lib'),
        'usr/local/lib64': link('lib'),
        'etc/passwd': 'root:x:0:0:root:/root:/bin/ash\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n',
        'etc/group': 'root:x:0:root\ntty:x:5:\nnobody:x:65534:\n',
        'etc/os-release': 'ID=wolfi\nVERSION_ID="20230201"\n',
      },
    },
    {
      ...own,
      name: 'glibc-2.43',
      version: '2.43-r15',
      depends: '!musl merged-lib wolfi-baselayout',
      provides: `glibc=2.43-r15 so:${name}=2.43 so:${libc}=6`,
      files: {
        [`usr/lib/${name}`]: library(name, []),
        [`usr/lib/${libc}`]: library(libc, [name]),
        'etc/ld.so.conf': 'include /etc/ld.so.conf.d/*.conf\n',
        'etc/ld.so.conf.d/libc.conf': '/usr/local/lib\n/usr/lib\n',
      },
    },
    {
      ...own,
      name: 'busybox',
      depends: `merged-bin so:${libc}`,
      priority: 10,
      provides: 'cmd:sh=1.38.0-r1',
      triggers: '/bin /usr/bin',
      scripts: { trigger: '#!/usr/bin/busybox sh\n/usr/bin/busybox --install -s\n' },
      files: {
        'usr/bin/busybox': { content: program([libc]), mode: 0o755 },
        'etc/busybox-paths.d/busybox': 'usr/bin/ls\nusr/bin/sh\n',
      },
    },
    {
      ...own,
      name: 'libgreet',
      version: '2.1-r0',
      origin: 'greet',
      provides: 'so:libgreet.so.2=2.1 so:libfar.so.1=1',
      depends: `so:${libc}`,
      files: {
        // As packages from before everything was merged have it.
        'lib64/libgreet.so.2': link('libgreet.so.2.1'),
        'lib64/libgreet.so.2.1': library('libgreet.so.2'),
        'opt/far/libfar.so.1': library('libfar.so.1'),
        'etc/ld.so.conf.d/far.conf': '/opt/far\n',
      },
    },
    {
      ...own,
      name: 'greet',
      version: '2.1-r0',
      depends: `busybox so:${libc} so:libgreet.so.2 so:libfar.so.1`,
      provides: 'cmd:greet=2.1-r0',
      files: {
        'usr/sbin/greet': { content: program(['libgreet.so.2', 'libfar.so.1', libc]), mode: 0o755 },
      },
    },
  ]
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-wolfi-'))
  mirror = await startMirror()
  context = sampleContext(folder, {
    fetch: globalThis.fetch,
    offline: false,
    mirrors: { wolfi: [`${mirror.address}/os`] },
    keysDir: new URL('../../keys', import.meta.url).pathname,
  })
  for (const name of ['x86_64', 'aarch64'] as const)
    publish(mirror, `os/${name}`, { key, hash: 'RSA256', packages: world(name) })
  await writeFile(join(folder, key.name), key.publicKey)
  await recipe('greet')
  await writeFile(join(folder, 'security.json'), JSON.stringify(secdb))
  await importFeeds({ paths: ['security.json'] }, context)
})

afterAll(async () => {
  mirror.close()
  await rm(folder, { recursive: true, force: true })
})

async function recipe(name: string, more = '', packages = '[greet]'): Promise<string> {
  const text = [
    `name: ${name}`,
    'distribution: wolfi',
    'platforms: [linux/amd64, linux/arm64]',
    `contents: { packages: ${packages}, keyring: ["${key.name}"] }`,
    more,
  ].join('\n')
  await writeFile(join(folder, `${name}.yaml`), `${text}\n`)
  return `${name}.yaml`
}

/** Wolfi's list of repairs: one that the image has, one that it lacks. */
const secdb = {
  apkurl: '{{urlprefix}}/{{reponame}}/{{arch}}/{{pkg.name}}-{{pkg.ver}}.apk',
  archs: ['x86_64', 'aarch64'],
  reponame: 'os',
  urlprefix: 'https://packages.wolfi.dev',
  packages: [
    { pkg: { name: 'greet', secfixes: { '2.0-r3': ['CVE-2026-1000'], '2.2-r0': ['CVE-2026-2000'] } } },
    { pkg: { name: 'glibc-2.43', secfixes: { '2.43-r1': ['CVE-2026-3000'] } } },
  ],
}

/** What lies in a built image, by path. */
async function entriesOf(layout: string) {
  return new Map((await layerEntries(layout)).map((entry) => [entry.path, entry]))
}

describe('an image of Wolfi', () => {
  it('is locked from the one repository, without shell and what only serves it', async () => {
    const { lock: locked } = await lock({ target: 'greet.yaml' }, context)
    expect(locked.suites).toMatchObject([
      { repository: 'wolfi', suite: 'wolfi', components: ['os'], address: `${mirror.address}/os` },
    ])
    for (const { packages, pruned, unmodelledEffects, effects } of locked.platforms) {
      expect(packages.map(({ name }) => name)).toEqual([
        'glibc-2.43',
        'greet',
        'libgreet',
        'wolfi-baselayout',
      ])
      expect(pruned.map(({ name }) => name)).toEqual(['busybox'])
      expect(unmodelledEffects).toEqual([])
      expect(effects.map(({ effect }) => effect)).toContain('ld-so-conf')
    }
  })

  it('is built, listed, scanned, stated and built again to the same digest', async () => {
    const output = join(folder, 'out')
    const built = await build({ target: 'greet.yaml', layout: { path: output }, vexFeeds: {} }, context)
    expect(built.platforms.map(({ platform, packages }) => [platform, packages])).toEqual([
      ['linux/amd64', 4],
      ['linux/arm64', 4],
    ])
    const reference = parseReference(`oci:${output}`)
    const platform = { os: 'linux', architecture: 'amd64' }
    const { text } = await sbom(
      { target: { kind: 'image', reference }, format: 'cyclonedx-json', source: 'attached', platform },
      context,
    )
    expect(text).toContain('pkg:apk/wolfi/greet@2.1-r0?arch=x86_64&distro=wolfi-20230201')
    const { reports } = await scan({ targets: [{ kind: 'image', reference }], platform }, context)
    // The feed is about what packages are built from.
    expect(reports[0]?.result.findings.map(({ id, component }) => [id, component.name])).toEqual([
      ['CVE-2026-2000', 'greet'],
      ['CVE-2026-2000', 'libgreet'],
    ])
    const stated = (await vex({ reference, keys: [] }, context)).text
    const { statements } = JSON.parse(stated)
    const statuses = statements.map(
      ({ vulnerability, status }: { vulnerability: { name: string }; status: string }) =>
        `${vulnerability.name} ${status}`,
    )
    expect(statuses).toContain('CVE-2026-1000 fixed')
    expect(statuses).toContain('CVE-2026-2000 affected')
    const again = await rebuild({ reference, keys: [] }, context)
    expect(again).toMatchObject({ equal: true, expected: built.digest })
  })

  it('has one folder of libraries, a database there, and a cache for what the loader does not search', async () => {
    const output = join(folder, 'files')
    await build({ target: 'greet.yaml', layout: { path: output }, platforms: ['linux/amd64'] }, context)
    const reference = parseReference(`oci:${output}`)
    const { inventory } = await inventoryOf({ kind: 'image', reference }, {}, context)
    expect(inventory.distribution).toMatchObject({ id: 'wolfi', version: '20230201', title: 'Wolfi' })
    expect(inventory.components.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'glibc-2.43 2.43-r15',
      'greet 2.1-r0',
      'libgreet 2.1-r0',
      'wolfi-baselayout 20230201-r29',
    ])
    const tree = await entriesOf(output)
    expect(tree.get('lib64')).toMatchObject({ type: 'symlink', target: 'usr/lib' })
    expect(tree.get('usr/lib/libgreet.so.2.1')?.type).toBe('file')
    expect(tree.get('usr/bin/greet')?.type).toBe('file')
    expect(tree.get('usr/lib/apk/db/installed')?.type).toBe('file')
    expect(tree.get('etc/ld.so.cache')?.type).toBe('file')
  })

  it('has the links of busybox where it may have a shell, with the program at its real place', async () => {
    const allow = 'hardening: { allow: [{ rule: shell, why: people look around in it }] }'
    const output = join(folder, 'shell')
    await build(
      {
        target: await recipe('shell', allow, '[busybox]'),
        layout: { path: output },
        platforms: ['linux/amd64'],
      },
      context,
    )
    expect((await entriesOf(output)).get('usr/bin/ls')).toMatchObject({ target: '/usr/bin/busybox' })
  })

  it('finds its loader without the base files, too', async () => {
    publish(mirror, 'bare/x86_64', {
      key,
      packages: world('x86_64').map((each) => ({
        ...each,
        depends: each.depends?.replace(/merged-\S+|wolfi-\S+|!musl|busybox/g, '') ?? '',
      })),
    })
    const output = join(folder, 'bare')
    const mirrors = { wolfi: [`${mirror.address}/bare`] }
    await build(
      { target: await recipe('bare'), layout: { path: output }, platforms: ['linux/amd64'] },
      { ...context, mirrors, cacheDir: join(folder, 'bare-cache') },
    )
    expect((await entriesOf(output)).get('lib64')).toMatchObject({ type: 'symlink', target: '/usr/lib' })
  })

  it('is refused when the repository is signed by an authority that is trusted', async () => {
    const text = await readFile(join(folder, 'greet.yaml'), 'utf8')
    await writeFile(join(folder, 'unknown.yaml'), text.replace(`, keyring: ["${key.name}"]`, ''))
    await expect(lock({ target: 'unknown.yaml' }, context)).rejects.toMatchObject({
      code: 'signature-invalid',
    })
  })
})
