import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCompressor, defaultCompressor } from './compress.ts'
import { memberDecompressor } from './decompress-member.ts'

const options = { what: 'a member', limit: 1 << 20 }
const compressSync = { gzip: gzipSync, zstd: zstdCompressSync }

describe.each(['gzip', 'zstd'] as const)('%s members', (format) => {
  const decompress = memberDecompressor(format, options)

  it('come back as they were, many at once and one after the other', async () => {
    const { compress } = await createCompressor(defaultCompressor(format))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 8 }), async (chunks) => {
        const restored = await Promise.all(
          chunks.map(async (chunk) => Buffer.concat(await decompress(await compress(chunk)))),
        )
        expect(restored).toEqual(chunks.map((chunk) => Buffer.from(chunk)))
      }),
      { numRuns: 50 },
    )
  })

  it('may be larger than the output buffer, up to the limit', async () => {
    const text = Buffer.alloc(options.limit, 'some text ')
    expect(Buffer.concat(await decompress(compressSync[format](text)))).toEqual(text)
    const large = compressSync[format](Buffer.concat([text, Buffer.from('!')]))
    await expect(decompress(large)).rejects.toMatchObject({
      code: expect.stringMatching(/limit|bad-archive/),
    })
  })

  it('are refused when they are cut off or damaged, and the next one is not affected', async () => {
    const text = Buffer.from('some text, and then some more of it, and again some text')
    const member = compressSync[format](text)
    for (let length = 0; length < member.length; length++) {
      await expect(decompress(member.subarray(0, length))).rejects.toMatchObject({ code: 'bad-archive' })
    }
    const damaged = Buffer.from(member)
    damaged[4] = 0xff
    damaged[12] = 0xff - (damaged[12] ?? 0)
    await expect(decompress(damaged)).rejects.toMatchObject({ code: 'bad-archive' })
    expect(Buffer.concat(await decompress(member))).toEqual(text)
  })
})
