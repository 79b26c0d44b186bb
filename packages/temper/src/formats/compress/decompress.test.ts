import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { chunked } from '../bytes/fixtures/chunked.ts'
import { type CompressionFormat, compressionOf, decompress, decompressFile } from './decompress.ts'
import { probePieces } from './probe.ts'

const text = Buffer.concat(probePieces())
const options = { what: 'test.data', limit: 1 << 22 }

async function unpacked(format: CompressionFormat, bytes: Uint8Array, chunk = 10_000): Promise<Buffer> {
  const stream = decompress(format, chunked(bytes, chunk), options)
  return Buffer.from(await collect(stream, { limit: 1 << 30, what: 'result' }))
}

const skippable = Buffer.from('5f2a4d1803000000616263', 'hex')
const zstdChecked = (bytes: Uint8Array) => zstdCompressSync(bytes, { params: { 201: 1 } })

const formats = [
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
  ['zstd', zstdChecked],
] as const

describe.each(formats)('%s', (format, compress) => {
  const one = compress(text)
  const two = Buffer.concat([
    compress(text.subarray(0, 1000)),
    compress(Buffer.alloc(0)),
    compress(text.subarray(1000)),
  ])

  it('decompresses one member and several, in any chunks', async () => {
    for (const chunk of [333, 1 << 20]) {
      expect((await unpacked(format, one, chunk)).equals(text)).toBe(true)
      expect((await unpacked(format, two, chunk)).equals(text)).toBe(true)
    }
    const small = Buffer.concat([compress(Buffer.from('hello')), compress(Buffer.from(' world'))])
    for (let at = 1; at < small.length; at++)
      expect((await unpacked(format, small, at)).toString()).toBe('hello world')
  })

  it('refuses data that are cut off, wherever', async () => {
    const small = Buffer.concat([compress(text.subarray(0, 300)), compress(text.subarray(300, 600))])
    const first = compress(text.subarray(0, 300)).length
    for (let size = 0; size < small.length; size++) {
      const result = unpacked(format, small.subarray(0, size), 50)
      if (size === first) await expect(result).resolves.toEqual(text.subarray(0, 300))
      else await expect(result).rejects.toMatchObject({ code: 'bad-archive' })
    }
  })

  it.each([
    ['zeros', Buffer.alloc(4)],
    ['many zeros', Buffer.alloc(600)],
    ['a newline', Buffer.from('\n')],
    ['text', Buffer.from('something else')],
    ['half a member', one.subarray(0, 7)],
  ])('refuses %s after the end, however chunks lie', async (_, extra) => {
    for (const chunk of [1 << 20, one.length, 1000]) {
      const result = unpacked(format, Buffer.concat([one, extra]), chunk)
      await expect(result).rejects.toMatchObject({
        code: 'bad-archive',
        message: expect.stringContaining('test.data'),
      })
    }
  })

  it('bounds what comes out', async () => {
    const bomb = compress(Buffer.alloc(1 << 24))
    expect(bomb.length).toBeLessThan(20_000)
    let size = 0
    const read = async () => {
      for await (const chunk of decompress(format, chunked(bomb, 100), options)) size += chunk.length
    }
    await expect(read()).rejects.toMatchObject({ code: 'limit-exceeded' })
    expect(size).toBeLessThanOrEqual(options.limit)
  })

  it('survives any damage with an error of its own', async () => {
    const small = Buffer.concat([compress(text.subarray(0, 5000)), compress(text.subarray(5000, 6000))])
    const damage = fc.array(fc.tuple(fc.nat(small.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const copy = Buffer.from(small)
        for (const [at, byte] of changes) copy[at] = byte
        const result = await unpacked(format, copy, 700).catch((error: unknown) => error)
        expect(Buffer.isBuffer(result) || result instanceof TemperError).toBe(true)
      }),
    )
  })

  it('passes on what the source says, and closes it when left early', async () => {
    async function* failing() {
      yield one.subarray(0, 500)
      throw new TemperError('digest-mismatch', 'the source')
    }
    await expect(collect(decompress(format, failing(), options), options)).rejects.toMatchObject({
      code: 'digest-mismatch',
    })
    let closed = false
    async function* endless() {
      try {
        for (;;) yield one
      } finally {
        closed = true
      }
    }
    for await (const _ of decompress(format, endless(), options)) break
    expect(closed).toBe(true)
  })
})

describe('zstd frames', () => {
  it('passes over skippable ones', async () => {
    const frame = zstdCompressSync(Buffer.from('hello'))
    for (const bytes of [
      [skippable, frame],
      [frame, skippable],
      [skippable, frame, skippable, frame],
    ]) {
      expect((await unpacked('zstd', Buffer.concat(bytes), 5)).toString()).toMatch(/^(hello)+$/)
    }
    await expect(unpacked('zstd', Buffer.concat([frame, skippable.subarray(0, -1)]))).rejects.toMatchObject({
      code: 'bad-archive',
    })
  })

  it('verifies checksums', async () => {
    const frame = zstdChecked(text)
    frame[frame.length - 1] = (frame[frame.length - 1] as number) ^ 1
    await expect(unpacked('zstd', frame)).rejects.toMatchObject({ code: 'bad-archive' })
  })
})

describe('decompressFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'temper-decompress-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it.each([
    ['none', (bytes: Buffer) => bytes],
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ] as const)('reads a region (%s)', async (format, compress) => {
    const path = join(folder, format)
    const data = compress(text)
    writeFileSync(path, Buffer.concat([Buffer.from('before'), data, Buffer.from('after')]))
    const region = { path, offset: 6, size: data.length }
    const read = await collect(decompressFile(format, region, options), options)
    expect(Buffer.compare(read, text)).toBe(0)
    const beyond = { path, offset: 6, size: data.length + 100 }
    await expect(collect(decompressFile(format, beyond, options), options)).rejects.toMatchObject({
      code: 'bad-archive',
    })
  })

  it('names a file that is not there', async () => {
    const region = { path: join(folder, 'missing'), offset: 0, size: 1 }
    for (const format of ['none', 'xz'] as const) {
      await expect(collect(decompressFile(format, region, options), options)).rejects.toMatchObject({
        code: 'file-system',
      })
    }
  })
})

describe('decompress', () => {
  it('bounds plain data, too', async () => {
    await expect(unpacked('none', Buffer.alloc(options.limit + 1))).rejects.toMatchObject({
      code: 'limit-exceeded',
    })
    expect((await unpacked('none', text)).equals(text)).toBe(true)
  })
})

describe('compressionOf', () => {
  it.each([
    ['1f8b0800', 'gzip'],
    ['28b52ffd24', 'zstd'],
    ['5e2a4d18', 'zstd'],
    ['fd377a585a00', 'xz'],
    ['fd377a58', 'none'],
    ['7573722f', 'none'],
    ['', 'none'],
  ])('%s is %s', (hex, format) => {
    expect(compressionOf(Buffer.from(hex, 'hex'))).toBe(format)
  })
})
