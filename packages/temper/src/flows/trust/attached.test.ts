import { beforeEach, describe, expect, it } from 'vitest'
import { signBundle } from '../../attest/envelope/bundle.ts'
import { sampleSigner } from '../../attest/fixtures/sample.ts'
import { digestSet, makeStatement } from '../../attest/statement/in-toto.ts'
import { bytesOf } from '../../base/bytes.ts'
import type { Digest } from '../../base/digest.ts'
import { TemperError } from '../../base/error.ts'
import { evidenceTypes, predicateTypes } from '../../model/attestation.ts'
import { type Descriptor, mediaTypes } from '../../model/image.ts'
import type { Store } from '../../model/store.ts'
import { createMemoryStore } from '../../oci/fixtures/memory.ts'
import { blobOf, jsonBlob, pushAll, sampleImage } from '../../oci/fixtures/sample.ts'
import { type Artifact, attachedDocument } from '../../oci/image/artifact.ts'
import { attach } from '../evidence/attach.ts'
import { judgeAttached } from './attached.ts'

const alice = sampleSigner()
const image = sampleImage('web')
const other = sampleImage('other')
let store: Store
beforeEach(async () => {
  store = createMemoryStore()
  await pushAll(store, image)
  await pushAll(store, other)
})

async function signature(of: Descriptor, attachedTo = of): Promise<Artifact> {
  const statement = makeStatement([{ digest: digestSet(of.digest) }], {
    predicateType: predicateTypes.signature,
    predicate: {},
  })
  return attachedDocument(attachedTo, await signBundle(statement, alice), {
    artifactType: evidenceTypes.bundle,
  })
}

/** A store that answers some calls in another way. */
function lying(change: Partial<Store>): Store {
  const names = ['resolve', 'has', 'fetch', 'push', 'tag', 'tags', 'referrers', 'close'] as const
  const methods = names.map((name) => [name, (...args: never[]) => Reflect.apply(store[name], store, args)])
  return { ...(Object.fromEntries(methods) as Store), ...change }
}

const judge = (from: Store = store) =>
  judgeAttached(from, image.descriptor, { trust: { keys: [alice.key], identities: [] } })

async function* listed(...descriptors: readonly Descriptor[]) {
  yield* descriptors
}

describe('a registry that tells the truth', () => {
  it('has verified evidence', async () => {
    const digest = (await attach(store, await signature(image.descriptor))).digest
    expect(await judge()).toMatchObject([{ verified: true, signers: [alice.key.id], digest }])
  })
})

/** What a registry, or whoever may write to it, can do: each has to be refused with the reason. */
const attacks: readonly (readonly [string, () => Promise<Store>, RegExp])[] = [
  [
    'attaches the signature of another image to this one',
    async () => {
      await attach(store, await signature(other.descriptor, image.descriptor))
      return store
    },
    /it is about sha256:[0-9a-f]{64}, not about this image/,
  ],
  [
    'lists what is attached to another image',
    async () => {
      const listedHere = await attach(store, await signature(other.descriptor))
      return lying({ referrers: () => listed(listedHere) })
    },
    /it is listed as attached to this image, but it is attached to sha256:/,
  ],
  [
    'lists an image that is attached to nothing',
    async () => lying({ referrers: () => listed(other.descriptor) }),
    /but it is attached to nothing/,
  ],
  [
    'lists what is not there',
    async () => {
      const { manifest } = await signature(image.descriptor)
      return lying({ referrers: () => listed(manifest.descriptor) })
    },
    /No sha256:/,
  ],
  [
    'lists a blob of another size',
    async () => {
      const signed = await attach(store, await signature(image.descriptor))
      return lying({ referrers: () => listed({ ...signed, size: signed.size + 1 }) })
    },
    /expected \d+ bytes/,
  ],
  [
    'lists something far too large',
    async () => {
      const signed = await attach(store, await signature(image.descriptor))
      return lying({ referrers: () => listed({ ...signed, size: 1 << 30 }) })
    },
    /more than the limit of 4194304/,
  ],
  [
    'serves other bytes than the digest says',
    async () => {
      const artifact = await signature(image.descriptor)
      await attach(store, artifact)
      const document = artifact.blobs[1]?.descriptor.digest
      return lying({
        fetch: (descriptor) =>
          descriptor.digest === document ? refusedBytes(document) : store.fetch(descriptor),
      })
    },
    /found sha256:0000/,
  ],
  [
    'attaches a document that claims more bytes than allowed',
    async () => {
      const layer = { ...blobOf('x', evidenceTypes.bundle).descriptor, size: 1 << 30 }
      return attachedManifest({ layers: [layer] })
    },
    /1073741824 bytes, more than the limit/,
  ],
  ['attaches a manifest without content', async () => attachedManifest({ layers: [] }), /it has no content/],
  [
    'attaches a document that is no bundle under the type of one',
    async () => {
      const artifact = attachedDocument(image.descriptor, Buffer.from('hello'), {
        artifactType: evidenceTypes.bundle,
      })
      await attach(store, artifact)
      return store
    },
    /expected JSON/,
  ],
  [
    'has an index where older signatures should be',
    async () => {
      const index = jsonBlob(
        { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] },
        mediaTypes.ociIndex,
      )
      await store.push(index)
      await store.tag(index.descriptor, `sha256-${image.descriptor.digest.slice(7)}.sig`)
      return store
    },
    /expected signatures in a manifest, found an index/,
  ],
  [
    'has an older signature without the signature',
    async () => {
      const layer = blobOf('{"critical":{}}', evidenceTypes.simpleSigning)
      const config = blobOf('{}', mediaTypes.ociConfig)
      const manifest = jsonBlob(
        {
          schemaVersion: 2,
          mediaType: mediaTypes.ociManifest,
          config: config.descriptor,
          layers: [layer.descriptor],
        },
        mediaTypes.ociManifest,
      )
      for (const blob of [layer, config, manifest]) await store.push(blob)
      await store.tag(manifest.descriptor, `sha256-${image.descriptor.digest.slice(7)}.sig`)
      return store
    },
    /signature: expected base64, found nothing/,
  ],
]

async function attachedManifest(change: object): Promise<Store> {
  const empty = blobOf('{}', mediaTypes.ociEmpty)
  const manifest = jsonBlob(
    {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType: evidenceTypes.bundle,
      config: empty.descriptor,
      subject: image.descriptor,
      ...change,
    },
    mediaTypes.ociManifest,
  )
  await store.push(empty)
  await store.push(manifest)
  return store
}

/** What every store does when bytes and digest do not fit. */
async function* refusedBytes(digest: Digest): AsyncGenerator<Uint8Array, void, void> {
  yield* bytesOf(new Uint8Array())
  throw new TemperError('digest-mismatch', `expected ${digest}, found sha256:0000`)
}

describe('a registry that lies', () => {
  it.each(attacks)('and %s is refused', async (_attack, prepare, reason) => {
    const judged = await judge(await prepare())
    expect(judged).toHaveLength(1)
    expect(judged).toMatchObject([{ verified: false, reason: expect.stringMatching(reason) }])
  })

  it('does not hide good evidence behind bad', async () => {
    await attach(store, await signature(other.descriptor, image.descriptor))
    await attach(store, await signature(image.descriptor))
    expect((await judge()).map((each) => each.verified).sort()).toEqual([false, true])
  })

  it('does not keep signatures from being read by what is large', async () => {
    const good = await attach(store, await signature(image.descriptor))
    const large = (i: number) => ({
      ...blobOf(`large ${i}`, evidenceTypes.bundle).descriptor,
      size: 120 << 20,
    })
    for (let i = 0; i < 6; i++) await attachedManifest({ layers: [large(i)] })
    const judged = await judge()
    expect(judged.find(({ digest }) => digest === good.digest)?.verified).toBe(true)
    expect(judged.filter(({ reason }) => /more than 536870912 bytes are attached/.test(reason))).toHaveLength(
      2,
    )
  })

  it('has no statement kept but those that are asked for', async () => {
    await attach(store, await signature(image.descriptor))
    const options = { trust: { keys: [alice.key], identities: [] } }
    const all = await judgeAttached(store, image.descriptor, { ...options, keep: () => true })
    expect(all.map(({ statement }) => statement !== undefined)).toEqual([true])
    expect((await judge()).map(({ statement }) => statement !== undefined)).toEqual([false])
  })

  it('and lists without end is given up', async () => {
    async function* endless() {
      for (let i = 0; ; i++)
        yield { ...image.descriptor, digest: `sha256:${i.toString(16).padStart(64, '0')}` as Digest }
    }
    await expect(judge(lying({ referrers: endless }))).rejects.toMatchObject({ code: 'limit-exceeded' })
  })

  it('and breaks down is no proof of anything', async () => {
    const signed = await attach(store, await signature(image.descriptor))
    const failing = lying({
      referrers: () => listed(signed),
      fetch: () => {
        throw new TemperError('network', 'no answer')
      },
    })
    await expect(judge(failing)).rejects.toMatchObject({ code: 'network' })
  })
})
