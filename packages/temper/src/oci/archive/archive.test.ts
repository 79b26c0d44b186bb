import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeTarHeader, tarEnd, tarPadding } from '../../formats/tar/write.ts'
import { mediaTypes } from '../../model/image.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import { blobOf, layerOf, pushAll, sampleImage, sampleReferrer } from '../fixtures/sample.ts'
import { list, read, storeConformance } from '../fixtures/store.conformance.ts'
import { readImage } from '../image/read-image.ts'
import { openArchive } from './archive.ts'

let root: string
let count = 0
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'temper-archive-'))
})
afterAll(() => rm(root, { recursive: true, force: true }))
const newPath = () => join(root, `archive-${++count}.tar`)
const leftovers = async () => (await readdir(root)).filter((name) => name.startsWith('.tmp-'))

storeConformance('oci-archive', {
  create: async () => {
    const path = newPath()
    return { open: () => openArchive(path, { format: 'oci' }) }
  },
})

storeConformance('docker-archive', {
  nameOf: (tag) => `sample:${tag}`,
  create: async () => {
    const path = newPath()
    return { open: () => openArchive(path, { format: 'docker' }) }
  },
})

const formats = ['oci', 'docker'] as const

async function written(format: 'oci' | 'docker', path = newPath()): Promise<string> {
  const store = await openArchive(path, { format, existing: 'replace' })
  const image = sampleImage()
  await Promise.all(image.blobs.slice(0, -1).map((blob) => store.push(blob)))
  await pushAll(store, image)
  await store.tag(image.descriptor, 'app:v1')
  await store.close()
  return path
}

describe.each(formats)('%s archive', (format) => {
  test('is the same bytes each time and leaves nothing beside it', async () => {
    const [a, b] = [await written(format), await written(format)]
    expect(await readFile(a)).toEqual(await readFile(b))
    expect(await leftovers()).toEqual([])
  })

  test('is not written unless something was tagged', async () => {
    const path = newPath()
    const store = await openArchive(path, { format })
    await pushAll(store, sampleImage())
    await store.close()
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await leftovers()).toEqual([])
  })

  test('keeps what is there and takes attachments', async () => {
    const path = await written(format)
    const store = await openArchive(path, { format })
    const image = sampleImage()
    await pushAll(store, sampleReferrer(image.descriptor, 'a/b'))
    await store.close()
    const again = await openArchive(path, { format })
    expect(await list(again.tags())).toEqual(['app:v1'])
    expect(await list(again.referrers(image.descriptor.digest))).toHaveLength(1)
    expect(await again.images()).toEqual([image.descriptor])
    await again.close()
  })

  test('replaced, it has nothing of before', async () => {
    const path = await written(format)
    const store = await openArchive(path, { format, existing: 'replace' })
    const next = sampleImage('next')
    await pushAll(store, next)
    await store.tag(next.descriptor, 'app:v2')
    await store.close()
    const again = await openArchive(path, { format })
    expect(await list(again.tags())).toEqual(['app:v2'])
    expect(await again.has(sampleImage().descriptor)).toBe(false)
    await again.close()
  })

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
    ...['bzip2', 'xz'].map((program): [string, (bytes: Buffer) => Buffer] => [
      program,
      (bytes) => execFileSync(program, ['-c'], { input: bytes }),
    ]),
  ])('is read when compressed as a whole with %s', async (_, compress) => {
    const path = newPath()
    await writeFile(path, compress(await readFile(await written(format))))
    const store = await openArchive(path, { format })
    expect((await readImage(store, await store.resolve('app:v1'))).layers).toHaveLength(2)
    await store.close()
    await writeFile(path, compress(Buffer.alloc(5000)).subarray(0, 20))
    await expect(openArchive(path, { format })).rejects.toMatchObject({ code: 'bad-image' })
  })

  test('truncated anywhere, it is refused', async () => {
    const bytes = await readFile(await written(format))
    for (const size of [1, 511, 512, 1000, 2000, bytes.length - 1025]) {
      const path = newPath()
      await writeFile(path, bytes.subarray(0, size))
      await expect(openArchive(path, { format })).rejects.toMatchObject({
        code: expect.stringMatching(/^bad-(archive|image)$/),
      })
    }
  })

  test('changed anywhere, it gives an error or the true bytes', async () => {
    const bytes = await readFile(await written(format))
    for (let at = 3; at < bytes.length; at += 397) {
      const path = newPath()
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 0x15
      await writeFile(path, changed)
      await readAll(path, format).catch((error) =>
        expect(error).toMatchObject({ name: 'TemperError', code: expect.not.stringMatching('internal') }),
      )
    }
  })
})

async function readAll(path: string, format: 'oci' | 'docker'): Promise<void> {
  const store = await openArchive(path, { format })
  try {
    const image = await readImage(store, sampleImage().descriptor)
    for (const layer of image.layers) await read(store, layer.descriptor)
  } finally {
    await store.close()
  }
}

interface Item {
  readonly path: string
  readonly content?: Uint8Array | string
  readonly target?: string
}

/** An archive as docker save wrote it before version 25. */
function tar(items: readonly Item[]): Uint8Array {
  const parts: Uint8Array[] = []
  for (const { path, content = '', target } of items) {
    const bytes = Buffer.from(content)
    const common = { path, mode: 0o644, uid: 0, gid: 0, mtime: 0 }
    const entry: FileEntry =
      target === undefined
        ? { ...common, type: 'file', size: bytes.length }
        : { ...common, type: 'symlink', size: 0, target }
    parts.push(encodeTarHeader(entry))
    if (target === undefined) parts.push(bytes, tarPadding(bytes.length))
  }
  return Buffer.concat([...parts, tarEnd])
}

const layers = [layerOf('a'), layerOf('b')]
const layerBytes = await Promise.all(layers.map(async (layer) => Buffer.concat(await list(layer.open()))))
const config = JSON.stringify({
  architecture: 'amd64',
  os: 'linux',
  config: { Cmd: null },
  rootfs: {
    type: 'layers',
    diff_ids: [layers[0], layers[1], layers[0]].map((layer) => layer?.descriptor.digest),
  },
})

async function openClassic(items: readonly Item[]) {
  const path = newPath()
  await writeFile(path, tar(items))
  return openArchive(path, { format: 'docker' })
}

describe('archive of an old docker save', () => {
  const manifest = JSON.stringify([
    {
      Config: 'c.json',
      RepoTags: ['app:v1', 'app:latest'],
      Layers: ['1/layer.tar', '2/layer.tar', '3/layer.tar'],
    },
  ])
  const items: Item[] = [
    { path: '1/layer.tar', content: layerBytes[0] ?? '' },
    { path: '2/layer.tar', content: gzipSync(layerBytes[1] ?? '') },
    { path: '3/layer.tar', target: '../1/layer.tar' },
    { path: 'c.json', content: config },
    { path: 'manifest.json', content: manifest },
  ]

  test('is read: plain and compressed layers, shared ones through links', async () => {
    const store = await openClassic(items)
    expect(await list(store.tags())).toEqual(['app:latest', 'app:v1'])
    const image = await readImage(store, await store.resolve('app'))
    expect(image.layers.map((layer) => layer.descriptor.mediaType)).toEqual([
      mediaTypes.ociLayerTar,
      mediaTypes.ociLayerGzip,
      mediaTypes.ociLayerTar,
    ])
    expect(image.config.config).toEqual({})
    for (const layer of image.layers) await read(store, layer.descriptor)
    await store.close()
  })

  test('a layer that is not what the configuration says is found out', async () => {
    const store = await openClassic(
      items.map((item) => (item.path === '1/layer.tar' ? { ...item, content: layerBytes[1] ?? '' } : item)),
    )
    const image = await readImage(store, await store.resolve('app:v1'))
    await expect(read(store, image.layers[0]?.descriptor ?? blobOf('').descriptor)).rejects.toMatchObject({
      code: 'digest-mismatch',
    })
    await store.close()
  })

  /** The archive with another manifest.json, whole or in a member of its image. */
  const renamed = (content: string) => (item: Item) => [
    item.path === 'manifest.json' ? { ...item, content } : item,
  ]
  const named = (change: object) => renamed(JSON.stringify([{ ...JSON.parse(manifest)[0], ...change }]))

  test('may have images without names, and the same one under several', async () => {
    const [image] = JSON.parse(manifest)
    const again = [
      { ...image, RepoTags: null },
      { ...image, RepoTags: ['app:v2', 'other'] },
    ]
    const store = await openClassic(items.flatMap(renamed(JSON.stringify(again))))
    expect(await list(store.tags())).toEqual(['app:v2', 'other:latest'])
    expect(await store.images()).toHaveLength(1)
    await store.close()
  })

  test('follows eight links to a layer, and no more', async () => {
    const linked = (hops: number) => {
      const chain = Array.from({ length: hops - 1 }, (_, hop) => ({
        path: `l${hop}`,
        target: hop === hops - 2 ? '1/layer.tar' : `l${hop + 1}`,
      }))
      return [
        ...items.map((item) => (item.target === undefined ? item : { ...item, target: '../l0' })),
        ...chain,
      ]
    }
    const store = await openClassic(linked(8))
    expect((await readImage(store, await store.resolve('app:v1'))).layers).toHaveLength(3)
    await store.close()
    await expect(openClassic(linked(10))).rejects.toMatchObject({
      code: 'bad-image',
      message: expect.stringContaining('more than 8 links to follow'),
    })
  })

  test.each<[string, (item: Item) => Item[]]>([
    ['without manifest.json', (item) => (item.path === 'manifest.json' ? [] : [item])],
    ['without its configuration', (item) => (item.path === 'c.json' ? [] : [item])],
    ['without a layer', (item) => (item.path === '1/layer.tar' ? [] : [item])],
    ['with a link out of it', (item) => [item.target ? { ...item, target: '../../../etc/passwd' } : item]],
    ['with a link to itself', (item) => [item.target ? { ...item, target: 'layer.tar' } : item]],
    ['with a file twice', (item) => [item, item]],
    ['with a name that leads out', (item) => [item, { path: '../x', content: 'x' }]],
    ['with a layer less than its configuration names', named({ Layers: ['1/layer.tar', '2/layer.tar'] })],
    ['with a layer that is no text', named({ Layers: [1, 2, 3] })],
    ['with layers that are no list', named({ Layers: '1/layer.tar' })],
    ['with a configuration that is no text', named({ Config: 7 })],
    ['with a configuration that is not there', named({ Config: 'd.json' })],
    ['with a tag that is no name', named({ RepoTags: ['not a name'] })],
    ['with a tag that is no text', named({ RepoTags: [7] })],
    ['with tags that are no list', named({ RepoTags: 'app:v1' })],
    ['with a manifest that is no list', renamed('{}')],
    ['with a manifest that is no JSON', renamed('[')],
    ['with a manifest that goes on behind its list', renamed(`${manifest},"more":1`)],
    ['with an image that is none', renamed('[7]')],
    ['with more images than it may hold', renamed(JSON.stringify(Array(1001).fill({})))],
  ])('is refused %s', async (_, change) => {
    await expect(openClassic(items.flatMap(change))).rejects.toMatchObject({
      code: expect.stringMatching(/^(bad-(image|archive)|limit-exceeded)$/),
    })
  })
})
