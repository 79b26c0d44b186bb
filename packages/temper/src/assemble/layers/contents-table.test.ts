import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bytesOf, collect } from '../../base/bytes.ts'
import { sha256 } from '../../base/digest.ts'
import { createCompressor, defaultCompressor } from '../../formats/compress/compress.ts'
import { readTar } from '../../formats/tar/read.ts'
import type { FileEntry } from '../../model/package/package-content.ts'
import { AssemblyCache } from '../packages/cache.ts'
import type { ContentEntry } from '../packages/segment.ts'
import { composeLayer } from './layer.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-table-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** As docs/estargz.md of containerd/stargz-snapshotter has it. */
interface Entry {
  readonly name: string
  readonly type: string
  readonly size?: number
  readonly offset?: number
  readonly chunkOffset?: number
  readonly chunkSize?: number
  readonly chunkDigest?: string
  readonly digest?: string
  readonly linkName?: string
}

const attributes = { uid: 0, gid: 0, mtime: 0 } as const

function entry(path: string, content: Uint8Array | string, more: Partial<FileEntry> = {}): ContentEntry {
  const bytes = Buffer.from(content)
  return {
    entry: { ...attributes, path, type: 'file', mode: 0o644, size: bytes.length, ...more },
    content: bytes,
  }
}

async function lazyLayer(head: readonly ContentEntry[]) {
  const spec = defaultCompressor('gzip')
  const layer = await composeLayer(
    { head, segments: [] },
    {
      cache: new AssemblyCache(folder),
      compressor: await createCompressor(spec),
      spec,
      mediaTypes: 'oci',
      lazy: true,
    },
  )
  return { layer, bytes: Buffer.from(await collect(layer.open(), { limit: 64 << 20, what: 'the layer' })) }
}

/** Reads the table as a snapshotter does: by the footer, which is at the very end. */
function tableOf(bytes: Buffer): {
  readonly text: Buffer
  readonly entries: readonly Entry[]
  readonly offset: number
} {
  const footer = bytes.subarray(-51)
  expect(footer.subarray(0, 4).toString('hex')).toBe('1f8b0804')
  expect(footer.toString('latin1', 12, 14)).toBe('SG')
  expect(footer.toString('latin1', 32, 38)).toBe('STARGZ')
  const offset = Number.parseInt(footer.toString('latin1', 16, 32), 16)
  const tar = gunzipSync(bytes.subarray(offset))
  expect(tar.toString('latin1', 0, 17)).toBe('stargz.index.json')
  const size = Number.parseInt(tar.toString('latin1', 124, 135), 8)
  const text = tar.subarray(512, 512 + size)
  return { text, offset, ...JSON.parse(text.toString()) }
}

const large = Buffer.alloc(2_500_000, 'large ')
const all = [
  entry('etc', '', { type: 'directory', mode: 0o755 }),
  entry('etc/one', 'one'),
  entry('etc/two', 'two'),
  entry('etc/empty', ''),
  entry('etc/large', large),
  entry('etc/link', '', { type: 'symlink', target: 'one', mode: 0o777 }),
  entry(`etc/${'long'.repeat(60)}`, 'a name that takes a header of its own'),
]

describe('the table of contents of a layer', () => {
  it('lists everything, and each chunk is found by its offset alone and is what its digest says', async () => {
    const { bytes } = await lazyLayer(all)
    const { entries, offset: end } = tableOf(bytes)
    expect(entries.map(({ name, type }) => [name.slice(0, 12), type])).toEqual([
      ['etc/', 'dir'],
      ['etc/one', 'reg'],
      ['etc/two', 'reg'],
      ['etc/empty', 'reg'],
      ['etc/large', 'reg'],
      ['etc/large', 'chunk'],
      ['etc/large', 'chunk'],
      ['etc/link', 'symlink'],
      ['etc/longlong', 'reg'],
    ])
    const chunks = entries.filter(({ chunkDigest }) => chunkDigest !== undefined)
    const offsets = chunks.map(({ offset = -1 }) => offset)
    // Readers tell chunks apart by their offsets.
    expect(new Set(offsets).size).toBe(offsets.length)
    for (const [at, chunk] of chunks.entries()) {
      const content = gunzipSync(bytes.subarray(offsets[at], offsets[at + 1] ?? end))
      const size = chunk.chunkSize ?? chunk.size ?? 0
      const digest = createHash('sha256').update(content.subarray(0, size)).digest('hex')
      expect(chunk.chunkDigest).toBe(`sha256:${digest}`)
    }
    const file = entries.find(({ name, type }) => name === 'etc/large' && type === 'reg')
    expect(file).toMatchObject({ size: large.length, digest: sha256(large) })
    expect(
      entries.filter(({ name }) => name === 'etc/large').map(({ chunkOffset = 0 }) => chunkOffset),
    ).toEqual([0, 1_048_576, 2_097_152])
  })

  it('is named by its digest, and the layer is the same tar as ever besides', async () => {
    const { layer, bytes } = await lazyLayer(all)
    expect(layer.descriptor.digest).toBe(sha256(bytes))
    const tar = gunzipSync(bytes)
    expect(layer.diffId).toBe(sha256(tar))
    expect(layer.descriptor.annotations).toEqual({
      'containerd.io/snapshot/stargz/toc.digest': sha256(tableOf(bytes).text),
      'io.containers.estargz.uncompressed-size': String(tar.length),
    })
    const names: string[] = []
    for await (const item of readTar(bytesOf(tar), { what: 'the layer' })) names.push(item.entry.path)
    expect(names).toEqual([...all.map((each) => each.entry.path), 'stargz.index.json'])
  })

  it('is the same each time, from the cache too', async () => {
    const [first, second] = [await lazyLayer(all), await lazyLayer(all)]
    expect(second.layer.descriptor).toEqual(first.layer.descriptor)
    expect(sha256(second.bytes)).toBe(sha256(first.bytes))
  })
})
