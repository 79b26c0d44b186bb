import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { readSqliteTable } from '../sqlite/table.ts'
import { readBerkeley } from './berkeley.ts'
import { parseRpmHeader } from './header.ts'
import { readNdb } from './ndb.ts'

const fixture = (name: string) => gunzipSync(readFileSync(new URL(`fixtures/${name}`, import.meta.url)))
const sqlite = fixture('rpmdb.sqlite.gz')
const berkeley = fixture('Packages.gz')
const sqliteBlobs = (bytes: Uint8Array) =>
  [...readSqliteTable(bytes, 'Packages', { what: 'rpmdb.sqlite' })].flatMap(([, blob]) =>
    blob instanceof Uint8Array ? [Buffer.from(blob)] : [],
  )
const blobs = sqliteBlobs(sqlite)

/** A database as rpm's ndb writes it: a page of slots, then blobs in blocks of 16 bytes. */
function ndbOf(headers: readonly Uint8Array[]): Buffer {
  const slots = Buffer.alloc(4096)
  slots.write('RpmP', 0, 'latin1')
  slots.writeUInt32LE(1, 12)
  for (let at = 32; at < slots.length; at += 16) slots.write('Slot', at, 'latin1')
  const parts = [slots]
  let block = slots.length / 16
  for (const [index, header] of headers.entries()) {
    const blocks = Math.ceil((16 + header.length + 12) / 16)
    const part = Buffer.alloc(blocks * 16)
    part.write('BlbS', 0, 'latin1')
    part.writeUInt32LE(index + 1, 4)
    part.writeUInt32LE(header.length, 12)
    part.set(header, 16)
    slots.writeUInt32LE(index + 1, 36 + index * 16)
    slots.writeUInt32LE(block, 40 + index * 16)
    slots.writeUInt32LE(blocks, 44 + index * 16)
    block += blocks
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const ndb = ndbOf(blobs)

describe('headers', () => {
  test('say what the package was built with', () => {
    const headers = blobs.map((blob) => parseRpmHeader(blob, 'db'))
    expect(headers.map(({ files, provides, requires, ...rest }) => rest)).toEqual([
      {
        name: 'temper-sample',
        version: '1.2.3',
        release: '4.el9',
        epoch: 2,
        architecture: 'noarch',
        sourceRpm: 'temper-sample-1.2.3-4.el9.src.rpm',
        licence: 'MIT AND Apache-2.0',
        vendor: 'Example Makers',
        modularityLabel: 'sample:1.2:9020020:abcdef',
      },
      expect.objectContaining({ name: 'temper-sample-libs', licence: 'LGPL-2.1-or-later' }),
    ])
    expect(headers[0]?.files).toContain('/usr/share/sample/a-data-file-with-a-long-name-60.txt')
    expect(headers[0]?.files).toHaveLength(62)
    expect(headers[1]?.files).toEqual(['/usr/lib64/libsample.so', '/usr/lib64/libsample.so.1'])
    expect(headers[1]?.requires).toContain('temper-sample')
    expect(headers[1]?.provides).toContain('sample-library')
  })

  test('whose numbers are absurd are refused', () => {
    const header = Buffer.from(blobs[0] ?? [])
    for (const at of [0, 4]) {
      const broken = Buffer.from(header)
      broken.writeUInt32BE(0xfffffff0, at)
      expect(() => parseRpmHeader(broken, 'db')).toThrow(/cut off/)
    }
    expect(() => parseRpmHeader(new Uint8Array(8), 'db')).toThrow(/no name/)
  })
})

describe('all three databases', () => {
  test('hold the same headers', () => {
    expect(blobs).toHaveLength(2)
    const sorted = [...readBerkeley(berkeley, 'Packages')].map((blob) => Buffer.from(blob))
    expect(sorted.sort((a, b) => b.length - a.length)).toEqual(blobs)
    expect([...readNdb(ndb, 'Packages.db')].map((blob) => Buffer.from(blob))).toEqual(blobs)
  })

  const readers: readonly [string, Buffer, (bytes: Uint8Array) => unknown[]][] = [
    ['sqlite', sqlite, sqliteBlobs],
    ['berkeley', berkeley, (bytes) => [...readBerkeley(bytes, 'Packages')]],
    ['ndb', ndb, (bytes) => [...readNdb(bytes, 'Packages.db')]],
  ]

  test.each(readers)('%s: cut off anywhere is an error of ours or fewer packages', (_name, whole, read) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => {
        const result = attempt(() => read(whole.subarray(0, length)))
        expect(result === 'refused' || result.length <= 2).toBe(true)
      }),
    )
    expect(attempt(() => read(whole.subarray(0, 300)))).toBe('refused')
  })

  test.each(readers)('%s: changed bytes never crash or hang', (_name, whole, read) => {
    const change = fc.tuple(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }))
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 20 }), (changes) => {
        const bytes = Buffer.from(whole)
        for (const [at, value] of changes) bytes[at] = value
        attempt(() => {
          const values = read(bytes)
          for (const blob of values) parseRpmHeader(blob as Uint8Array, 'db')
          return values
        })
      }),
    )
  })

  test('pages of Berkeley DB that lead in a circle end', () => {
    const bytes = Buffer.from(berkeley)
    for (let page = 1; page * 4096 < bytes.length; page++)
      if (bytes[page * 4096 + 25] === 7) bytes.writeUInt32LE(page, page * 4096 + 16)
    expect(attempt(() => [...readBerkeley(bytes, 'Packages')])).not.toBe('refused')
  })

  test('a value that claims to be larger than the file is refused', () => {
    const bytes = Buffer.from(berkeley)
    const at = bytes.indexOf(Buffer.from([0xe8, 0x2b, 0, 0]))
    expect(at).toBeGreaterThan(0)
    bytes.writeUInt32LE(0x7fffffff, at)
    expect(() => [...readBerkeley(bytes, 'Packages')]).toThrow(/larger than the file/)
  })
})

/** What a reader gives, or that it refused with an error of ours; any other error fails the test. */
function attempt<T>(read: () => T): T | 'refused' {
  try {
    return read()
  } catch (error) {
    if (error instanceof TemperError && (error.code === 'bad-archive' || error.code === 'limit-exceeded'))
      return 'refused'
    throw error
  }
}
