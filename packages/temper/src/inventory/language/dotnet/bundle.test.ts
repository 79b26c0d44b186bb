import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildProgram } from '../fixtures/fixture-program.ts'
import { catalogueFiles, namesOf } from '../fixtures/sample.ts'
import { dotnetBundleCataloguer } from './cataloguer.ts'

const fixtureElf = () => buildProgram({ sections: [{ name: '.data', content: Buffer.from('host') }] })
const signature = Buffer.from('8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae', 'hex')
const deps = Buffer.from(
  JSON.stringify({ libraries: { 'Serilog/3.0.1': { type: 'package' }, 'App/1.0.0': { type: 'project' } } }),
)

/** A program with a bundle behind it, as publishing with PublishSingleFile makes them. */
function bundle(
  {
    major = 6,
    id = 'Ab3x',
    at,
    size = deps.length,
  }: { major?: number; id?: string; at?: number; size?: number } = {},
  host: Uint8Array = fixtureElf(),
): Buffer {
  const start = Buffer.concat([host, Buffer.alloc(8), signature, Buffer.alloc(100)])
  const depsAt = start.length
  const headerAt = depsAt + deps.length
  start.writeBigInt64LE(BigInt(headerAt), host.length)
  const header = Buffer.alloc(13)
  header.writeUInt32LE(major, 0)
  header.writeInt32LE(1, 8)
  header[12] = id.length
  const places = Buffer.alloc(40)
  places.writeBigInt64LE(BigInt(at ?? depsAt), 0)
  places.writeBigInt64LE(BigInt(size), 8)
  return Buffer.concat([start, deps, header, Buffer.from(id), places])
}

const read = (content: Uint8Array) =>
  catalogueFiles(dotnetBundleCataloguer, { 'app/App': { content, mode: 0o755 } })

describe('a .NET program that is one file', () => {
  test.each([2, 6])('says what it brings, format %d', async (major) => {
    const catalogued = await read(bundle({ major }))
    expect(namesOf(catalogued)).toEqual(['Serilog 3.0.1'])
    expect(catalogued.components[0]).toMatchObject({
      purl: 'pkg:nuget/Serilog@3.0.1',
      foundBy: 'dotnet-bundle',
    })
  })

  test('says nothing where it is not one, has no list, or is of .NET Core 3', async () => {
    const host = Buffer.concat([fixtureElf(), Buffer.alloc(8), signature])
    for (const program of [fixtureElf(), host, bundle({ major: 1 }), bundle({ size: 0 })])
      expect(namesOf(await read(program))).toEqual([])
  })

  test.each([
    ['a list behind its end', bundle({ at: 1 << 20 })],
    ['a list longer than it', bundle({ size: 1 << 20 })],
    ['a header that is cut off', bundle().subarray(0, -45)],
  ])('is refused with %s', async (_, program) => {
    await expect(read(program)).rejects.toThrow('This .NET bundle is damaged')
  })

  test('with any damage is read or refused', async () => {
    const whole = bundle()
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, value) => {
        const damaged = Buffer.from(whole)
        damaged[at] = value
        const names = await read(damaged).then(namesOf, (error: { code?: string }) => error.code)
        expect(['bad-archive', 'limit-exceeded', ...(Array.isArray(names) ? [names] : [])]).toContainEqual(
          names,
        )
      }),
      { numRuns: 200 },
    )
  })
})
