import { describe, expect, it } from 'vitest'
import { sha256 } from '../../base/digest.ts'
import { mediaTypes } from '../../model/image.ts'
import { createMemoryStore } from '../fixtures/memory.ts'
import { pushAll, sampleImage } from '../fixtures/sample.ts'
import { list } from '../fixtures/store.conformance.ts'
import { attachedDocument, attachedFiles } from './artifact.ts'

const image = sampleImage()
const document = Buffer.from('{"a":1}')
const options = { artifactType: 'application/vnd.example.sbom' }

async function manifestOf({
  manifest,
}: ReturnType<typeof attachedDocument>): Promise<Record<string, unknown>> {
  return JSON.parse(Buffer.concat(await list(manifest.open())).toString())
}

describe('a document that is attached', () => {
  it('has a manifest with the image as its subject, and the empty configuration', async () => {
    const subject = {
      ...image.descriptor,
      annotations: { a: 'b' },
      platform: { os: 'linux', architecture: 'arm64' },
    }
    expect(await manifestOf(attachedDocument(subject, document, options))).toEqual({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType: 'application/vnd.example.sbom',
      config: { mediaType: mediaTypes.ociEmpty, digest: sha256('{}'), size: 2 },
      layers: [{ mediaType: 'application/vnd.example.sbom', digest: sha256(document), size: 7 }],
      subject: image.descriptor,
    })
  })

  it('may be of another media type, and have annotations', async () => {
    const made = await manifestOf(
      attachedDocument(image.descriptor, document, {
        ...options,
        mediaType: 'application/json',
        annotations: { a: 'b' },
      }),
    )
    expect(made).toMatchObject({
      artifactType: options.artifactType,
      annotations: { a: 'b' },
      layers: [{ mediaType: 'application/json' }],
    })
  })

  it('is the same bytes each time', () => {
    const [one, other] = [
      attachedDocument(image.descriptor, document, options),
      attachedDocument(image.descriptor, document, options),
    ]
    expect(one.manifest.descriptor).toEqual(other.manifest.descriptor)
  })

  it('can be pushed, and is listed with the image', async () => {
    const store = createMemoryStore()
    await pushAll(store, image)
    const { manifest, blobs } = attachedDocument(image.descriptor, document, {
      ...options,
      annotations: { a: 'b' },
    })
    for (const blob of [...blobs, manifest]) await store.push(blob)
    expect(await list(store.referrers(image.descriptor.digest, options.artifactType))).toEqual([
      { ...manifest.descriptor, ...options, annotations: { a: 'b' } },
    ])
  })
})

it('files that are attached are layers of their own, with their names', async () => {
  const files = [
    { bytes: document, mediaType: 'a/b', title: 'a.json' },
    { bytes: Buffer.from('x'), mediaType: 'c/d' },
  ]
  const made = attachedFiles(image.descriptor, files, options)
  expect(made.blobs.map(({ descriptor }) => descriptor.size)).toEqual([2, 7, 1])
  expect((await manifestOf(made))['layers']).toEqual([
    {
      mediaType: 'a/b',
      digest: sha256(document),
      size: 7,
      annotations: { 'org.opencontainers.image.title': 'a.json' },
    },
    { mediaType: 'c/d', digest: sha256('x'), size: 1 },
  ])
})
