import { describe, expect, test } from 'vitest'
import { type Descriptor, mediaTypes } from '../../model/image.ts'
import { parseImagePlatform } from '../../model/platform.ts'
import type { Store } from '../../model/store.ts'
import { createMemoryStore } from '../fixtures/memory.ts'
import { blobOf, jsonBlob, pushAll, sampleImage, sampleIndex, sampleReferrer } from '../fixtures/sample.ts'
import { imageMembers } from './members.ts'
import { readImage } from './read-image.ts'

/** An index of images for these platforms; each image's first layer is called as its platform. */
async function indexOf(...platforms: readonly string[]) {
  const store = createMemoryStore()
  const manifests: Descriptor[] = []
  for (const text of platforms) {
    const platform = parseImagePlatform(text)
    const image = sampleImage(text.replaceAll('/', '-'), { architecture: platform.architecture })
    await pushAll(store, image)
    manifests.push({ ...image.descriptor, platform })
  }
  const index = jsonBlob({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }, mediaTypes.ociIndex)
  await store.push(index)
  return {
    choose: async (wanted: string) => {
      const chosen = await readImage(store, index.descriptor, { platform: parseImagePlatform(wanted) })
      return platforms[manifests.findIndex(({ digest }) => digest === chosen.descriptor.digest)]
    },
  }
}

/** An index of what is given, in a store. */
async function indexIn(store: Store, manifests: readonly Descriptor[]): Promise<Descriptor> {
  const index = jsonBlob({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests }, mediaTypes.ociIndex)
  await store.push(index)
  return index.descriptor
}

describe('of an image for several platforms', () => {
  const all = [
    'linux/amd64',
    'linux/arm/v5',
    'linux/arm/v7',
    'linux/arm64/v8',
    'linux/s390x',
    'windows/amd64',
  ]

  test.each(all)('%s is chosen by its name', async (platform) => {
    expect(await (await indexOf(...all)).choose(platform)).toBe(platform)
  })

  test.each([
    ['linux/arm', 'linux/arm/v7'],
    ['arm64', 'linux/arm64/v8'],
    ['linux/x86_64', 'linux/amd64'],
  ])('%s is %s', async (wanted, expected) => {
    expect(await (await indexOf(...all)).choose(wanted)).toBe(expected)
  })

  test('the only variant is the one that is meant', async () => {
    expect(await (await indexOf('linux/amd64', 'linux/arm/v6')).choose('linux/arm')).toBe('linux/arm/v6')
  })

  test('one that is not there is not replaced by a similar one', async () => {
    await expect((await indexOf('linux/arm/v7', 'linux/amd64')).choose('linux/arm/v6')).rejects.toMatchObject(
      {
        code: 'not-found',
        message: expect.stringMatching(/has no linux\/arm\/v6; it has: linux\/arm\/v7, linux\/amd64$/),
      },
    )
  })
})

describe('of an index in an index', () => {
  const platform = parseImagePlatform('linux/arm64')

  async function nested(depth: number) {
    const store = createMemoryStore()
    const sample = sampleIndex()
    await pushAll(store, sample)
    let root = sample.descriptor
    for (let i = 0; i < depth; i++) root = await indexIn(store, [root])
    return { store, root }
  }

  // As `ctr image import --index-name` joins what it imports.
  test('the image of the platform is found', async () => {
    const { store, root } = await nested(2)
    expect((await readImage(store, root, { platform })).config.architecture).toBe('arm64')
    expect(await imageMembers(store, root)).toHaveLength(2)
    await expect(readImage(store, root)).rejects.toMatchObject({
      message: expect.stringMatching(/for several platforms: linux\/amd64, linux\/arm64$/),
    })
  })

  test('more of them than anybody makes are refused', async () => {
    const { store, root } = await nested(12)
    await expect(readImage(store, root, { platform })).rejects.toMatchObject({ code: 'limit-exceeded' })
  })

  test('one that is not there is an error of its own', async () => {
    const store = createMemoryStore()
    const missing = sampleIndex('elsewhere').descriptor
    const root = await indexIn(store, [missing])
    await expect(readImage(store, root, { platform })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(missing.digest),
    })
  })
})

describe('of an index that lists more than images', () => {
  test('what says nothing of its platform is asked for it', async () => {
    const store = createMemoryStore()
    const images = ['amd64', 'arm64'].map((architecture) => sampleImage(architecture, { architecture }))
    for (const image of images) await pushAll(store, image)
    const root = await indexIn(
      store,
      images.map(({ descriptor }) => descriptor),
    )
    const choose = (text: string) => readImage(store, root, { platform: parseImagePlatform(text) })
    expect((await choose('arm64')).descriptor.digest).toBe(images[1]?.descriptor.digest)
    await expect(choose('s390x')).rejects.toMatchObject({ code: 'not-found' })
  })

  test('attestations, other artifacts and blobs are no images', async () => {
    const store = createMemoryStore()
    const [image, signature] = [sampleImage(), sampleReferrer(sampleImage().descriptor, 'text/plain')]
    await pushAll(store, image)
    await pushAll(store, signature)
    const mark = { 'vnd.docker.reference.type': 'attestation-manifest' }
    const root = await indexIn(store, [
      { ...signature.descriptor, artifactType: 'application/vnd.example' },
      { ...signature.descriptor, annotations: mark },
      { ...blobOf('x').descriptor, mediaType: 'application/xml' },
      { ...image.descriptor, artifactType: mediaTypes.ociConfig },
    ])
    expect((await readImage(store, root)).descriptor.digest).toBe(image.descriptor.digest)
  })

  // As registries list charts, models and signatures, often without an artifactType in the index.
  test('artifacts that the index does not call so are told by what they are', async () => {
    const store = createMemoryStore()
    const charts = ['one', 'two'].map((content) =>
      sampleReferrer(sampleImage().descriptor, 'application/vnd.example.chart', content),
    )
    for (const chart of charts) await pushAll(store, chart)
    const members = charts.map(({ descriptor }) => descriptor)
    const root = await indexIn(store, members)
    const marked = members.map((each) => ({ ...each, artifactType: 'application/vnd.example.model' }))
    const platform = parseImagePlatform('amd64')
    const told = (kind: string) => ({
      code: 'bad-image',
      message: expect.stringMatching(
        new RegExp(`^Index sha256:.*found other kinds of artifacts: "application/vnd.example.${kind}"$`),
      ),
      hint: expect.stringContaining('Name the image itself'),
    })
    await expect(readImage(store, root)).rejects.toMatchObject(told('chart'))
    await expect(readImage(store, root, { platform })).rejects.toMatchObject(told('chart'))
    await expect(readImage(store, await indexIn(store, marked))).rejects.toMatchObject(told('model'))
    await expect(readImage(store, await indexIn(store, marked), { platform })).rejects.toMatchObject(
      told('model'),
    )
  })

  test('the only image among artifacts is the one that is meant', async () => {
    const store = createMemoryStore()
    const [image, chart] = [sampleImage(), sampleReferrer(sampleImage().descriptor, 'text/x-chart')]
    await pushAll(store, image)
    await pushAll(store, chart)
    const root = await indexIn(store, [chart.descriptor, image.descriptor])
    expect((await readImage(store, root)).descriptor.digest).toBe(image.descriptor.digest)
    const platform = parseImagePlatform('amd64')
    expect((await readImage(store, root, { platform })).descriptor.digest).toBe(image.descriptor.digest)
  })

  test('images without platforms are listed by those of their configurations', async () => {
    const store = createMemoryStore()
    const images = ['amd64', 'arm64'].map((architecture) => sampleImage(architecture, { architecture }))
    for (const image of images) await pushAll(store, image)
    const root = await indexIn(
      store,
      images.map(({ descriptor }) => descriptor),
    )
    await expect(readImage(store, root)).rejects.toMatchObject({
      message: expect.stringMatching(/for several platforms: linux\/amd64, linux\/arm64$/),
    })
  })
})
