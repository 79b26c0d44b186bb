import { afterEach, describe, expect, test } from 'vitest'
import { collect } from '../base/bytes.ts'
import { sha256 } from '../base/digest.ts'
import type { Descriptor } from '../model/image.ts'
import type { Store } from '../model/store.ts'
import { copy } from './copy.ts'
import { readImage } from './image/read-image.ts'
import { createMemoryStore } from './memory.ts'
import { blobOf, type SampleImage, sampleImage, sampleIndex } from './sample.ts'

/** One place that holds an image and can be opened again and again. */
export interface HoldingPlace {
  open(): Promise<Store>
  /** What the image is called there; absent: the store is of that image alone, as a daemon's is. */
  readonly name?: string
  dispose?(): Promise<void>
}

export interface ReadConformanceOptions {
  /** A new place that holds the image and nothing else. */
  readonly hold: (sample: SampleImage) => Promise<HoldingPlace>
  /** "contents": it puts manifests of its own around images (podman, containerd's import). Default "digests". */
  readonly keeps?: 'digests' | 'contents'
  /** Whether it may be written to. Default false. */
  readonly isWritten?: boolean
  /** Whether it holds images for several platforms. Default true. */
  readonly holdsIndices?: boolean
}

/** What every store has to do when it is read (see `Store`), those that are never written to as well. */
export function storeReadConformance(name: string, options: ReadConformanceOptions): void {
  describe(`${name} as a store that is read`, () => {
    const cleanups: (() => Promise<void>)[] = []
    afterEach(async () => {
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
    })
    const keepsDigests = (options.keeps ?? 'digests') === 'digests'

    const hold = async (sample: SampleImage) => {
      const place = await options.hold(sample)
      cleanups.push(async () => await place.dispose?.())
      const open = async () => {
        const store = await place.open()
        cleanups.push(() => store.close())
        return store
      }
      return { open, rootOf: (store: Store) => rootOf(store, place.name) }
    }

    test('hands out its image, which proves itself', async () => {
      const sample = sampleImage()
      const { open, rootOf } = await hold(sample)
      const store = await open()
      const root = await rootOf(store)
      if (keepsDigests) expect(root.digest).toBe(sample.descriptor.digest)
      await expectContents(store, root)
      expect(await store.resolve(root.digest)).toMatchObject({ digest: root.digest, size: root.size })
    })

    test('has what it hands out, in that size and no other, and nothing else', async () => {
      const { open, rootOf } = await hold(sampleImage())
      const store = await open()
      const root = await rootOf(store)
      const { manifest } = await readImage(store, root)
      for (const each of [root, manifest.config, ...manifest.layers]) {
        expect(await store.has(each)).toBe(true)
        const wrong = { ...each, size: each.size + 1 }
        expect(await store.has(wrong)).toBe(false)
        await expect(bytes(store, wrong)).rejects.toMatchObject({ code: 'digest-mismatch' })
      }
      const absent = blobOf('absent').descriptor
      expect(await store.has(absent)).toBe(false)
      await expect(bytes(store, absent)).rejects.toMatchObject({ code: 'not-found' })
      expect(await all(store.referrers(absent.digest))).toEqual([])
      expect(await all(store.referrers(root.digest))).toEqual([])
    })

    test('is read by several at once', async () => {
      const { open, rootOf } = await hold(sampleImage('several'))
      const stores = await Promise.all([open(), open(), open()])
      await Promise.all(
        stores.flatMap((store) => [0, 1].map(async () => await expectContents(store, await rootOf(store)))),
      )
    })

    test('may be closed in the middle, and twice', async () => {
      const { open, rootOf } = await hold(sampleImage('middle'))
      const store = await open()
      const { manifest } = await readImage(store, await rootOf(store))
      const [layer] = manifest.layers
      if (layer === undefined) throw new Error('no layer')
      for await (const _ of store.fetch(layer)) break
      await store.close()
      await store.close()
      const again = await open()
      await expectContents(again, await rootOf(again))
    })

    test('is copied from', async () => {
      const { open, rootOf } = await hold(sampleImage('copied'))
      const [store, target] = [await open(), createMemoryStore()]
      const root = await rootOf(store)
      await copy(store, target, root, { referrers: 'copy' })
      await expectContents(target, root)
    })

    const indices = options.holdsIndices === false ? undefined : test
    indices?.('chooses among images for several platforms', async () => {
      const sample = sampleIndex()
      const { open, rootOf } = await hold(sample)
      const store = await open()
      for (const architecture of ['amd64', 'arm64']) {
        const image = await readImage(store, await rootOf(store), { platform: { os: 'linux', architecture } })
        expect(image.config.architecture).toBe(architecture)
      }
    })

    const untouched = options.isWritten === true ? undefined : test
    untouched?.('refuses to be written to, and stays as it was', async () => {
      const { open, rootOf } = await hold(sampleImage('kept'))
      const store = await open()
      const blob = blobOf('new')
      await expect(store.push(blob)).rejects.toMatchObject({ code: 'bad-usage' })
      await expect(store.tag(await rootOf(store), 'v2')).rejects.toMatchObject({ code: 'bad-usage' })
      expect(await store.has(blob.descriptor)).toBe(false)
      await expectContents(store, await rootOf(store))
    })
  })
}

async function rootOf(store: Store, name: string | undefined): Promise<Descriptor> {
  if (name !== undefined) return await store.resolve(name)
  if (!('images' in store)) throw new Error('a store without names lists its images')
  const [root, ...others] = await (store as Store & { images(): Promise<readonly Descriptor[]> }).images()
  if (root === undefined || others.length > 0) throw new Error(`${others.length + 1} images, expected one`)
  return root
}

async function expectContents(store: Store, root: Descriptor): Promise<void> {
  const image = await readImage(store, root)
  expect(image.config.config?.Entrypoint).toEqual(['/bin/app'])
  expect(image.layers).toHaveLength(2)
  for (const layer of image.layers)
    expect(sha256(await collect(layer.open(), { limit: 1e6, what: 'layer' }))).toBe(layer.diffId)
}

function bytes(store: Store, descriptor: Descriptor): Promise<Uint8Array> {
  return collect(store.fetch(descriptor), { limit: 1e8, what: 'blob' })
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const each of source) items.push(each)
  return items
}
