import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { buildProgram, type FixtureSection } from '../fixtures/fixture-program.ts'
import { catalogueFiles, namesOf } from '../fixtures/sample.ts'
import { javaCataloguer } from './cataloguer.ts'

const document = {
  bomFormat: 'CycloneDX',
  components: [
    { type: 'library', group: 'org.x', name: 'a', version: '1', purl: 'pkg:maven/org.x/a@1' },
    { type: 'library', group: 'org.x', name: 'b', version: '2' },
    { type: 'library', name: 'c', version: '3', purl: 'pkg:npm/c@3' },
  ],
}
const packed = gzipSync(JSON.stringify(document))
const at = 0x10000

/** Symbols as GraalVM exports them: `sbom` and, behind it, `sbom_length`. */
function symbols(content: Buffer, length = content.length): FixtureSection[] {
  const names = Buffer.from('\0other\0sbom_length\0sbom\0')
  const table = Buffer.alloc(4 * 24)
  const place = (entry: number, name: string, address: number) => {
    table.writeUInt32LE(names.indexOf(`\0${name}\0`) + 1, entry * 24)
    table.writeBigUInt64LE(BigInt(address), entry * 24 + 8)
  }
  place(1, 'other', at)
  place(2, 'sbom', at)
  place(3, 'sbom_length', at + content.length)
  const size = Buffer.alloc(8)
  size.writeBigUInt64LE(BigInt(length))
  return [
    { name: '.svm_heap', content: Buffer.concat([content, size]), address: at },
    { name: '.dynsym', content: table },
    { name: '.dynstr', content: names },
  ]
}

const read = (sections: readonly FixtureSection[], more: object = {}) =>
  catalogueFiles(javaCataloguer, { 'app/run': { content: buildProgram({ sections, ...more }), mode: 0o755 } })

describe('a program that GraalVM made', () => {
  test('says by symbols what it is made of', async () => {
    const result = await read(symbols(packed))
    expect(namesOf(result)).toEqual(['org.x:a 1', 'org.x:b 2'])
    expect(result.components[0]?.locations).toEqual([{ path: 'app/run' }])
  })

  test('says it in a section too', async () => {
    expect(namesOf(await read([{ name: '.sbom', content: packed }]))).toEqual(['org.x:a 1', 'org.x:b 2'])
  })

  test('says nothing without symbols, and as 32-bit program', async () => {
    expect(namesOf(await read(symbols(packed), { stripped: true }))).toEqual([])
    expect(namesOf(await read(symbols(packed), { bits: 32 }))).toEqual([])
    expect(namesOf(await read([{ name: '.data', content: Buffer.from('sbom_length') }]))).toEqual([])
  })

  test.each([
    ['what is no gzip', symbols(Buffer.from('plain'))],
    ['a document that is cut off', symbols(packed.subarray(0, -9))],
    ['a length that leads out of it', symbols(packed, 1 << 20)],
  ])('is refused with %s', async (_, sections) => {
    await expect(read(sections)).rejects.toThrow('the embedded bill of materials is damaged')
  })

  test('is refused when its document is no JSON', async () => {
    await expect(read(symbols(gzipSync('no JSON')))).rejects.toThrow('embedded bill of materials')
  })
})
