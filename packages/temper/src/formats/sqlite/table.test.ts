import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TemperError } from '../../base/error.ts'
import { readSqliteTable } from './table.ts'

let home = ''
let files = 0
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-sqlite-'))
})
afterAll(() => rmSync(home, { recursive: true }))

/** The bytes of a database that SQLite itself makes. */
function databaseOf(fill: (database: DatabaseSync) => void, pageSize = 512): Buffer {
  const path = join(home, String(files++))
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA page_size = ${pageSize}; PRAGMA journal_mode = DELETE`)
  fill(database)
  database.close()
  return readFileSync(path)
}

const rows = (bytes: Uint8Array, table = 't') => [...readSqliteTable(bytes, table, { what: 'db' })]

test('reads what SQLite wrote, over any number of pages', () => {
  const value = fc.oneof(
    fc.integer(),
    fc.constantFrom(0, 1, -1, 127, 128, 32768, -8388609, 2 ** 40),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !Number.isInteger(number)),
    fc.uint8Array({ maxLength: 3000 }),
    fc.constant(null),
  )
  fc.assert(
    fc.property(fc.array(value, { maxLength: 60 }), fc.constantFrom(512, 4096, 65536), (values, pageSize) => {
      const bytes = databaseOf((database) => {
        database.exec('CREATE TABLE other (a); CREATE TABLE t (id INTEGER PRIMARY KEY, v)')
        const insert = database.prepare('INSERT INTO t (v) VALUES (?)')
        database.exec('BEGIN')
        for (const each of values) insert.run(each)
        database.exec('COMMIT')
      }, pageSize)
      const stored = rows(bytes).map(([, each]) => (each instanceof Uint8Array ? Buffer.from(each) : each))
      expect(stored).toEqual(
        values.map((each) => (each instanceof Uint8Array ? Buffer.from(each) : (each ?? undefined))),
      )
    }),
    { numRuns: 30 },
  )
})

test('a table that is not there, or is a view, has no rows', () => {
  const bytes = databaseOf((database) =>
    database.exec('CREATE TABLE a (x); INSERT INTO a VALUES (1); CREATE VIEW t AS SELECT * FROM a'),
  )
  expect(rows(bytes)).toEqual([])
  expect(rows(bytes, 'none')).toEqual([])
  expect(rows(bytes, 'a')).toEqual([[1]])
})

test('damaged databases are refused or read in part, and never hang', () => {
  const whole = databaseOf((database) => {
    database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v)')
    const insert = database.prepare('INSERT INTO t (v) VALUES (?)')
    for (let i = 0; i < 40; i++) insert.run(Buffer.alloc(i * 40, i))
  })
  const change = fc.tuple(fc.integer({ min: 0, max: whole.length - 1 }), fc.integer({ min: 0, max: 255 }))
  let refused = 0
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 30 }), fc.nat(whole.length), (changes, cut) => {
      const bytes = Buffer.from(whole)
      for (const [at, value] of changes) bytes[at] = value
      for (const input of [bytes, bytes.subarray(0, cut)])
        try {
          expect(rows(input).length).toBeLessThan(10_000)
        } catch (error) {
          if (!(error instanceof TemperError)) throw error
          refused++
        }
    }),
  )
  expect(refused).toBeGreaterThan(0)
})

test('pages in a circle are refused', () => {
  const bytes = databaseOf((database) => {
    database.exec('CREATE TABLE t (v)')
    const insert = database.prepare('INSERT INTO t (v) VALUES (?)')
    for (let i = 0; i < 100; i++) insert.run(Buffer.alloc(50))
  })
  // The table's root is page 2; its right-most child becomes itself.
  expect(bytes[512]).toBe(5)
  bytes.writeUInt32BE(2, 512 + 8)
  expect(() => rows(bytes)).toThrow(/circle/)
})
