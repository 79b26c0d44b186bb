import { afterEach, describe, expect, test } from 'vitest'
import { bytesOf, collect } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import type { Blob, Descriptor } from '../model/image.ts'
import { mediaTypes } from '../model/image.ts'
import type { Store } from '../model/store.ts'
import { copy } from './copy.ts'
import { manifestLimit } from './image/media-type.ts'
import { imageMembers } from './image/members.ts'
import { readImage } from './image/read-image.ts'
import { createMemoryStore } from './memory.ts'
import { storeReadConformance } from './read.conformance.ts'
import {
  blobOf,
  jsonBlob,
  pushAll,
  type SampleImage,
  sampleBytes,
  sampleImage,
  sampleIndex,
  sampleReferrer,
} from './sample.ts'

/** One place that can be opened again and again. */
export interface ConformancePlace {
  open(): Promise<Store>
  dispose?(): Promise<void>
}

export interface ConformanceOptions {
  /** A new empty place. */
  readonly create: () => Promise<ConformancePlace>
  /** How the store writes the tag "v1": archives of Docker hold whole names. */
  readonly nameOf?: (tag: string) => string
}

const onceMade = new Map<string, unknown>()

/** Large samples are the same for every store, and there are a hundred that are tried. */
function sameEachTime<T>(name: string, make: () => T): T {
  const made = onceMade.get(name)
  if (made !== undefined) return made as T
  const value = make()
  onceMade.set(name, value)
  return value
}

function imageOfSize(manifestSize: number): SampleImage {
  return sameEachTime(`image ${manifestSize}`, () => sampleImage('sized', { manifestSize }))
}

/** What every store has to do (see `Store`), run on each implementation. */
export function storeConformance(name: string, options: ConformanceOptions): void {
  const nameOf = options.nameOf ?? ((tag) => tag)
  storeReadConformance(name, {
    isWritten: true,
    hold: async (sample) => {
      const place = await options.create()
      const store = await place.open()
      await pushAll(store, sample)
      await store.tag(sample.descriptor, nameOf('v1'))
      await store.close()
      return { ...place, name: nameOf('v1') }
    },
  })
  describe(`${name} as a store`, () => {
    const places: ConformancePlace[] = []
    const stores: Store[] = []
    const create = async (): Promise<ConformancePlace> => {
      const place = await options.create()
      places.push(place)
      const open = async () => {
        const store = await place.open()
        stores.push(store)
        return store
      }
      return { open }
    }
    afterEach(async () => {
      for (const store of stores.splice(0)) await store.close()
      for (const place of places.splice(0)) await place.dispose?.()
    })

    test('has nothing at first', async () => {
      const store = await (await create()).open()
      const absent = blobOf('absent').descriptor
      expect(await store.has(absent)).toBe(false)
      await expect(store.resolve(nameOf('v1'))).rejects.toMatchObject({ code: 'not-found' })
      await expect(store.resolve(absent.digest)).rejects.toMatchObject({ code: 'not-found' })
      await expect(read(store, absent)).rejects.toMatchObject({ code: 'not-found' })
      expect(await list(store.tags())).toEqual([])
      expect(await list(store.referrers(absent.digest))).toEqual([])
    })

    test('gives back what was pushed, also to the next one who opens it', async () => {
      const place = await create()
      const store = await place.open()
      const image = sampleImage()
      await pushAll(store, image)
      await store.tag(image.descriptor, nameOf('v1'))
      await expectImage(store, image.descriptor, nameOf('v1'))
      await store.close()
      const again = await place.open()
      await expectImage(again, image.descriptor, nameOf('v1'))
      for (const blob of image.blobs) {
        expect(await again.has(blob.descriptor)).toBe(true)
        expect(Buffer.from(await read(again, blob.descriptor))).toEqual(Buffer.from(await readBlob(blob)))
      }
      await again.close()
    })

    test('takes manifests of any size that a registry must take, and no larger ones', async () => {
      const store = await (await create()).open()
      const largest = imageOfSize(manifestLimit)
      await pushAll(store, largest)
      await store.tag(largest.descriptor, nameOf('v1'))
      await expectImage(store, largest.descriptor, nameOf('v1'))
      const larger = imageOfSize(manifestLimit + 1)
      await expect(pushAll(store, larger)).rejects.toMatchObject({ code: 'limit-exceeded' })
      expect(await store.has(larger.descriptor)).toBe(false)
    })

    test('resolves by digest what was pushed and not tagged', async () => {
      const store = await (await create()).open()
      const image = sampleImage('by-digest')
      await pushAll(store, image)
      expect(await store.resolve(image.descriptor.digest)).toMatchObject(image.descriptor)
    })

    test('takes the same content any number of times', async () => {
      const store = await (await create()).open()
      const image = sampleImage('twice')
      await Promise.all([pushAll(store, image), pushAll(store, image)])
      await pushAll(store, image)
      await store.tag(image.descriptor, nameOf('v1'))
      await store.tag(image.descriptor, nameOf('v1'))
      expect(await list(store.tags())).toEqual([nameOf('v1')])
    })

    test('keeps blobs of any size', async () => {
      const store = await (await create()).open()
      for (const size of [0, 1, 511, 512, 513, 65_537, 3_000_001]) {
        const blob = sameEachTime(`blob ${size}`, () => blobOf(sampleBytes(size, size + 7)))
        await store.push(blob)
        expect(await store.has(blob.descriptor)).toBe(true)
        expect(sha256(await read(store, blob.descriptor))).toBe(blob.descriptor.digest)
      }
    })

    test.each(['wrong bytes', 'too few bytes', 'too many bytes', 'endless bytes'] as const)(
      'refuses %s and shows nothing of them',
      async (kind) => {
        const store = await (await create()).open()
        const lying = lyingBlob(kind)
        await expect(store.push(lying)).rejects.toMatchObject({ code: 'digest-mismatch' })
        expect(await store.has(lying.descriptor)).toBe(false)
        await expect(read(store, lying.descriptor)).rejects.toThrow()
        // The place is not spoilt for the true content.
        const { digest, size, mediaType } = lying.descriptor
        await store.push({ descriptor: { mediaType, digest, size }, open: () => bytesOf(honest) })
        expect(sha256(await read(store, lying.descriptor))).toBe(digest)
      },
    )

    test('refuses a source that breaks off', async () => {
      const store = await (await create()).open()
      const blob = blobOf(sampleBytes(200_000, 9))
      const broken: Blob = {
        descriptor: blob.descriptor,
        async *open() {
          yield sampleBytes(1000, 9)
          throw new Error('the source broke')
        },
      }
      await expect(store.push(broken)).rejects.toThrow('the source broke')
      expect(await store.has(blob.descriptor)).toBe(false)
    })

    test('refuses to give out a blob under another size', async () => {
      const store = await (await create()).open()
      const blob = blobOf('some bytes')
      await store.push(blob)
      const wrong = { ...blob.descriptor, size: blob.descriptor.size + 1 }
      expect(await store.has(wrong)).toBe(false)
      await expect(read(store, wrong)).rejects.toMatchObject({ code: 'digest-mismatch' })
    })

    test('refuses what is not a manifest', async () => {
      const store = await (await create()).open()
      for (const value of [
        { schemaVersion: 1 },
        { schemaVersion: 2, layers: 3 },
        { schemaVersion: 2, manifests: {} },
      ]) {
        const blob = jsonBlob({ ...value, mediaType: mediaTypes.ociManifest }, mediaTypes.ociManifest)
        await expect(store.push(blob)).rejects.toMatchObject({ code: 'bad-image' })
        expect(await store.has(blob.descriptor)).toBe(false)
      }
    })

    test('moves a tag and lists tags in order', async () => {
      const place = await create()
      const store = await place.open()
      const [first, second] = [sampleImage('first'), sampleImage('second')]
      await pushAll(store, first)
      await pushAll(store, second)
      for (const tag of ['v2', 'v1', 'latest']) await store.tag(first.descriptor, nameOf(tag))
      await store.tag(second.descriptor, nameOf('v1'))
      expect((await list(store.tags())).sort()).toEqual(['latest', 'v1', 'v2'].map(nameOf))
      await store.close()
      const again = await place.open()
      expect((await again.resolve(nameOf('v1'))).digest).toBe(second.descriptor.digest)
      expect((await again.resolve(nameOf('v2'))).digest).toBe(first.descriptor.digest)
      expect((await list(again.tags())).sort()).toEqual(['latest', 'v1', 'v2'].map(nameOf))
    })

    test('refuses to tag what is not there, and a name that cannot be one', async () => {
      const store = await (await create()).open()
      const image = sampleImage('absent')
      await expect(store.tag(image.descriptor, nameOf('v1'))).rejects.toMatchObject({ code: 'not-found' })
      await pushAll(store, image)
      for (const tag of ['', '../x', 'a b', 'a\nb'])
        await expect(store.tag(image.descriptor, tag)).rejects.toMatchObject({ code: 'bad-reference' })
    })

    test('keeps indices for several platforms', async () => {
      const place = await create()
      const store = await place.open()
      const sample = sampleIndex()
      await pushAll(store, sample)
      expect(await imageMembers(store, sample.descriptor)).toHaveLength(2)
      const image = await readImage(store, sample.descriptor, {
        platform: { os: 'linux', architecture: 'arm64' },
      })
      expect(image.config.architecture).toBe('arm64')
      expect(await store.resolve(image.descriptor.digest)).toMatchObject({ digest: image.descriptor.digest })
      await expect(
        readImage(store, image.descriptor, { platform: { os: 'linux', architecture: 'amd64' } }),
      ).rejects.toMatchObject({ code: 'not-found' })
    })

    test('lists what is attached to a manifest', async () => {
      const place = await create()
      const store = await place.open()
      const image = sampleImage('subject')
      const [a, b] = [
        sampleReferrer(image.descriptor, 'application/vnd.example.sbom', 'a'),
        sampleReferrer(image.descriptor, 'application/vnd.example.signature', 'b'),
      ]
      for (const sample of [image, a, b, b]) await pushAll(store, sample)
      await store.tag(image.descriptor, nameOf('v1'))
      const check = async (opened: Store) => {
        const all = await list(opened.referrers(image.descriptor.digest))
        expect(all.map((each) => each.digest).sort()).toEqual(
          [a, b].map((each) => each.descriptor.digest).sort(),
        )
        const sboms = await list(opened.referrers(image.descriptor.digest, 'application/vnd.example.sbom'))
        expect(sboms).toEqual([
          { ...a.descriptor, artifactType: 'application/vnd.example.sbom', annotations: { note: 'a' } },
        ])
        expect(await list(opened.referrers(a.descriptor.digest))).toEqual([])
        expect(await list(opened.tags())).toEqual([nameOf('v1')])
      }
      await check(store)
      await store.close()
      await check(await place.open())
    })

    test('keeps every attachment of writers at the same time', async () => {
      const place = await create()
      const store = await place.open()
      const image = sampleImage('busy')
      await pushAll(store, image)
      const attached = Array.from({ length: 6 }, (_, i) => sampleReferrer(image.descriptor, 'a/b', `${i}`))
      await Promise.all(attached.map((sample) => pushAll(store, sample)))
      const found = await list(store.referrers(image.descriptor.digest))
      expect(found.map((each) => each.digest).sort()).toEqual(
        attached.map((sample) => sample.descriptor.digest).sort(),
      )
    })

    test('is copied from and to with all that is attached', async () => {
      const [source, place] = [createMemoryStore(), await create()]
      const sample = sampleIndex('copied')
      const attached = sampleReferrer(sample.descriptor, 'application/vnd.example.sbom')
      await pushAll(source, sample)
      await pushAll(source, attached)
      const store = await place.open()
      await copy(source, store, sample.descriptor, { referrers: 'copy' })
      await store.tag(sample.descriptor, nameOf('v1'))
      await store.close()
      const back = createMemoryStore()
      const again = await place.open()
      await copy(again, back, await again.resolve(nameOf('v1')), { referrers: 'copy' })
      for (const { descriptor } of [...sample.blobs, ...attached.blobs])
        expect(await back.has(descriptor)).toBe(true)
      expect(await list(back.referrers(sample.descriptor.digest))).toHaveLength(1)
    })
  })
}

const honest = sampleBytes(100_000, 5)

function lyingBlob(kind: 'wrong bytes' | 'too few bytes' | 'too many bytes' | 'endless bytes'): Blob {
  const { descriptor } = blobOf(honest)
  const open = async function* (): AsyncGenerator<Uint8Array, void, void> {
    if (kind === 'wrong bytes') yield sampleBytes(100_000, 6)
    else if (kind === 'too few bytes') yield honest.subarray(0, 99_999)
    else {
      yield honest
      yield Uint8Array.of(0)
    }
    while (kind === 'endless bytes') yield new Uint8Array(65_536)
  }
  return { descriptor, open }
}

async function expectImage(store: Store, descriptor: Descriptor, name: string): Promise<void> {
  const resolved = await store.resolve(name)
  expect(resolved).toEqual(descriptor)
  const image = await readImage(store, resolved)
  expect(image.config.config?.Entrypoint).toEqual(['/bin/app'])
  expect(image.layers).toHaveLength(2)
  for (const layer of image.layers)
    expect(sha256(await collect(layer.open(), { limit: 1e6, what: 'layer' }))).toBe(layer.diffId)
}

export async function list<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const each of source) all.push(each)
  return all
}

export function read(store: Store, descriptor: Descriptor): Promise<Uint8Array> {
  return collect(store.fetch(descriptor), { limit: 1e8, what: 'blob' })
}

function readBlob(blob: Blob): Promise<Uint8Array> {
  return collect(blob.open(), { limit: 1e8, what: 'blob' })
}
