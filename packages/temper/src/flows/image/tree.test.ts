import { describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { type Descriptor, mediaTypes } from '../../model/image.ts'
import { parseImagePlatform } from '../../model/platform.ts'
import { createMemoryStore } from '../../oci/fixtures/memory.ts'
import { jsonBlob, pushAll, sampleImage, sampleIndex, sampleReferrer } from '../../oci/fixtures/sample.ts'
import { chosenImage, imageTree } from './tree.ts'

/** A store with an index of these members. */
async function indexOf(...members: readonly (Descriptor & { readonly platform?: object })[]) {
  const store = createMemoryStore()
  for (const architecture of ['amd64', 'arm64'])
    await pushAll(store, sampleImage(architecture, { architecture }))
  const index = jsonBlob(
    { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: members },
    mediaTypes.ociIndex,
  )
  await store.push(index)
  return { store, root: index.descriptor }
}
const [amd64, arm64] = ['amd64', 'arm64'].map(
  (architecture) => sampleImage(architecture, { architecture }).descriptor,
) as [Descriptor, Descriptor]
const on = (architecture: string, variant?: string) => ({
  platform: { os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) },
})

describe('what a reference stands for', () => {
  it('is an image alone', async () => {
    const store = createMemoryStore()
    const image = sampleImage()
    await pushAll(store, image)
    expect(await imageTree(store, image.descriptor)).toEqual([{ descriptor: image.descriptor }])
  })

  it('is an index and the image of each platform, in its order', async () => {
    const { store, root } = await indexOf({ ...arm64, ...on('arm64', 'v8') }, { ...amd64, ...on('amd64') })
    const [top, ...images] = await imageTree(store, root)
    expect(top).toEqual({ descriptor: root })
    expect(images.map(({ platform, descriptor }) => [platform, descriptor.digest])).toEqual([
      ['linux/arm64/v8', arm64.digest],
      ['linux/amd64', amd64.digest],
    ])
  })

  it('is not what else lies in an index: attestations that BuildKit puts there', async () => {
    const attached = sampleReferrer(amd64, 'application/vnd.example.sbom')
    const { store, root } = await indexOf(
      { ...amd64, ...on('amd64') },
      { ...attached.descriptor, platform: { os: 'unknown', architecture: 'unknown' } },
    )
    expect((await imageTree(store, root)).map(({ platform }) => platform)).toEqual([undefined, 'linux/amd64'])
  })

  it('has a platform that is not known where none is said', async () => {
    const { store, root } = await indexOf(amd64)
    expect((await imageTree(store, root))[1]?.platform).toBe('unknown/unknown')
  })

  it('has to be there, all of it, with the bytes that its digests say', async () => {
    const gone = { ...amd64, digest: sha256('gone'), ...on('amd64') }
    const missing = await indexOf(gone)
    await expect(imageTree(missing.store, missing.root)).rejects.toMatchObject({ code: 'not-found' })
    const longer = await indexOf({ ...amd64, size: amd64.size + 1, ...on('amd64') })
    await expect(imageTree(longer.store, longer.root)).rejects.toMatchObject({ code: 'digest-mismatch' })
  })
})

describe('the image that is chosen', () => {
  it('is what is there without a platform, and else the one for it', async () => {
    const store = createMemoryStore()
    const index = sampleIndex('x')
    await pushAll(store, index)
    expect(await chosenImage(store, index.descriptor, undefined)).toEqual(index.descriptor)
    const chosen = await chosenImage(store, index.descriptor, parseImagePlatform('arm64'))
    expect(chosen.digest).toBe(sampleImage('x-arm64', { architecture: 'arm64' }).descriptor.digest)
    await expect(chosenImage(store, index.descriptor, parseImagePlatform('s390x'))).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})
