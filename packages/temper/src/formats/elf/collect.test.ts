import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ElfFacts } from '../../model/package/package-content.ts'
import { createElfCollector } from './collect.ts'
import { buildElf, type FixtureElf } from './fixtures/fixture-elf.ts'

function factsOf(bytes: Uint8Array, pieces: readonly number[] = [bytes.length]): ElfFacts | undefined {
  const collector = createElfCollector(bytes.length)
  let at = 0
  for (const piece of pieces) {
    // A buffer of its own that is overwritten afterwards: the collector may not keep chunks.
    const chunk = Uint8Array.from(bytes.subarray(at, at + piece))
    collector.write(chunk)
    chunk.fill(0xaa)
    at += piece
  }
  collector.write(bytes.subarray(at))
  return collector.finish()
}

const rich: FixtureElf = {
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: ['libz.so.1', 'libc.so.6'],
  runpath: '$ORIGIN/../lib::/opt/x/lib',
  soname: 'libmine.so.3',
  needs: {
    'libz.so.1': { strong: ['ZLIB_1.2.9'], weak: ['ZLIB_2.0'] },
    'libc.so.6': { strong: ['GLIBC_2.34', 'GLIBC_2.2.5'] },
    'libonlyweak.so.1': { weak: ['W_1'] },
  },
  definitions: ['libmine.so.3', 'MINE_1.0', 'MINE_1.1'],
}

const richFacts = {
  machine: 62,
  bits: 64,
  kind: 'shared',
  interpreter: '/lib64/ld-linux-x86-64.so.2',
  needed: ['libz.so.1', 'libc.so.6'],
  runpath: ['$ORIGIN/../lib', '/opt/x/lib'],
  rpath: [],
  soname: 'libmine.so.3',
  versionNeeds: { 'libz.so.1': ['ZLIB_1.2.9'], 'libc.so.6': ['GLIBC_2.34', 'GLIBC_2.2.5'] },
  versionDefinitions: ['libmine.so.3', 'MINE_1.0', 'MINE_1.1'],
  protections: { positionIndependent: true, relro: 'none', executableStack: false, stackProtector: false },
}

describe('facts of well-formed files', () => {
  it('reads everything of a rich file', () => {
    expect(factsOf(buildElf(rich))).toEqual(richFacts)
  })

  it.each([
    ['code before the tables', { code: 300_000 }],
    ['tables in a segment of their own', { code: 300_000, ownSegment: true }],
    ['program headers at the end', { code: 300_000, lateHeaders: true }],
    ['strings in a large segment that was added', { lateStrings: 400_000 }],
  ])('finds the same with %s', (_, layout) => {
    expect(factsOf(buildElf({ ...rich, ...layout }))).toEqual(richFacts)
  })

  it('says so when the names lie beyond what is kept', () => {
    const facts = factsOf(buildElf({ ...rich, code: 17 * 1024 * 1024 }))
    expect(facts).toMatchObject({ machine: 62, needed: [], damaged: expect.stringContaining('string table') })
    expect(facts?.interpreter).toBe('/lib64/ld-linux-x86-64.so.2')
  })

  it.each<[string, FixtureElf, ElfFacts['kind']]>([
    ['ET_EXEC', { type: 2 }, 'executable'],
    ['DF_1_PIE', { pie: true }, 'executable'],
    ['an interpreter and no soname', { interpreter: '/lib/ld.so' }, 'executable'],
    ['an interpreter and a soname (libc.so.6)', { interpreter: '/lib/ld.so', soname: 'libc.so.6' }, 'shared'],
    ['neither', {}, 'shared'],
    ['ET_REL', { type: 1 }, 'other'],
  ])('%s', (_, elf, kind) => {
    expect(factsOf(buildElf(elf))?.kind).toBe(kind)
  })

  it.each<[string, FixtureElf, Partial<ElfFacts['protections']>]>([
    ['an address of its own', { type: 2 }, { positionIndependent: false }],
    ['PT_GNU_RELRO alone', { relro: 'partial' }, { relro: 'partial' }],
    ['PT_GNU_RELRO with DT_BIND_NOW', { relro: 'full' }, { relro: 'full' }],
    ['an executable PT_GNU_STACK', { executableStack: true }, { executableStack: true }],
    ['__stack_chk_fail', { stackProtector: true }, { stackProtector: true }],
  ])('protections: %s', (_, elf, protections) => {
    const plain = factsOf(buildElf({}))?.protections
    expect(factsOf(buildElf(elf))?.protections).toEqual({ ...plain, ...protections })
  })

  it('keeps DT_RPATH apart and tells the machine', () => {
    expect(factsOf(buildElf({ rpath: '$ORIGIN', machine: 183 }))).toMatchObject({
      machine: 183,
      rpath: ['$ORIGIN'],
      runpath: [],
    })
  })

  it('names that are also names of object members do no harm', () => {
    const facts = factsOf(buildElf({ needs: { __proto__x: {}, constructor: { strong: ['V'] } } }))
    expect(Object.entries(facts?.versionNeeds ?? {})).toEqual([['constructor', ['V']]])
  })
})

describe('files that are not what the loader wants', () => {
  it.each([
    ['empty', ''],
    ['text', '#!/bin/sh\n'],
    ['three bytes of magic', '\x7fEL'],
    ['other magic', '\x7fELG'.padEnd(100)],
  ])('%s: no facts', (_, text) => {
    expect(factsOf(Buffer.from(text, 'latin1'))).toBeUndefined()
    expect(factsOf(Buffer.from(text, 'latin1'), [1, 1, 1, 1])).toBeUndefined()
  })

  it('32-bit and big-endian files are recognised only', () => {
    const file = buildElf(rich)
    const small = Buffer.from(file)
    small[4] = 1
    expect(factsOf(small)).toMatchObject({
      bits: 32,
      machine: 62,
      damaged: expect.stringContaining('not supported'),
    })
    const big = Buffer.from(file)
    big[5] = 2
    big.writeUInt16BE(22, 18)
    expect(factsOf(big)).toMatchObject({
      bits: 64,
      machine: 22,
      damaged: expect.stringContaining('not supported'),
    })
  })

  it('a file cut anywhere gives facts and says what is missing', () => {
    const file = buildElf(rich)
    for (let length = 4; length < file.length; length++) {
      expect(factsOf(file.subarray(0, length))?.damaged, `cut at ${length}`).toBeTypeOf('string')
    }
  })

  it('endless and circular chains end', () => {
    const file = buildElf({ needs: { 'a.so': { strong: ['A'] } }, definitions: ['D'] })
    const pattern = Buffer.alloc(4)
    pattern.writeUInt32LE(0x6fffffff)
    const countAt = file.indexOf(pattern) + 8
    file.writeUInt32LE(0xffffffff, countAt)
    expect(factsOf(file)?.versionNeeds).toEqual({ 'a.so': ['A'] })
  })

  it('too many needed libraries are damage, not work', () => {
    const facts = factsOf(buildElf({ needed: Array.from({ length: 5000 }, (_, i) => `l${i}`) }))
    expect(facts).toMatchObject({ needed: [], damaged: expect.stringContaining('4096') })
  })
})

describe('properties', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9.]{0,12}$/)
  const versions = fc.array(name, { maxLength: 3 })
  const elf: fc.Arbitrary<FixtureElf> = fc.record({
    needed: fc.array(name, { maxLength: 5 }),
    soname: name,
    needs: fc.dictionary(name, fc.record({ strong: versions, weak: versions }), { maxKeys: 3 }),
    definitions: versions,
    code: fc.nat(5000),
    ownSegment: fc.boolean(),
    lateHeaders: fc.boolean(),
  })

  it('what was written is what is read', () => {
    fc.assert(
      fc.property(elf, (description) => {
        const facts = factsOf(buildElf(description))
        expect(facts?.damaged).toBeUndefined()
        expect(facts?.needed).toEqual(description.needed)
        expect(facts?.soname).toBe(description.soname)
        expect(facts?.versionDefinitions).toEqual(description.definitions)
        const strong = Object.entries(description.needs ?? {}).map(
          ([file, { strong }]) => [file, strong ?? []] as const,
        )
        expect(facts?.versionNeeds).toEqual(Object.fromEntries(strong.filter(([, list]) => list.length > 0)))
      }),
    )
  })

  it('how the bytes are cut into chunks changes nothing', () => {
    fc.assert(
      fc.property(elf, fc.array(fc.nat(400), { maxLength: 60 }), (description, pieces) => {
        const file = buildElf(description)
        expect(factsOf(file, pieces)).toEqual(factsOf(file))
      }),
    )
    const file = buildElf(rich)
    expect(
      factsOf(
        file,
        Array.from({ length: file.length }, () => 1),
      ),
    ).toEqual(richFacts)
  })

  it('damaged files neither throw nor depend on chunks', () => {
    const file = buildElf(rich)
    const change = fc.record({
      at: fc.nat(file.length - 1),
      value: fc.oneof(fc.nat(255), fc.constantFrom(0, 0x7f, 0x80, 0xff)),
    })
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 12 }),
        fc.array(fc.nat(200)),
        (changes, pieces) => {
          const mutated = Buffer.from(file)
          for (const { at, value } of changes) if (at >= 4) mutated[at] = value
          const facts = factsOf(mutated)
          expect(facts).toBeDefined()
          expect(factsOf(mutated, pieces)).toEqual(facts)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
