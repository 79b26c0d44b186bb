import { expect, test } from 'vitest'
import { pushAll, sampleImage, sampleIndex, sampleReferrer } from '../../oci/fixtures/sample.ts'
import { openStore } from '../../oci/open-store.ts'
import { parseReference } from '../../oci/reference.ts'
import { LoopbackRegistry } from '../../oci/registry/fixtures/loopback/registry.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { listTags } from './list-tags.ts'

test('lists images of one platform and of several, and what is no image', async () => {
  const registry = await LoopbackRegistry.start({ referrers: { status: 404 }, ociSubject: false })
  try {
    const context = sampleContext('/nowhere', { offline: false, fetch: globalThis.fetch })
    const place = `${registry.host}/team/app`
    const store = await openStore(parseReference(place), { fetch: globalThis.fetch })
    const [image, index] = [sampleImage(), sampleIndex()]
    const artifact = sampleReferrer(image.descriptor, 'a/b')
    for (const sample of [image, index, artifact]) await pushAll(store, sample)
    await store.tag(image.descriptor, 'single')
    await store.tag(index.descriptor, 'both')
    await store.tag(artifact.descriptor, 'document')
    const { reference, tags } = await listTags(parseReference(place), context)
    expect(reference).toBe(place)
    expect(tags).toEqual([
      expect.objectContaining({
        tag: 'both',
        digest: index.descriptor.digest,
        platforms: ['linux/amd64', 'linux/arm64'],
        size: 2 * 1536,
      }),
      { tag: 'document', digest: artifact.descriptor.digest, mediaType: artifact.descriptor.mediaType },
      expect.objectContaining({ tag: 'single', digest: image.descriptor.digest, size: 2 * 1536 }),
    ])
  } finally {
    await registry.stop()
  }
})
