import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import { buildElf } from '../../formats/elf/fixtures/fixture-elf.ts'
import { type SampleEntry, sampleImage } from '../../formats/layer/fixtures/sample-image.ts'
import { type Descriptor, mediaTypes } from '../../model/image.ts'
import { parentOf } from '../../model/tree/path.ts'
import { jsonBlob } from '../../oci/fixtures/sample.ts'
import { readImage } from '../../oci/image/read-image.ts'
import { openLayout } from '../../oci/layout/layout.ts'
import { openStore } from '../../oci/open-store.ts'
import { parseReference } from '../../oci/reference.ts'
import { LoopbackRegistry } from '../../oci/registry/fixtures/loopback/registry.ts'
import { readImageTree } from '../../tree/image.ts'
import { build } from '../build/build.ts'
import type { Context } from '../context.ts'
import { archiveContext } from '../fixtures/sample-archive.ts'
import { file, link } from '../harden/fixtures/sample-image.ts'
import { lock } from '../lock/lock.ts'
import { rebuild } from '../rebuild/rebuild.ts'

/* A base for two platforms, in a registry. */

const machines = {
  amd64: { machine: 62, loader: 'lib64/ld-linux-x86-64.so.2' },
  arm64: { machine: 183, loader: 'lib/ld-linux-aarch64.so.1' },
} as const
type Name = keyof typeof machines
const names = ['amd64', 'arm64'] as const

let home = ''
let context: Context
let registry: LoopbackRegistry
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'temper-base-platforms-'))
  ;({ context } = await archiveContext(home, [
    { name: 'tool', fields: { Architecture: 'all' }, files: { '/usr/share/tool/data': 'tool' } },
  ]))
  registry = await LoopbackRegistry.start()
})
afterAll(async () => {
  await registry.stop()
  await cleanUp()
  await rm(home, { recursive: true, force: true })
})

function rootOf(name: Name, needed: readonly string[]): readonly SampleEntry[] {
  const { machine, loader } = machines[name]
  const program = buildElf({ machine, type: 3, pie: true, interpreter: `/${loader}`, needed })
  return [
    file('etc/os-release', 'ID=debian\nVERSION_ID="13"\n'),
    file('etc/passwd', 'root:x:0:0:root:/root:/usr/sbin/nologin\n'),
    file('etc/group', 'root:x:0:\n'),
    link(parentOf(loader), `usr/${parentOf(loader)}`),
    file(`usr/${loader}`, buildElf({ machine, type: 3, soname: loader.split('/').at(-1) ?? '' }), 0o755),
    file('usr/bin/app', program, 0o755),
    file('etc/built-for', name),
  ]
}

/** Pushes an image for each platform and an index of both; what the programs need by platform. */
async function publish(reference: string, needs: Partial<Record<Name, readonly string[]>> = {}) {
  const store = await openStore(parseReference(reference), context)
  const members: Record<string, Descriptor> = {}
  for (const architecture of names) {
    const image = sampleImage([rootOf(architecture, needs[architecture] ?? [])], {
      Entrypoint: ['/usr/bin/app'],
    })
    const config = jsonBlob({ ...image.config, architecture }, mediaTypes.ociConfig)
    const manifest = jsonBlob({ ...image.manifest, config: config.descriptor }, mediaTypes.ociManifest)
    for (const blob of [...image.layers, config, manifest]) await store.push(blob)
    members[architecture] = { ...manifest.descriptor, platform: { os: 'linux', architecture } }
  }
  const index = jsonBlob(
    { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: Object.values(members) },
    mediaTypes.ociIndex,
  )
  await store.push(index)
  await store.tag(index.descriptor, '1')
  await store.close()
  return { index: index.descriptor, members }
}

async function recipe(name: string, base: string): Promise<string> {
  const path = join(home, `${name}.yaml`)
  await writeFile(
    path,
    `name: ${name}\nbase: ${base}\nplatforms: [linux/amd64, linux/arm64]\ncontents: { packages: [tool] }\n`,
  )
  return path
}

it('builds the image of each platform on that of its own, from one index that the lock pins', async () => {
  const base = `${registry.host}/team/base:1`
  const { index, members } = await publish(base)
  const target = await recipe('app', base)
  await lock({ target }, context)
  const written = JSON.parse(await readFile(join(home, 'app.lock.json'), 'utf8'))
  expect(written.platforms.map((each: { base: object }) => each.base)).toEqual(
    names.map((name) => ({ image: base, digest: members[name]?.digest, index: index.digest })),
  )
  const first = await build({ target }, context)
  const store = openLayout(join(home, 'out/app'))
  for (const architecture of names) {
    const image = await readImage(store, await store.resolve(first.digest), {
      platform: { os: 'linux', architecture },
    })
    const below = await openStore(parseReference(base), context)
    const own = await readImage(below, members[architecture] as Descriptor)
    expect(image.config.architecture).toBe(architecture)
    expect(image.layers[0]?.descriptor.digest).toBe(own.layers[0]?.descriptor.digest)
    const annotations = image.manifest.annotations ?? {}
    expect(annotations['org.opencontainers.image.base.digest']).toBe(own.descriptor.digest)
    expect(annotations['org.opencontainers.image.base.name']).toBe(base)
    const tree = await readImageTree(image, { keep: () => true })
    const text = (path: string) => Buffer.from(tree.resolve(path)?.content ?? '').toString()
    expect([text('etc/built-for'), text('usr/share/tool/data')]).toEqual([architecture, 'tool'])
  }
  // The tag moves, and whoever builds has neither cache nor another name for the base than the lock's digests.
  await publish(base, { arm64: ['libnone.so.1'] })
  const elsewhere = { ...context, cacheDir: join(home, 'other-cache') }
  const again = await build({ target, layout: { path: 'again' } }, elsewhere)
  expect(again.digest).toBe(first.digest)
  const reference = { kind: 'oci', path: join(home, 'out/app') } as const
  expect((await rebuild({ reference, keys: [] }, context)).equal).toBe(true)
})

it('proves each', async () => {
  const base = `${registry.host}/team/broken:1`
  await publish(base, { arm64: ['libnone.so.1'] })
  const broken = build({ target: await recipe('broken', base) }, context)
  await expect(broken).rejects.toMatchObject({
    code: 'not-closed',
    message: expect.stringContaining('libnone.so.1'),
  })
})

it('takes what the tag named for the first platform for all, should it move while the base is fetched', async () => {
  const base = `${registry.host}/team/moving:1`
  const { index, members } = await publish(base)
  let moved = false
  const moving: typeof fetch = async (...request) => {
    const answer = await fetch(...request)
    if (!moved && String(request[0]).includes('/team/moving/blobs/')) {
      moved = true
      await publish(base, { arm64: ['libnone.so.1'] })
    }
    return answer
  }
  const target = await recipe('moved', base)
  await lock({ target }, { ...context, fetch: moving, cacheDir: join(home, 'moving-cache') })
  expect(moved).toBe(true)
  const written = JSON.parse(await readFile(join(home, 'moved.lock.json'), 'utf8'))
  expect(written.platforms[1].base).toEqual({
    image: base,
    digest: members['arm64']?.digest,
    index: index.digest,
  })
})

it('says so where the base has no image of a platform', async () => {
  const base = `${registry.host}/team/base:1`
  const { members } = await publish(base)
  const one = `${registry.host}/team/base@${members['amd64']?.digest}`
  await expect(build({ target: await recipe('one', one) }, context)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('linux/arm64'),
  })
})
