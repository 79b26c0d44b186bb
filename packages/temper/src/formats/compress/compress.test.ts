import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Compressor } from '../../model/lock.ts'
import { type CompressorOptions, createCompressor, defaultCompressor } from './compress.ts'
import { loadDefinition } from './definition.ts'
import { nativeCompress } from './native.ts'
import { expectedProbe, probeDigest, probePieces } from './probe.ts'

const gzip = defaultCompressor('gzip')
const zstd = defaultCompressor('zstd')
const all: Compressor[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((level) => ({ ...gzip, level })),
  ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 19].map((level) => ({ ...zstd, level })),
]
const label = ({ format, level }: Compressor) => `${format} ${level}`

describe('the definitions', () => {
  it.each(all.map((spec) => [label(spec), spec] as const))(
    '%s reach the digest on record',
    async (_, spec) => {
      const compress = await loadDefinition(spec)
      expect(await probeDigest(async (chunk) => compress(chunk))).toBe(expectedProbe(spec))
    },
  )

  it('write members that tell nothing of the platform and that anyone can read', async () => {
    const chunk = Buffer.from('hello hello hello')
    for (const engine of ['auto', 'definition'] as const) {
      const member = Buffer.from(await (await createCompressor(gzip, { engine })).compress(chunk))
      expect(member.toString('hex', 0, 10)).toBe('1f8b08000000000000ff')
      expect(gunzipSync(member)).toEqual(chunk)
      const frame = await (await createCompressor(zstd, { engine })).compress(chunk)
      expect(zstdDecompressSync(frame)).toEqual(chunk)
    }
  })
})

describe('createCompressor', () => {
  it.each([gzip, zstd, { ...gzip, level: 9 }].map((spec) => [label(spec), spec] as const))(
    'gives the same bytes with both engines (%s)',
    async (_, spec) => {
      const auto = await createCompressor(spec)
      const definition = await createCompressor(spec, { engine: 'definition', threads: 2 })
      expect(definition.engine).toBe('definition')
      const sources = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts'))
      const text = Buffer.concat(sources.map((name) => readFileSync(join(import.meta.dirname, name))))
      const chunks = [
        Buffer.alloc(0),
        Buffer.alloc(1 << 20, 'ab'),
        text,
        readFileSync(process.execPath).subarray(1 << 20, 2 << 20),
        ...probePieces(),
      ]
      const members = await Promise.all(chunks.map((chunk) => auto.compress(chunk)))
      const same = await Promise.all(chunks.map((chunk) => definition.compress(chunk)))
      for (const [i, member] of members.entries())
        expect(Buffer.compare(member, same[i] as Uint8Array)).toBe(0)
      const unpack = spec.format === 'gzip' ? gunzipSync : zstdDecompressSync
      for (const [i, chunk] of chunks.entries()) {
        expect(Buffer.compare(unpack(members[i] as Uint8Array), chunk)).toBe(0)
      }
    },
  )

  it('agrees on small chunks of any kind', async () => {
    const engines = await Promise.all(
      [gzip, zstd].flatMap((spec) => [loadDefinition(spec), createCompressor(spec)] as const),
    )
    const [gzipDefinition, gzipMember, zstdDefinition, zstdMember] = engines as [
      (chunk: Uint8Array) => Uint8Array,
      { compress(chunk: Uint8Array): Promise<Uint8Array> },
      (chunk: Uint8Array) => Uint8Array,
      { compress(chunk: Uint8Array): Promise<Uint8Array> },
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 2000 }),
        fc.integer({ min: 1, max: 200 }),
        async (bytes, times) => {
          const chunk = Buffer.concat(Array.from({ length: times }, () => bytes))
          expect(Buffer.compare(await gzipMember.compress(chunk), gzipDefinition(chunk))).toBe(0)
          expect(Buffer.compare(await zstdMember.compress(chunk), zstdDefinition(chunk))).toBe(0)
        },
      ),
      { numRuns: 50 },
    )
  })

  it.each([gzip, zstd].map((spec) => [label(spec), spec] as const))(
    'forgets each chunk before the next one (%s)',
    async (_, spec) => {
      const [definition, { compress }] = await Promise.all([loadDefinition(spec), createCompressor(spec)])
      const repeated = fc
        .tuple(fc.uint8Array({ minLength: 1, maxLength: 5, max: 1 }), fc.integer({ min: 1, max: 30_000 }))
        .map(([bytes, times]) => Buffer.concat(Array.from({ length: times }, () => bytes)))
      const noise = Buffer.from(probePieces()[4] as Uint8Array)
      for (const size of [5, 6, 65_535, 65_536, 65_537, 90_000]) {
        await compress(noise)
        const chunk = Buffer.alloc(size)
        expect(Buffer.compare(await compress(chunk), definition(chunk))).toBe(0)
      }
      await fc.assert(
        fc.asyncProperty(repeated, async (chunk) => {
          await compress(noise)
          expect(Buffer.compare(await compress(chunk), definition(chunk))).toBe(0)
        }),
        { numRuns: 50 },
      )
    },
  )

  it('does not change the chunk, nor keep the rest of its buffer', async () => {
    const all = Buffer.alloc(3000, 'abc')
    const chunk = all.subarray(1000, 2000)
    const compressor = await createCompressor(gzip, { engine: 'definition', threads: 1 })
    const member = await compressor.compress(chunk)
    expect(gunzipSync(member).toString()).toBe('abc'.repeat(1000).slice(1000, 2000))
    expect(all.equals(Buffer.alloc(3000, 'abc'))).toBe(true)
  })

  it('uses a verdict that is known, and leaves one that is not', async () => {
    const verdicts = new Map<string, boolean>()
    const options: CompressorOptions = { verdicts }
    const first = await createCompressor(zstd, options)
    expect([...verdicts.values()]).toEqual([first.engine === 'native'])
    const [key] = [...verdicts.keys()]
    expect(key).toContain(process.versions.node)
    verdicts.set(key as string, false)
    expect((await createCompressor(zstd, options)).engine).toBe('definition')
  })

  it.each([
    [{ ...gzip, definition: 'pako-9.9.9' }],
    [{ ...gzip, definition: 'zstd-1.5.7' }],
    [{ ...gzip, level: 0 }],
    [{ ...gzip, level: 10 }],
    [{ ...zstd, level: 20 }],
    [{ ...zstd, level: 1.5 }],
    [{ ...zstd, definition: '__proto__' }],
  ])('refuses what this version cannot do: %o', async (spec) => {
    await expect(createCompressor(spec)).rejects.toMatchObject({ code: 'bad-lock' })
  })

  it('refuses absurd members', async () => {
    const compressor = await createCompressor(gzip)
    await expect(compressor.compress(new Uint8Array(64 * 2 ** 20 + 1))).rejects.toMatchObject({
      code: 'internal',
    })
  })
})

describe('the self-test', () => {
  it('tells zstd in pieces from zstd in one go, and other levels and headers apart', async () => {
    const level = { ...zstd, level: 4 }
    expect(await probeDigest(nativeCompress(level))).not.toBe(expectedProbe(zstd))
    const wrongHeader = nativeCompress(gzip)
    const digest = await probeDigest(async (chunk) => {
      const member = await wrongHeader(chunk)
      member[9] = 3
      return member
    })
    expect(digest).not.toBe(expectedProbe(gzip))
  })
})
