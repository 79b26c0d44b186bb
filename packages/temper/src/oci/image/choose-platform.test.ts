import { describe, expect, test } from 'vitest'
import { type Descriptor, mediaTypes } from '../../model/image.ts'
import { parseImagePlatform } from '../../model/platform.ts'
import { createMemoryStore } from '../memory.ts'
import { jsonBlob, pushAll, sampleImage } from '../sample.ts'
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
