import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { copy } from '../src/oci/copy.ts'
import { pushAll, sampleReferrer } from '../src/oci/fixtures/sample.ts'
import { readImage } from '../src/oci/image/read-image.ts'
import { openStore, resolveReference, targetName } from '../src/oci/open-store.ts'
import { parseReference } from '../src/oci/reference.ts'
import { tryDebianTool } from './support/debian-tool.ts'
import { type DockerRegistry, startDockerRegistry } from './support/docker-registry.ts'
import { pushImage, type SmallImage, smallImage, smallIndex } from './support/small-image.ts'

const skopeo = await tryDebianTool('skopeo')
const umoci = await tryDebianTool('umoci')
const oras = await tryDebianTool('oras', { from: 'trixie' })
const registryProgram = await tryDebianTool('docker-registry')

let folder: string
let registry: DockerRegistry | undefined
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-clients-'))
  if (registryProgram !== undefined) registry = await startDockerRegistry(registryProgram)
})
afterAll(async () => {
  await registry?.stop()
  await rm(folder, { recursive: true, force: true })
})

async function run(program: string | undefined, args: readonly string[]): Promise<string> {
  const options = { cwd: folder, env: { ...process.env, HOME: folder, LC_ALL: 'C' }, maxBuffer: 16 << 20 }
  return (await promisify(execFile)(program ?? '', args, options)).stdout
}

/** Writes an image to a reference, as a flow would. */
async function write(text: string, image: SmallImage): Promise<void> {
  const reference = parseReference(text)
  const store = await openStore(reference, { fetch: globalThis.fetch, workingDir: folder })
  try {
    await pushImage(store, image)
    await store.tag(image.root, targetName(reference))
  } finally {
    await store.close()
  }
}

async function digestAt(text: string): Promise<string> {
  const reference = parseReference(text)
  const store = await openStore(reference, { fetch: globalThis.fetch, workingDir: folder })
  try {
    return (await resolveReference(store, reference)).digest
  } finally {
    await store.close()
  }
}

const policy = ['--insecure-policy']
const plain = ['--tls-verify=false']

describe.skipIf(skopeo === undefined)('skopeo', () => {
  test.each(['oci:out-oci:v1', 'oci-archive:out-oci.tar:v1', 'docker-archive:out-docker.tar:app:v1'])(
    'inspects and copies %s that we wrote',
    async (reference) => {
      const image = smallImage()
      await write(reference, image)
      const seen = JSON.parse(await run(skopeo, [...policy, 'inspect', reference]))
      expect(seen).toMatchObject({ Architecture: 'amd64', Os: 'linux', Env: ['PATH=/usr/bin'] })
      expect(seen.Layers).toHaveLength(2)
      const config = JSON.parse(await run(skopeo, [...policy, 'inspect', '--config', reference]))
      expect(config.config).toMatchObject({ User: '65532:65532', Entrypoint: ['/app'] })
      const copied = `oci:copied-${reference.split(':')[0]}:v1`
      await run(skopeo, [...policy, 'copy', reference, copied])
      // Docker's archives hold no manifests for skopeo: it makes one of its own from the layers.
      if (!reference.startsWith('docker')) expect(await digestAt(copied)).toBe(image.root.digest)
      else await expectLayers(copied, image)
    },
  )

  test.each(['oci:in-oci:v1', 'oci-archive:in-oci.tar:v1', 'docker-archive:in-docker.tar:app:v1'])(
    'writes %s that we read',
    async (reference) => {
      const image = smallImage()
      await write('oci:source:v1', image)
      await run(skopeo, [...policy, 'copy', 'oci:source:v1', reference])
      if (!reference.startsWith('docker')) expect(await digestAt(reference)).toBe(image.root.digest)
      await expectLayers(reference, image)
      // The only image needs no name.
      await expectLayers(reference.split(':').slice(0, 2).join(':'), image)
    },
  )

  test.each(['oci:platforms:v1', 'oci-archive:platforms.tar:v1'])(
    'copies every platform of an index in %s that we wrote',
    async (reference) => {
      const index = smallIndex()
      await write(reference, index)
      const copied = `oci:copied-${reference.split(':')[0]}-platforms:v1`
      await run(skopeo, [...policy, 'copy', '--all', reference, copied])
      expect(await digestAt(copied)).toBe(index.root.digest)
    },
  )

  test.skipIf(registryProgram === undefined).each(['oci', 'docker'] as const)(
    'pulls from the registry what we pushed and pushes what we pull, %s types',
    async (mediaTypes) => {
      const image = smallImage({ mediaTypes })
      await write(`${registry?.host}/ours:${mediaTypes}`, image)
      const from = `docker://${registry?.host}/ours:${mediaTypes}`
      expect(JSON.parse(await run(skopeo, [...policy, 'inspect', ...plain, from])).Digest).toBe(
        image.root.digest,
      )
      const theirs = `${registry?.host}/theirs:${mediaTypes}`
      await run(skopeo, [
        ...policy,
        'copy',
        '--src-tls-verify=false',
        '--dest-tls-verify=false',
        from,
        `docker://${theirs}`,
      ])
      expect(await digestAt(theirs)).toBe(image.root.digest)
      await expectLayers(theirs, image)
    },
  )
})

/** The image at a reference has the same uncompressed layers, and its bytes are those promised. */
async function expectLayers(text: string, image: SmallImage): Promise<void> {
  const reference = parseReference(text)
  const store = await openStore(reference, { fetch: globalThis.fetch, workingDir: folder })
  try {
    const stored = await readImage(store, await resolveReference(store, reference))
    const config = JSON.parse(await configOf(image))
    expect(stored.layers.map((layer) => layer.diffId)).toEqual(config.rootfs.diff_ids)
    const target = await openStore(parseReference('oci:verified'), { workingDir: folder })
    await copy(store, target, stored.descriptor)
  } finally {
    await store.close()
  }
}

async function configOf(image: SmallImage): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of image.blobs.at(-2)?.open() ?? []) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

describe.skipIf(umoci === undefined)('umoci', () => {
  test('unpacks a layout that we wrote', async () => {
    const image = smallImage()
    await write('oci:unpack:v1', image)
    await run(umoci, ['unpack', '--rootless', '--image', 'unpack:v1', 'bundle'])
    for (const [path, content] of Object.entries(image.files))
      expect(await readFile(join(folder, 'bundle/rootfs', path), 'utf8')).toBe(content)
    const { process: runtime } = JSON.parse(await readFile(join(folder, 'bundle/config.json'), 'utf8'))
    expect(runtime).toMatchObject({ user: { uid: 65532, gid: 65532 }, args: ['/app'] })
  })

  test('lists and changes it, and we read on', async () => {
    await write('oci:changed:v1', smallImage())
    expect((await run(umoci, ['list', '--layout', 'changed'])).trim()).toBe('v1')
    await run(umoci, ['config', '--image', 'changed:v1', '--tag', 'v2', '--config.user', '1000'])
    await run(umoci, ['gc', '--layout', 'changed'])
    const store = await openStore(parseReference('oci:changed'), { workingDir: folder })
    expect((await readImage(store, await store.resolve('v2'))).config.config?.User).toBe('1000')
    expect((await store.resolve('v1')).digest).toBe(smallImage().root.digest)
  })
})

describe.skipIf(oras === undefined)('oras', () => {
  const type = 'application/vnd.example.sbom'

  test('discovers what we attached in a layout and pulls it', async () => {
    const image = smallImage()
    await write('oci:attached:v1', image)
    const store = await openStore(parseReference('oci:attached'), { workingDir: folder })
    await pushAll(store, sampleReferrer(image.root, type, 'in a layout'))
    const discovered = JSON.parse(
      await run(oras, ['discover', '--format', 'json', '--oci-layout', 'attached:v1']),
    )
    expect(discovered.manifests).toMatchObject([{ artifactType: type }])
    const manifest = JSON.parse(
      await run(oras, ['manifest', 'fetch', '--oci-layout', `attached@${discovered.manifests[0].digest}`]),
    )
    expect(manifest.subject.digest).toBe(image.root.digest)
  })

  test.skipIf(registryProgram === undefined)(
    'discovers what we attached in the registry, and we what it did',
    async () => {
      const image = smallImage({ bytes: 1000 })
      const place = `${registry?.host}/discovered`
      await write(`${place}:v1`, image)
      const store = await openStore(parseReference(place), { fetch: globalThis.fetch })
      const ours = sampleReferrer(image.root, type, 'in a registry')
      await pushAll(store, ours)
      const discovered = JSON.parse(
        await run(oras, ['discover', '--plain-http', '--format', 'json', `${place}:v1`]),
      )
      expect(discovered.manifests).toMatchObject([{ artifactType: type, digest: ours.descriptor.digest }])
      const attach = [
        'attach',
        '--plain-http',
        '--artifact-type',
        'application/vnd.example.note',
        `${place}:v1`,
      ]
      await run(oras, [...attach, '--annotation', 'said=hello'])
      const all: (string | undefined)[] = []
      for await (const each of store.referrers(image.root.digest)) all.push(each.artifactType)
      expect(all.sort()).toEqual(['application/vnd.example.note', type])
      await run(oras, [
        'copy',
        '--from-plain-http',
        '--to-oci-layout',
        '-r',
        `${place}:v1`,
        'copied-by-oras:v1',
      ])
      expect(await digestAt('oci:copied-by-oras:v1')).toBe(image.root.digest)
      const layout = await openStore(parseReference('oci:copied-by-oras'), { workingDir: folder })
      const types: (string | undefined)[] = []
      for await (const each of layout.referrers(image.root.digest)) types.push(each.artifactType)
      expect(types.sort()).toEqual(['application/vnd.example.note', type])
    },
  )
})
