import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { collect } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { chunked } from '../bytes/fixtures/chunked.ts'
import { compressionOf, decompress } from './decompress.ts'
import { probePieces } from './probe.ts'

/** Runs, matches and bytes of all kinds. */
const text = Buffer.concat([
  Buffer.from('The quick brown fox jumps over the lazy dog. '.repeat(8)),
  Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
  Buffer.from(`${'a'.repeat(300)}bbbbcccc\0${'x'.repeat(259)}`),
])

/** The text as Python's bz2 and lzma compress it, which are libbz2 1.0.8 and liblzma. */
const samples = {
  bzip2: [
    'QlpoOTFBWSZTWXzPyvkAAFj/////////////////////////////////////////////sAFZoYSYACYAAmAAAAAAAAAAAAAAAAAA',
    'AAAAAAAAAAAAAAAAAAACGgAAAACYAAABMBMAmAAaAAAABMAABMAAAAAAAAAJgAAAmAAAAAEqplPSZT01GynppoTEaAAwQAGg0yNG',
    'gNGgxDRkB6mjTEeSaAA0NNBkDQDI00aZADJkaAaMgAA0BoDTQAAGHdMpiEhO0qFNQVNSuo1JrWLamubF7awbm9wqji5OdVqzpV3i',
    'soJk2OAZAZACtAYsCLAQAiwK9YLDYnV2d3h5xlkstms7EC0sLVa7Zbbc9W9DREX9IyOkJKUlpib+05PUFFSU1RVVldYWVpbAri6c',
    'AAAFeX2BhYmNkZWZnaGk9Ae30iMckAixTPSLYBj0y9PEgNCQESAZFmBeEgIwCKZAOQFzZgKlakBWBk0QMAuUARoDJaBgVAECAsAW',
    'tIDNOAuAXgRqQClOBgkgFgDaqAa0AGGDRAQHNwRFyGVAQcQINojstl8xmc1m85nc9n9BoY/RaPSSGlkdNp9RIyUnKSstLzEzNTc5',
    'Oz0/QUNFR0lLTU9RU1VXWVtdX2FjZWdpa21vcXN1d3l7fX+Bg4WHiYuNj5GTlZeZm52foaOlp6mrra+xs7W3ubu9v8HDxcfJy83P',
    '0dPV19nb3d/h4+Xn6evt7/D8//MH9ff5+i7kinChIPmflfI=',
  ],
  lzma: [
    'XQAQAAD//////////wAqGgiiAyVm8Ut4xaIF/y7m2dIgGq00+OId6EE2+twGabs85BA0Jwnrs2bj7TeY7ZJfPmAVEp61BHafEzIa',
    '24d/Iiiy9mRRE0z/Bupv8se1Qho4/BRngNIGypdTivMLx+6ucjn7BhYGsh45VdwEaumZGao33DyGOFqNbf5M/2l5wQ2UG+s0moYz',
    'l86+8eBvimlL7kDxJtbj2pT19yN3jVBJbo6qwL/9/tu6VDzaxnLrxy3bJVwoNHpUi2kWMJeR30yP24hj0IOIUVas7ANh7gKRMnti',
    'SpOlHaNTILFz3Fq+1feWz4JaC9YNsHdRt5GjS7+yqwKy3vYjV0757GBPcW7TAWjHW7/WekKT9JxAjTzcvHiPEXzAg93Uv375SMQY',
    'lnIx/P//x2aAAA==',
  ],
} as const

type Older = keyof typeof samples

const programs: Readonly<Record<Older, readonly [string, ...string[]]>> = {
  bzip2: ['bzip2', '-c'],
  lzma: ['xz', '--format=lzma', '-c'],
}

function sampleOf(format: Older): Buffer {
  return Buffer.from(samples[format].join(''), 'base64')
}

/** What the host's program makes of it; undefined when there is none. */
function compressed(format: Older, bytes: Buffer, ...options: readonly string[]): Buffer | undefined {
  const [program, ...words] = programs[format]
  try {
    return execFileSync(program, [...words, ...options], { input: bytes, maxBuffer: 1 << 28 })
  } catch {
    return undefined
  }
}

async function unpacked(format: Older, bytes: Uint8Array, options: { chunk?: number; limit?: number } = {}) {
  const { chunk = 10_000, limit = 1 << 24 } = options
  const stream = decompress(format, chunked(bytes, chunk), { what: 'test.data', limit })
  return Buffer.from(await collect(stream, { limit: 1 << 30, what: 'result' }))
}

const bad = { code: 'bad-archive', message: expect.stringContaining('test.data: not valid') }

describe.each(['bzip2', 'lzma'] as const)('%s', (format) => {
  const sample = sampleOf(format)

  it('decompresses, in any chunks', async () => {
    for (const chunk of [1, 7, 1 << 20]) expect(await unpacked(format, sample, { chunk })).toEqual(text)
  })

  it('refuses data that are cut off, wherever', async () => {
    for (let size = 0; size < sample.length; size++)
      await expect(unpacked(format, sample.subarray(0, size)), `${size} bytes`).rejects.toMatchObject(bad)
  })

  it('refuses what follows', async () => {
    for (const extra of [Buffer.alloc(1), Buffer.from('more and more'), Buffer.alloc(5000)])
      await expect(unpacked(format, Buffer.concat([sample, extra]))).rejects.toMatchObject(bad)
  })

  it('bounds what comes out', async () => {
    await expect(unpacked(format, sample, { limit: 100 })).rejects.toMatchObject({ code: 'limit-exceeded' })
  })

  it('ends with a clear error or with bytes within the limit, whatever it reads', async () => {
    const damage = fc.array(fc.tuple(fc.nat({ max: sample.length - 1 }), fc.nat({ max: 255 })), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const bytes = Buffer.from(sample)
        for (const [at, value] of changes) bytes[at] = value
        try {
          const result = await unpacked(format, bytes, { limit: 100_000 })
          // bzip2 has checksums: what comes out is what went in.
          if (format === 'bzip2') expect(result).toEqual(text)
          else expect(result.length).toBeLessThanOrEqual(100_000)
        } catch (error) {
          expect(error).toBeInstanceOf(TemperError)
        }
      }),
      { numRuns: 300 },
    )
  })

  it.each(['-1', '-9'])('reads what the program of the host writes with %s', async (level) => {
    const large = Buffer.concat([...probePieces(), Buffer.alloc(2_000_000, 'a'), text, ...probePieces()])
    for (const bytes of [large, Buffer.alloc(0), Buffer.from('x')]) {
      const made = compressed(format, bytes, level)
      if (made === undefined) return
      expect((await unpacked(format, made)).equals(bytes)).toBe(true)
    }
  })
})

it('bzip2 of several streams is one', async () => {
  const sample = sampleOf('bzip2')
  expect(await unpacked('bzip2', Buffer.concat([sample, sample]))).toEqual(Buffer.concat([text, text]))
  expect(compressionOf(sample)).toBe('bzip2')
})

/** Literals only: enough for what the format says of sizes and ends. `marker`: ends with the end marker. */
function literalLzma(
  bytes: Uint8Array,
  options: { readonly marker: boolean; readonly size: bigint },
): Buffer {
  const out = [0]
  let low = 0n
  let range = 0xffffffff
  const shift = () => {
    // A carry goes into what was written.
    for (let at = out.length - 1, carry = Number(low >> 32n); carry > 0; at--) {
      out[at] = ((out[at] ?? 0) + 1) & 0xff
      carry = out[at] === 0 ? 1 : 0
    }
    out.push(Number((low >> 24n) & 0xffn))
    low = (low & 0xffffffn) << 8n
  }
  const tables = new Map<string, number>()
  const bit = (name: string, value: number) => {
    const probability = tables.get(name) ?? 1024
    const bound = (range >>> 11) * probability
    tables.set(
      name,
      value === 0 ? probability + ((2048 - probability) >> 5) : probability - (probability >> 5),
    )
    low += value === 0 ? 0n : BigInt(bound)
    range = value === 0 ? bound : range - bound
    for (; range < 0x1000000; range = (range << 8) >>> 0) shift()
  }
  const tree = (name: string, value: number, bits: number) => {
    for (let at = 1, i = bits - 1; i >= 0; i--) {
      bit(`${name} ${at}`, (value >> i) & 1)
      at = (at << 1) | ((value >> i) & 1)
    }
  }
  for (const byte of bytes) {
    bit('match', 0)
    tree('literal', byte, 8)
  }
  if (options.marker) {
    for (const [name, value] of [
      ['match', 1],
      ['repeat', 0],
      ['choice', 0],
    ] as const)
      bit(name, value)
    tree('low', 0, 3)
    tree('slot', 63, 6)
    for (let i = 0; i < 26; i++) {
      range >>>= 1
      low += BigInt(range)
      for (; range < 0x1000000; range = (range << 8) >>> 0) shift()
    }
    for (let at = 1, i = 0; i < 4; i++, at = (at << 1) | 1) bit(`align ${at}`, 1)
  }
  for (let i = 0; i < 4; i++) shift()
  const header = Buffer.alloc(13)
  header.writeUInt32LE(4096, 1)
  header.writeBigUInt64LE(options.size, 5)
  return Buffer.concat([header, Uint8Array.from(out)])
}

describe('lzma states its size, or ends with a marker, or both', () => {
  const unknown = 2n ** 64n - 1n

  it.each([
    ['size alone', false, 0n],
    ['marker alone', true, unknown],
    ['both', true, 0n],
  ] as const)('%s', async (_, marker, size) => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 10_000 }), async (bytes) => {
        const made = literalLzma(bytes, { marker, size: size === unknown ? size : BigInt(bytes.length) })
        expect(await unpacked('lzma', made)).toEqual(Buffer.from(bytes))
      }),
      { numRuns: 30 },
    )
  })

  it.each([
    ['more than it says', false, -1n],
    ['fewer than it says', true, 1n],
    ['neither size nor marker', false, unknown],
  ] as const)('%s', async (_, marker, size) => {
    const made = literalLzma(text, { marker, size: size === unknown ? size : BigInt(text.length) + size })
    await expect(unpacked('lzma', made)).rejects.toMatchObject(bad)
  })

  it('a size beyond the limit is refused before anything is decoded', async () => {
    const made = literalLzma(text, { marker: true, size: 2n ** 40n })
    await expect(unpacked('lzma', made)).rejects.toMatchObject({ code: 'limit-exceeded' })
  })
})

it('lzma with a dictionary beyond all use is refused', async () => {
  const sample = sampleOf('lzma')
  sample.writeUInt32LE(0xffffffff, 1)
  await expect(unpacked('lzma', sample)).rejects.toMatchObject(bad)
})
