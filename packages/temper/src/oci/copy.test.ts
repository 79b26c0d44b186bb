import { describe, expect, test } from 'vitest'
import type { Progress } from '../base/progress.ts'
import type { Blob, Descriptor } from '../model/image.ts'
import { mediaTypes } from '../model/image.ts'
import type { Store } from '../model/store.ts'
import { copy } from './copy.ts'
import { createMemoryStore } from './fixtures/memory.ts'
import { blobOf, jsonBlob, pushAll, sampleImage, sampleIndex, sampleReferrer } from './fixtures/sample.ts'
import { list } from './fixtures/store.conformance.ts'
import { readImage } from './image/read-image.ts'

/** A memory store that writes down what is done with it. */
function watched(): Store & { readonly pushed: Descriptor[]; readonly fetched: Descriptor[]; most: number } {
  const store = createMemoryStore()
  const pushed: Descriptor[] = []
  const fetched: Descriptor[] = []
  let running = 0
  const watching = {
    pushed,
    fetched,
    most: 0,
    resolve: (name: string) => store.resolve(name),
    has: (descriptor: Descriptor) => store.has(descriptor),
    fetch: (descriptor: Descriptor) => {
      fetched.push(descriptor)
      return store.fetch(descriptor)
    },
    async push(blob: Blob) {
      watching.most = Math.max(watching.most, ++running)
      await new Promise((done) => setTimeout(done, 1))
      await store.push(blob)
      pushed.push(blob.descriptor)
      running--
    },
    tag: (descriptor: Descriptor, name: string) => store.tag(descriptor, name),
    tags: () => store.tags(),
    referrers: (subject: Descriptor['digest'], type?: string) => store.referrers(subject, type),
    close: () => store.close(),
  }
  return watching
}

describe('copy', () => {
  test('pushes children before parents, each once', async () => {
    const [from, to] = [watched(), watched()]
    const index = sampleIndex()
    await pushAll(from, index)
    await copy(from, to, index.descriptor)
    const order = to.pushed.map((descriptor) => descriptor.digest)
    expect(new Set(order).size).toBe(order.length)
    const kinds = to.pushed.map(({ mediaType }) => mediaType)
    expect(kinds.slice(-3)).toEqual([mediaTypes.ociManifest, mediaTypes.ociManifest, mediaTypes.ociIndex])
    expect(order.toSorted()).toEqual(index.blobs.map((blob) => blob.descriptor.digest).toSorted())
  })

  test('moves nothing when all is there, and only what is missing', async () => {
    const [from, to] = [watched(), watched()]
    const index = sampleIndex()
    await pushAll(from, index)
    const [first] = index.blobs
    if (first) await to.push(first)
    await copy(from, to, index.descriptor)
    expect(to.pushed).toHaveLength(index.blobs.length)
    const before = from.fetched.length
    await copy(from, to, index.descriptor)
    expect(to.pushed).toHaveLength(index.blobs.length)
    expect(from.fetched).toHaveLength(before)
  })

  test('has as many blobs under way as it may', async () => {
    for (const concurrency of [1, 3]) {
      const [from, to] = [watched(), watched()]
      const image = sampleImage('wide', { layers: 12 })
      await pushAll(from, image)
      await copy(from, to, image.descriptor, { concurrency })
      expect(to.most).toBe(concurrency)
    }
  })

  test('takes along what is attached, and what is attached to that', async () => {
    const [from, to] = [createMemoryStore(), createMemoryStore()]
    const index = sampleIndex()
    const child = sampleImage('sample-amd64', { architecture: 'amd64' })
    const one = sampleReferrer(child.descriptor, 'a/b')
    const two = sampleReferrer(one.descriptor, 'c/d')
    for (const sample of [index, one, two]) await pushAll(from, sample)
    await copy(from, to, index.descriptor)
    expect(await list(to.referrers(child.descriptor.digest))).toEqual([])
    await copy(from, to, index.descriptor, { referrers: 'copy' })
    expect(await list(to.referrers(child.descriptor.digest))).toHaveLength(1)
    expect(await list(to.referrers(one.descriptor.digest))).toHaveLength(1)
  })

  test('tells how far it is, in bytes of blobs', async () => {
    const [from, to] = [createMemoryStore(), createMemoryStore()]
    const image = sampleImage()
    await pushAll(from, image)
    const [layer] = image.blobs
    if (layer) await to.push(layer)
    let [total, done, ended] = [0, 0, 0]
    const progress: Progress = {
      start(_, options) {
        total = options?.total ?? 0
        const advance = (amount: number) => {
          done += amount
        }
        return { advance, done: () => void ended++ }
      },
      note: () => {},
      warn: () => {},
    }
    await copy(from, to, image.descriptor, { progress })
    expect(done).toBe(total)
    expect(total).toBe(image.blobs.slice(0, -1).reduce((sum, blob) => sum + blob.descriptor.size, 0))
    expect(ended).toBe(1)
  })

  test('leaves the target without a manifest when a blob fails', async () => {
    const [from, to] = [createMemoryStore(), createMemoryStore()]
    const image = sampleImage()
    await pushAll(from, image)
    const broken: Store = Object.assign(Object.create(from), {
      resolve: from.resolve.bind(from),
      fetch: (descriptor: Descriptor) =>
        descriptor.mediaType === mediaTypes.ociLayerTar ? failing() : from.fetch(descriptor),
    })
    await expect(copy(broken, to, image.descriptor)).rejects.toThrow('broken')
    expect(await to.has(image.descriptor)).toBe(false)
  })

  test('copies a single blob', async () => {
    const [from, to] = [createMemoryStore(), createMemoryStore()]
    const blob = blobOf('alone')
    await from.push(blob)
    await copy(from, to, blob.descriptor)
    expect(await to.has(blob.descriptor)).toBe(true)
  })

  test('refuses indices nested without end and blobs of two sizes', async () => {
    const from = createMemoryStore()
    let inner: Blob = jsonBlob(
      { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] },
      mediaTypes.ociIndex,
    )
    await from.push(inner)
    for (let i = 0; i < 20; i++) {
      const manifests = [inner.descriptor]
      inner = jsonBlob({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }, mediaTypes.ociIndex)
      await from.push(inner)
    }
    await expect(copy(from, createMemoryStore(), inner.descriptor)).rejects.toMatchObject({
      code: 'limit-exceeded',
    })
    const { descriptor } = blobOf('x')
    const lying = jsonBlob(
      {
        schemaVersion: 2,
        mediaType: mediaTypes.ociManifest,
        config: descriptor,
        layers: [{ ...descriptor, size: 9 }],
      },
      mediaTypes.ociManifest,
    )
    await from.push(lying)
    await expect(copy(from, createMemoryStore(), lying.descriptor)).rejects.toMatchObject({
      code: 'bad-image',
    })
  })
})

async function* failing(): AsyncGenerator<Uint8Array, void, void> {
  yield new Uint8Array(10)
  throw new Error('broken')
}

describe('readImage', () => {
  test('chooses the platform, and says which there are', async () => {
    const store = createMemoryStore()
    const index = sampleIndex()
    await pushAll(store, index)
    const image = await readImage(store, index.descriptor, {
      platform: { os: 'linux', architecture: 'amd64' },
    })
    expect(image.config.architecture).toBe('amd64')
    await expect(readImage(store, index.descriptor)).rejects.toMatchObject({
      code: 'bad-usage',
      message: expect.stringContaining('linux/amd64, linux/arm64'),
    })
  })

  test('takes the only image of an index, beside attestations', async () => {
    const store = createMemoryStore()
    const image = sampleImage()
    const manifests = [
      { ...image.descriptor, platform: { os: 'linux', architecture: 'amd64' } },
      {
        ...sampleReferrer(image.descriptor, 'a/b').descriptor,
        platform: { os: 'unknown', architecture: 'unknown' },
      },
    ]
    const index = jsonBlob(
      { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests },
      mediaTypes.ociIndex,
    )
    await pushAll(store, { descriptor: index.descriptor, blobs: [...image.blobs, index] })
    expect((await readImage(store, index.descriptor)).descriptor.digest).toBe(image.descriptor.digest)
    await expect(
      readImage(store, index.descriptor, { platform: { os: 'linux', architecture: 'arm64' } }),
    ).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('it has: linux/amd64') })
  })

  test('refuses what is no image', async () => {
    const store = createMemoryStore()
    const image = sampleImage()
    const artifact = sampleReferrer(image.descriptor, 'a/b')
    await pushAll(store, image)
    await pushAll(store, artifact)
    await expect(readImage(store, artifact.descriptor)).rejects.toMatchObject({
      code: 'bad-image',
      message: expect.stringContaining('another kind of artifact'),
    })
    const [layer, , config] = image.blobs.map((blob) => blob.descriptor)
    for (const layers of [[layer], [layer, { ...layer, mediaType: 'application/x-rar' }]]) {
      const odd = jsonBlob(
        { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers },
        mediaTypes.ociManifest,
      )
      await store.push(odd)
      await expect(readImage(store, odd.descriptor)).rejects.toMatchObject({ code: 'bad-image' })
    }
    const large = { ...image.descriptor, size: 5 << 20 }
    await expect(readImage(store, large)).rejects.toMatchObject({ code: 'limit-exceeded' })
  })
})
