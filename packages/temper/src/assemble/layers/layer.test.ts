import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bytesOf, collect } from '../../base/bytes.ts'
import { sha256 } from '../../base/digest.ts'
import {
  createCompressor,
  defaultCompressor,
  type MemberCompressor,
} from '../../formats/compress/compress.ts'
import { decompress } from '../../formats/compress/decompress.ts'
import { readTar } from '../../formats/tar/read.ts'
import { encodeTarHeader, tarPadding } from '../../formats/tar/write.ts'
import { type Layer, mediaTypes } from '../../model/image.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import { AssemblyCache } from '../packages/cache.ts'
import { composeLayer, type LayerOptions, withoutContent } from './layer.ts'
import type { CachedSegment } from './stored.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-layer-'))
})
afterEach(() => rm(folder, { recursive: true }))

const attributes = { uid: 0, gid: 0, mtime: 0 }
const directory = (path: string) =>
  withoutContent({ ...attributes, path, type: 'directory', mode: 0o755, size: 0 })
const fileEntry = (path: string, size: number): FileEntry => ({
  ...attributes,
  path,
  type: 'file',
  mode: 0o644,
  size,
})

async function settings(
  format: 'gzip' | 'zstd' = 'gzip',
  media: LayerOptions['mediaTypes'] = 'oci',
): Promise<LayerOptions> {
  const spec = defaultCompressor(format)
  return {
    cache: new AssemblyCache(folder),
    compressor: await createCompressor(spec),
    spec,
    mediaTypes: media,
  }
}

/** Puts a segment with one file into the cache. */
async function segment(path: string, { cache, compressor }: LayerOptions): Promise<CachedSegment> {
  const content = Buffer.from(path)
  const tar = Buffer.concat([
    encodeTarHeader(fileEntry(path, content.length)),
    content,
    tarPadding(content.length),
  ])
  const key = sha256(`segment ${path} ${compressor}`)
  const make = async () => {
    const writer = await cache.createSegment()
    await writer.write(await compressor.compress(tar))
    await writer.commit(key)
  }
  await make()
  return { key, maker: async () => make }
}

async function pathsOf(layer: Layer, format: 'gzip' | 'zstd' = 'gzip'): Promise<string[]> {
  const paths: string[] = []
  const tar = decompress(format, layer.open(), { what: 'layer', limit: 2 ** 24 })
  for await (const { entry } of readTar(tar, { what: 'layer' })) paths.push(entry.path)
  return paths
}

describe('a layer', () => {
  it.each(['gzip', 'zstd'] as const)('of %s is its head, then its segments, then the end', async (format) => {
    const options = await settings(format)
    const segments = [await segment('usr/b', options), await segment('usr/a', options)]
    const layer = await composeLayer({ head: [directory('usr')], segments }, options)
    expect(await pathsOf(layer, format)).toEqual(['usr', 'usr/b', 'usr/a'])
    const bytes = await collect(layer.open(), { limit: 2 ** 24, what: 'layer' })
    expect(layer.descriptor).toMatchObject({ digest: sha256(bytes), size: bytes.length })
    const tar = decompress(format, bytesOf(bytes), { what: 'layer', limit: 2 ** 24 })
    expect(layer.diffId).toBe(sha256(await collect(tar, { limit: 2 ** 24, what: 'tar' })))
  })

  it('may be empty', async () => {
    const layer = await composeLayer({ head: [], segments: [] }, await settings())
    expect(await pathsOf(layer)).toEqual([])
  })

  it('can be opened again, and gives the same bytes', async () => {
    const layer = await composeLayer({ head: [directory('usr')], segments: [] }, await settings())
    const [once, again] = [await pathsOf(layer), await pathsOf(layer)]
    expect(once).toEqual(again)
  })

  it.each([
    ['gzip', 'oci', mediaTypes.ociLayerGzip],
    ['gzip', 'docker', mediaTypes.dockerLayerGzip],
    ['zstd', 'oci', mediaTypes.ociLayerZstd],
  ] as const)('of %s for %s is a %s', async (format, media, type) => {
    const layer = await composeLayer({ head: [], segments: [] }, await settings(format, media))
    expect(layer.descriptor.mediaType).toBe(type)
  })

  it('is read through once: its digests are kept by what it is made of', async () => {
    const options = await settings()
    const segments = [await segment('usr/a', options)]
    let read = 0
    class CountingCache extends AssemblyCache {
      override readSegment(...of: Parameters<AssemblyCache['readSegment']>) {
        read++
        return super.readSegment(...of)
      }
    }
    const counting = { ...options, cache: new CountingCache(folder) }
    const parts = { head: [directory('usr')], segments }
    const first = await composeLayer(parts, counting)
    expect((await composeLayer(parts, counting)).descriptor).toEqual(first.descriptor)
    expect(read).toBe(1)
    const other = await composeLayer({ ...parts, head: [directory('var')] }, counting)
    expect(other.descriptor.digest).not.toBe(first.descriptor.digest)
    expect(read).toBe(2)
  })

  it('makes a segment again that is gone meanwhile', async () => {
    const options = await settings()
    const { maker, key } = await segment('usr/a', options)
    const whole = await composeLayer({ head: [], segments: [{ key, maker }] }, options)
    await rm(folder, { recursive: true })
    let made = 0
    const again = async () => {
      made++
      return await maker()
    }
    const layer = await composeLayer({ head: [], segments: [{ key, maker: again }] }, options)
    expect(layer.descriptor).toEqual(whole.descriptor)
    expect(made).toBe(1)
  })

  it('fails when a segment cannot be made, or is no member of its compressor', async () => {
    const options = await settings()
    const gone = { key: sha256('none'), maker: () => Promise.reject(new Error('the archive is gone')) }
    await expect(composeLayer({ head: [], segments: [gone] }, options)).rejects.toThrow('the archive is gone')
    const plain: MemberCompressor = { ...options.compressor, compress: async (bytes) => bytes.slice() }
    const bad = await segment('usr/bad', { ...options, compressor: plain })
    await expect(composeLayer({ head: [], segments: [bad] }, options)).rejects.toThrow()
  })
})
