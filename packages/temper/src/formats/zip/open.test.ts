import { closeSync, openSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TemperError } from '../../base/error.ts'
import type { ZipOptions } from './entry.ts'
import { buildZip, type SampleZip } from './fixtures/sample.ts'
import { looksLikeZip, openZip } from './open.ts'
import { fileSource, memorySource } from './source.ts'

function open(zip: SampleZip | Uint8Array, options: Partial<ZipOptions> = {}) {
  const bytes = zip instanceof Uint8Array ? zip : buildZip(zip)
  return openZip(memorySource(bytes), { what: 'a.zip', ...options })
}

function contents(zip: SampleZip | Uint8Array, options: Partial<ZipOptions> = {}): [string, string][] {
  const archive = open(zip, options)
  return archive.entries.map((entry) => [entry.name, Buffer.from(archive.read(entry)).toString()])
}

const name = fc.stringMatching(/^[a-zé][a-z.-]{0,10}(\/[a-z]{1,5})?$/)
const sample = fc.record({
  entries: fc.uniqueArray(fc.record({ name, content: fc.string({ maxLength: 200 }), stored: fc.boolean() }), {
    selector: (entry) => entry.name,
    maxLength: 8,
  }),
  prefix: fc.uint8Array({ maxLength: 40 }),
  comment: fc.stringMatching(/^[a-z ]{0,20}$/),
  zip64: fc.boolean(),
})

describe('reading', () => {
  test('gives back what was written', () => {
    fc.assert(
      fc.property(sample, (zip) => {
        expect(contents(zip)).toEqual(zip.entries.map((entry) => [entry.name, entry.content]))
      }),
    )
  })

  test('from a file the same as from memory, also larger ones', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'temper-zip-'))
    const noise = Buffer.alloc(3 << 20, 'some text that goes on, and on, ')
    const entries = Array.from({ length: 40 }, (_, index) => ({
      name: `f${index}`,
      content: index % 10 === 0 ? noise.subarray(0, noise.length - index) : `small ${index}`,
      stored: index % 3 === 0,
    }))
    const bytes = buildZip({ entries })
    await writeFile(join(folder, 'a.zip'), bytes)
    const descriptor = openSync(join(folder, 'a.zip'), 'r')
    try {
      const archive = openZip(fileSource(descriptor, bytes.length), { what: 'a.zip' })
      for (const { name: wanted, content } of entries) {
        const entry = archive.find(wanted)
        expect(entry && Buffer.from(content).equals(archive.read(entry))).toBe(true)
      }
    } finally {
      closeSync(descriptor)
      await rm(folder, { recursive: true })
    }
  })

  test('folders are left out, of equal names the last one counts', () => {
    const entries = [
      { name: 'a/', content: '' },
      { name: 'a/b', content: 'first' },
      { name: 'a/b', content: 'second' },
    ]
    expect(contents({ entries })).toEqual([['a/b', 'second']])
  })

  test('names that lead outside are refused, others not', () => {
    const names = ['../a', '/etc/passwd', 'a/../../b', 'C:\\x', 'a\\..\\..\\b', 'a\0b', 'a..b', '..a/b..']
    const archive = open({ entries: names.map((one) => ({ name: one, content: 'x' })) })
    expect(archive.entries.map((entry) => entry.name)).toEqual(['a..b', '..a/b..'])
    expect(archive.refused).toHaveLength(6)
  })

  test('is recognised by its start', () => {
    expect(looksLikeZip(buildZip({ entries: [{ name: 'a', content: '' }] }))).toBe(true)
    expect(looksLikeZip(buildZip({ entries: [] }))).toBe(true)
    expect(looksLikeZip(Buffer.from('PK'))).toBe(false)
    expect(looksLikeZip(Buffer.from('#!/bin/sh'))).toBe(false)
  })
})

test('a file that is listed twice is read once', () => {
  const twice = { name: 'a', content: 'x'.repeat(1000) }
  const archive = openZip(memorySource(buildZip({ entries: [twice, { ...twice, lie: { offset: 0 } }] })), {
    what: 'a.jar',
  })
  expect(archive.entries.map(({ name }) => name)).toEqual(['a'])
  const [entry] = archive.entries
  expect(entry && archive.read(entry).length).toBe(1000)
})

describe('hostile archives', () => {
  const file = (lie: object, content = 'hello hello hello hello') => ({
    entries: [{ name: 'a', content, lie }],
  })

  test.each<[string, SampleZip | Uint8Array, RegExp]>([
    ['nothing', new Uint8Array(0), /end-of-directory/],
    ['other bytes', Buffer.alloc(100_000, 'PK'), /end-of-directory/],
    ['an encrypted entry', file({ flags: 1 }), /encrypted/],
    ['an unknown method', file({ method: 12 }), /method 12/],
    ['a wrong checksum', file({ crc32: 7 }), /CRC-32/],
    ['less than promised', file({ size: 24 }), /expected 24 bytes, found 23/],
    ['more than promised', file({ size: 3 }), /more than the 3 bytes/],
    ['more than deflate can hold', file({ size: 10_000_000 }), /cannot hold 10000000/],
    ['an entry beyond the end', file({ packedSize: 5000 }), /outside the archive/],
    ['a header that is elsewhere', file({ offset: 1 }), /local header is missing|outside/],
    [
      'entries that share bytes',
      {
        entries: [
          { name: 'a', content: 'x'.repeat(1000) },
          { name: 'b', content: 'y', lie: { offset: 0 } },
        ],
      },
      /shares bytes/,
    ],
    [
      'a file that is listed twice, of two sizes',
      {
        entries: [
          { name: 'a', content: 'x'.repeat(1000) },
          { name: 'a', content: 'y', lie: { offset: 0 } },
        ],
      },
      /shares bytes/,
    ],
  ])('%s', (_, zip, message) => {
    expect(() => contents(zip)).toThrow(message)
  })

  test('what unpacks to too much, at once or in sum', () => {
    const bomb = { entries: ['a', 'b', 'c'].map((one) => ({ name: one, content: Buffer.alloc(1 << 20) })) }
    expect(() => contents(bomb, { limits: { entryBytes: 1000 } })).toThrow(/more than 1000 bytes/)
    const budget = { left: 2.5 * 2 ** 20 }
    expect(() => contents(bomb, { budget })).toThrow(TemperError)
    expect(budget.left).toBe(2 ** 19)
    expect(() => contents(bomb, { limits: { entries: 2 } })).toThrow(/more than/)
    expect(() => contents(bomb, { limits: { directoryBytes: 50 } })).toThrow(/more than/)
  })

  test('cut anywhere it is an error', () => {
    const bytes = buildZip({ entries: [{ name: 'a', content: 'some text' }], comment: 'c' })
    for (let length = 0; length < bytes.length; length++)
      expect(() => contents(bytes.subarray(0, length)), `cut at ${length}`).toThrow(TemperError)
  })

  test('damaged anywhere it is read or is an error of ours', () => {
    fc.assert(
      fc.property(sample, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 6 }), (zip, changes) => {
        const bytes = buildZip(zip)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        try {
          contents(bytes, { limits: { entryBytes: 1 << 20 } })
        } catch (error) {
          expect(error).toBeInstanceOf(TemperError)
        }
      }),
      { numRuns: 500 },
    )
  })
})
