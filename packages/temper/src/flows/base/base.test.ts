import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collect } from '../../base/bytes.ts'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import type { SampleEntry } from '../../formats/layer/fixtures/sample-image.ts'
import type { ImageConfig } from '../../model/image.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { readBounded } from '../../oci/image/read-manifest.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { readImageTree } from '../../tree/image.ts'
import { writeLayout } from '../assess/fixtures/sample-layout.ts'
import { build } from '../build/build.ts'
import type { Context } from '../context.ts'
import { archiveContext, type SampleDeb } from '../fixtures/sample-archive.ts'
import { file, link, program, type SamplePackage, sampleRoot } from '../harden/fixtures/sample-image.ts'
import { lock } from '../lock/lock.ts'
import { rebuild } from '../rebuild/rebuild.ts'

const debs: readonly SampleDeb[] = [
  {
    name: 'tool',
    version: '2.0-1',
    fields: { Depends: 'library (>= 1)' },
    files: { '/usr/share/tool/data': 'tool' },
    postinst: '#!/bin/sh\nset -e\nadduser --system --group --home /nonexistent toolish\n',
  },
  { name: 'library', version: '9.0-1', files: { '/usr/share/library/data': 'newer' } },
  { name: 'modern', fields: { Depends: 'library (>= 5)' }, files: { '/usr/share/modern/data': 'm' } },
  { name: 'thief', files: { '/usr/share/library/data': 'stolen' } },
]

const library: SamplePackage = {
  name: 'library',
  version: '1.5-1',
  files: [file('usr/share/library/data', 'library'), program('usr/bin/app')],
}

const settings: NonNullable<ImageConfig['config']> = {
  Entrypoint: ['/usr/bin/app'],
  Cmd: ['--serve'],
  Env: ['PATH=/usr/bin', 'LEVEL=1'],
  User: '5',
  WorkingDir: '/srv',
  StopSignal: 'SIGQUIT',
  ExposedPorts: { '80/tcp': {} },
  Labels: { team: 'base', 'io.temper.writable-paths': '/all' },
}

/** Of a finished image nobody wrote scripts of packages to, as of those that are hardened. */
function hardened(over: readonly SampleEntry[] = []): readonly (readonly SampleEntry[])[] {
  const root = sampleRoot([library], 'ID=debian\nVERSION_ID="13"\n').flatMap((entry) => {
    const { path } = entry
    if (path === 'etc/shadow' || /\.(?:postinst|list)$/.test(path)) return []
    if (path !== 'var/lib/dpkg/status') return [{ ...entry, path: path.replace('/info/', '/status.d/') }]
    const stanzas = String(entry.content).trimEnd().split('\n\n')
    return stanzas.map((text) =>
      file(`var/lib/dpkg/status.d/${/^Package: (.+)$/m.exec(text)?.[1]}`, `${text}\n`),
    )
  })
  return [
    [
      ...root.map((entry) => (entry.path === 'etc/passwd' ? passwd : entry)),
      file('usr/share/gone', 'gone'),
      file('etc/old.conf', 'old'),
      { path: 'srv', type: 'directory', mode: 0o755, uid: 0, gid: 0 },
    ],
    // A whiteout among the layers of a base is obeyed.
    [file('usr/share/.wh.gone', ''), ...over],
  ]
}

const passwd = file(
  'etc/passwd',
  'root:x:0:0:root:/root:/usr/sbin/nologin\ngames:x:5:60::/usr/games:/usr/sbin/nologin\n',
)

let folder = ''
let context: Context
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-base-'))
  ;({ context } = await archiveContext(folder, debs))
  await writeLayout(join(folder, 'below'), hardened(), settings)
})
afterAll(async () => {
  await cleanUp()
  await rm(folder, { recursive: true, force: true })
})

let recipes = 0
/** Builds an image over the sample base, from a recipe of its own. */
async function over(lines: string, more: { readonly base?: string; readonly lock?: boolean } = {}) {
  const name = `app${recipes++}`
  const target = join(folder, `${name}.yaml`)
  await writeFile(target, `name: ${name}\nbase: ${more.base ?? 'oci:below'}\n${lines}`)
  if (more.lock === true) await lock({ target }, context)
  const result = await build({ target }, context)
  const store = openLayout(join(folder, 'out', name))
  const image = await readImage(store, await store.resolve(result.digest))
  const tree = await readImageTree(image, { keep: () => true })
  const text = (path: string) => Buffer.from(tree.resolve(path)?.content ?? '').toString('utf8')
  return { name, target, result, image, tree, text, store }
}

async function below() {
  const store = openLayout(join(folder, 'below'))
  return await readImage(store, await store.resolve('latest'))
}

async function entriesOf(image: Awaited<ReturnType<typeof below>>): Promise<readonly string[]> {
  const last = image.layers.at(-1)
  const tree = last && (await readImageTree({ layers: [last] }, { keep: () => false }))
  return [...(tree?.nodes() ?? [])].filter(({ type }) => type !== 'directory').map(({ path }) => path)
}

describe('an image with a base', () => {
  it('has the layers of the base byte for byte, then its own', async () => {
    const { image, tree, text } = await over('contents: { packages: [tool] }\n')
    const base = await below()
    expect(image.layers.slice(0, 2).map(({ descriptor }) => descriptor.digest)).toEqual(
      base.layers.map(({ descriptor }) => descriptor.digest),
    )
    expect(image.config.rootfs.diff_ids.slice(0, 2)).toEqual(base.config.rootfs.diff_ids)
    expect(text('usr/share/tool/data')).toBe('tool')
    expect(tree.get('usr/share/gone')).toBeUndefined()
    expect(image.config.config?.Labels?.['org.opencontainers.image.base.digest']).toBe(base.descriptor.digest)
    expect(image.config.history).toHaveLength(image.layers.length)
  })

  it('installs nothing that the base has, whatever the archive has by now', async () => {
    const { text, result } = await over('contents: { packages: [tool, library] }\n')
    expect(text('usr/share/library/data')).toBe('library')
    // libc6, library, tool
    expect(result.platforms[0]?.packages).toBe(3)
  })

  it('says so when a package needs a newer one than the base has', async () => {
    await expect(over('contents: { packages: [modern] }\n')).rejects.toMatchObject({ code: 'unsatisfiable' })
  })

  it('lets no package take a file of a package of the base', async () => {
    await expect(over('contents: { packages: [thief] }\n')).rejects.toMatchObject({
      code: 'unsatisfiable',
      message: expect.stringContaining('library of the base and thief'),
    })
  })

  it('keeps the accounts of the base, and adds those of packages and of every image', async () => {
    const { text } = await over('contents: { packages: [tool] }\n')
    const lines = text('etc/passwd').trim().split('\n')
    expect(lines.map((line) => line.split(':')[0])).toEqual(['root', 'games', 'toolish', 'nonroot'])
    expect(lines[1]).toBe('games:x:5:60::/usr/games:/usr/sbin/nologin')
    expect(text('etc/os-release')).toBe('ID=debian\nVERSION_ID="13"\n')
  })

  it('is started as the base where the recipe says nothing', async () => {
    const { image } = await over('')
    expect(image.config.config).toMatchObject({
      Entrypoint: ['/usr/bin/app'],
      Cmd: ['--serve'],
      User: '5',
      WorkingDir: '/srv',
      Env: ['PATH=/usr/bin', 'LEVEL=1'],
      StopSignal: 'SIGQUIT',
      ExposedPorts: { '80/tcp': {} },
    })
    // What Temper says of the base is not said of what is built on it.
    expect(image.config.config?.Labels).toMatchObject({ team: 'base' })
    expect(image.config.config?.Labels?.['io.temper.writable-paths']).not.toBe('/all')
    const own = await over(
      'entrypoint: [/usr/bin/app, --other]\nenvironment: { LEVEL: 2 }\naccounts: { run-as: nonroot }\nwork-dir: /\nports: [81]\n',
    )
    expect(own.image.config.config).toMatchObject({
      Entrypoint: ['/usr/bin/app', '--other'],
      User: '65532',
      WorkingDir: '/',
      Env: ['PATH=/usr/bin', 'LEVEL=2'],
      ExposedPorts: { '80/tcp': {}, '81/tcp': {} },
    })
    expect(own.image.config.config?.Cmd).toBeUndefined()
  })

  it('writes in its layer what it changes, and nothing else', async () => {
    const { image } = await over(
      'paths:\n  - { type: file, path: /etc/new.conf, content: new }\n  - { type: delete, path: /etc/old.conf }\n' +
        '  - { type: permissions, path: /usr/share/library/data, permissions: 0o600 }\n',
    )
    const store = image.layers.at(-1)
    const bytes = await collect(store?.open() ?? (async function* () {})(), { limit: 1 << 20, what: 'layer' })
    expect(bytes.length).toBeGreaterThan(0)
    expect(await entriesOf(image)).toEqual(expect.arrayContaining(['etc/new.conf', 'usr/share/library/data']))
    const tree = await readImageTree(image, { keep: () => true })
    expect(tree.get('etc/old.conf')).toBeUndefined()
    const data = tree.get('usr/share/library/data')
    expect(data?.mode).toBe(0o600)
    expect(Buffer.from(data?.content ?? '').toString()).toBe('library')
  })

  it('is proved whole and hardened whole', async () => {
    await writeLayout(join(folder, 'loose'), hardened([{ ...program('usr/bin/su'), mode: 0o4755 }]), settings)
    await expect(over('', { base: 'oci:loose' })).rejects.toMatchObject({
      code: 'not-hardened',
      message: expect.stringContaining('of the base: /usr/bin/su'),
    })
    await writeLayout(
      join(folder, 'broken'),
      hardened([program('usr/bin/broken', ['libnone.so.1'])]),
      settings,
    )
    await expect(over('', { base: 'oci:broken' })).rejects.toMatchObject({ code: 'not-closed' })
    await writeLayout(join(folder, 'dangling'), hardened([link('usr/lib/none', 'nothing')]), settings)
    await expect(over('', { base: 'oci:dangling' })).rejects.toMatchObject({ code: 'not-closed' })
  })

  it('refuses another distribution, and names the right one', async () => {
    await expect(over('distribution: debian-12\n')).rejects.toMatchObject({
      code: 'bad-recipe',
      hint: 'Write "distribution: debian-13".',
    })
  })

  it('refuses to keep out what the base has, and images of a daemon', async () => {
    await expect(over('contents: { packages: ["!library", tool] }\n')).rejects.toMatchObject({
      code: 'bad-recipe',
      message: expect.stringContaining('excludes library'),
    })
    await expect(over('', { base: 'docker:below' })).rejects.toMatchObject({ code: 'bad-recipe' })
  })

  it('is built again from its lock without the base at hand, and from its provenance', async () => {
    await writeLayout(join(folder, 'moving'), hardened(), settings)
    const first = await over('contents: { packages: [tool] }\n', { base: 'oci:moving', lock: true })
    const written = JSON.parse(await readFile(first.target.replace('.yaml', '.lock.json'), 'utf8'))
    expect(written.platforms[0].base).toEqual({
      image: 'oci:moving',
      digest: (await below()).descriptor.digest,
    })
    // Another image of the same name: the lock decides.
    await writeLayout(join(folder, 'moving'), hardened([file('etc/other', 'x')]), settings)
    const again = await build(
      { target: first.target, layout: { path: 'again' } },
      { ...context, offline: true },
    )
    expect(again.digest).toBe(first.result.digest)
    const rebuilt = await rebuild(
      { reference: { kind: 'oci', path: join(folder, 'out', first.name) }, keys: [] },
      context,
    )
    expect(rebuilt.equal).toBe(true)
  })

  it('tells in its evidence what the base brought and what came on top', async () => {
    const { store, result } = await over('contents: { packages: [tool] }\n')
    const texts: string[] = []
    for await (const referrer of store.referrers(result.digest)) {
      const manifest = JSON.parse(Buffer.from(await readBounded(store, referrer, 1 << 20)).toString())
      for (const layer of manifest.layers)
        texts.push(Buffer.from(await readBounded(store, layer, 1 << 24)).toString())
    }
    const cyclonedx = JSON.parse(texts.find((text) => text.includes('"bomFormat"')) ?? '{}')
    const named = new Map(cyclonedx.components.map((each: { name: string }) => [each.name, each]))
    expect([...named.keys()]).toEqual(expect.arrayContaining(['libc6', 'library', 'tool']))
    expect(named.get('tool')).toMatchObject({ version: '2.0-1', hashes: [{ alg: 'SHA-256' }] })
    const provenance = JSON.parse(texts.find((text) => text.includes('urn:temper:build:image')) ?? '{}')
    expect(provenance.predicate.buildDefinition.resolvedDependencies).toContainEqual({
      name: 'oci:below',
      digest: { sha256: (await below()).descriptor.digest.slice(7) },
      annotations: { platforms: ['linux/amd64'], role: 'base' },
    })
  })
})
