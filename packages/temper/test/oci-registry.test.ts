import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { copy } from '../src/oci/copy.ts'
import { pushAll, sampleIndex, sampleReferrer } from '../src/oci/fixtures/sample.ts'
import { list, storeConformance } from '../src/oci/fixtures/store.conformance.ts'
import { openLayout } from '../src/oci/layout/layout.ts'
import { openStore, resolveReference, targetName } from '../src/oci/open-store.ts'
import { parseReference } from '../src/oci/reference.ts'
import { dockerCredentials } from '../src/oci/registry/credentials.ts'
import { tryDebianTool } from './support/debian-tool.ts'
import { type DockerRegistry, startDockerRegistry } from './support/docker-registry.ts'
import { pushImage, smallImage } from './support/small-image.ts'

const program = await tryDebianTool('docker-registry')

/** user, pass:word */
const htpasswd = 'user:$2y$05$abcdefghijklmnopqrstuuDIEddBSuRWBBEY6g5zv60IAP5bSSfki\n'

describe.skipIf(program === undefined)("Debian's docker-registry", () => {
  let registry: DockerRegistry
  let guarded: DockerRegistry
  let folder: string
  let repositories = 0
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temper-registry-test-'))
    registry = await startDockerRegistry(program ?? '')
    guarded = await startDockerRegistry(program ?? '', { htpasswd })
  })
  afterAll(async () => {
    await registry?.stop()
    await guarded?.stop()
    await rm(folder, { recursive: true, force: true })
  })
  const open = (text: string) => openStore(parseReference(text), { fetch: globalThis.fetch })

  storeConformance('docker-registry', {
    create: async () => {
      const reference = `${registry.host}/conformance/r${++repositories}`
      return { open: () => open(reference) }
    },
  })

  test.each(['oci', 'docker'] as const)(
    'gives back an image with %s media types, byte for byte',
    async (mediaTypes) => {
      const image = smallImage({ mediaTypes })
      const layout = openLayout(join(folder, `from-${mediaTypes}`))
      await pushImage(layout, image)
      const reference = parseReference(`${registry.host}/team/app:${mediaTypes}`)
      const remote = await openStore(reference, { fetch: globalThis.fetch })
      await copy(layout, remote, image.root)
      await remote.tag(image.root, targetName(reference))
      const root = await resolveReference(remote, reference)
      expect(root).toEqual(image.root)
      const back = openLayout(join(folder, `back-${mediaTypes}`))
      await copy(remote, back, root)
      for (const { descriptor } of image.blobs) {
        const path = `blobs/sha256/${descriptor.digest.slice(7)}`
        const [a, b] = [`from-${mediaTypes}`, `back-${mediaTypes}`].map((name) =>
          readFile(join(folder, name, path)),
        )
        expect(await a).toEqual(await b)
      }
    },
  )

  test('keeps what is attached, and a second registry gets it by copy', async () => {
    const source = await open(`${registry.host}/team/evidence`)
    const index = sampleIndex('evidence')
    await pushAll(source, index)
    const attached = sampleReferrer(index.descriptor, 'application/vnd.example.sbom')
    const onAttached = sampleReferrer(attached.descriptor, 'application/vnd.example.signature')
    await pushAll(source, attached)
    await pushAll(source, onAttached)
    const target = await open(`${registry.host}/team/evidence-copy`)
    await copy(source, target, index.descriptor, { referrers: 'copy', mountFrom: ['team/evidence'] })
    expect(await list(target.referrers(index.descriptor.digest))).toHaveLength(1)
    expect(
      await list(target.referrers(attached.descriptor.digest, 'application/vnd.example.signature')),
    ).toHaveLength(1)
  })

  test('with a password takes what config.json says and nothing less', async () => {
    const image = smallImage({ bytes: 1000 })
    const reference = parseReference(`${guarded.host}/team/app:v1`)
    const anonymous = await openStore(reference, { fetch: globalThis.fetch })
    await expect(pushImage(anonymous, image)).rejects.toMatchObject({ code: 'unauthorized' })
    const dockerConfig = join(folder, 'config.json')
    const auth = Buffer.from('user:pass:word').toString('base64')
    await writeFile(dockerConfig, JSON.stringify({ auths: { [guarded.host]: { auth } } }))
    const store = await openStore(reference, {
      fetch: globalThis.fetch,
      credentials: dockerCredentials(dockerConfig, { environment: {} }),
    })
    await pushImage(store, image)
    await store.tag(image.root, 'v1')
    expect(await resolveReference(store, reference)).toEqual(image.root)
  })
})
