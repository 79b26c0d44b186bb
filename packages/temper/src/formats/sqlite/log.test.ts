import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readSqliteLog } from './log.ts'

let home = ''
let files = 0
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'temper-sqlite-log-'))
})
afterAll(() => rmSync(home, { recursive: true }))

interface Unclosed {
  readonly bytes: Buffer
  readonly log: Buffer
}

/** Database and log as SQLite leaves them while it is open. */
function unclosed(fill: (database: DatabaseSync) => void, pageSize = 512): Unclosed {
  const path = join(home, String(files++))
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA page_size = ${pageSize}; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0`)
  fill(database)
  const left = { bytes: readFileSync(path), log: readFileSync(`${path}-wal`) }
  database.close()
  return left
}

/** What SQLite reads of the database with the pages of the log written into it. */
function withPages({ bytes, log }: Unclosed): unknown[] {
  const read = readSqliteLog(log)
  if (read === undefined) throw new Error('no log')
  const last = read.numbers.at(-1) ?? 0
  const whole = Buffer.concat([bytes, Buffer.alloc(Math.max(0, last * read.pageSize - bytes.length))])
  for (const number of read.numbers) read.page(number)?.copy(whole, (number - 1) * read.pageSize)
  // Without its log beside it SQLite takes the number of pages from the header, which the log wrote.
  const path = join(home, String(files++))
  writeFileSync(path, whole)
  return rowsIn(path)
}

function rowsIn(path: string): unknown[] {
  const database = new DatabaseSync(path)
  try {
    return database
      .prepare('SELECT id, hex(v) AS v FROM t ORDER BY id')
      .all()
      .map((row) => `${row['id']} ${row['v']}`)
  } finally {
    database.close()
  }
}

/** What SQLite reads of the two files as they are. */
function besideIt({ bytes, log }: Unclosed): unknown[] {
  const path = join(home, String(files++))
  writeFileSync(path, bytes)
  writeFileSync(`${path}-wal`, log)
  return rowsIn(path)
}

function fill(blobs: readonly Uint8Array[]) {
  return (database: DatabaseSync) => {
    database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v BLOB)')
    const insert = database.prepare('INSERT INTO t (v) VALUES (?)')
    for (const blob of blobs) insert.run(blob)
    database.exec('DELETE FROM t WHERE id % 3 = 0')
  }
}

describe('a write-ahead log', () => {
  test('has the pages of all that was committed, as SQLite reads them', () => {
    const blobs = fc.array(fc.uint8Array({ maxLength: 2000 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(blobs, fc.constantFrom(512, 4096, 65536), (values, pageSize) => {
        const left = unclosed(fill(values), pageSize)
        expect(withPages(left)).toEqual(besideIt(left))
      }),
      { numRuns: 20 },
    )
  })

  test('counts up to the last whole transaction, wherever it is cut', () => {
    const left = unclosed(fill(Array.from({ length: 6 }, (_, index) => Buffer.alloc(300, index))))
    const expected = besideIt(left)
    expect(expected).toHaveLength(4)
    for (let cut = 0; cut <= left.log.length; cut += 61) {
      const log = left.log.subarray(0, cut)
      const read = readSqliteLog(log)
      if (read === undefined) {
        expect(cut).toBeLessThan(32)
        continue
      }
      if (read.page(1) === undefined) continue
      expect(withPages({ ...left, log })).toEqual(besideIt({ ...left, log }))
    }
  })

  test('ends where it is damaged', () => {
    const { log } = unclosed(fill([Buffer.alloc(300, 1), Buffer.alloc(300, 2)]))
    const whole = readSqliteLog(log)?.numbers.length ?? 0
    fc.assert(
      fc.property(fc.nat(log.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(log)
        damaged[at] = (damaged[at] ?? 0) ^ change
        const read = readSqliteLog(damaged)
        // The header's number of the checkpoint is checked as well.
        if (at < 32) expect(read).toBeUndefined()
        else expect(read?.numbers.length ?? 0).toBeLessThanOrEqual(whole)
        for (const number of read?.numbers ?? []) expect(log.includes(read?.page(number) ?? '')).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['something else', Buffer.from('changes')],
    ['zeros', Buffer.alloc(4096)],
  ])('is not %s', (_, bytes) => {
    expect(readSqliteLog(bytes)).toBeUndefined()
  })

  test('of an earlier round is not read', () => {
    const { log } = unclosed(fill([Buffer.alloc(300, 1)]))
    const [first] = readSqliteLog(log)?.numbers ?? []
    expect(first).toBe(1)
    const other = Buffer.from(log)
    // The second frame has other salts, as what is left of an earlier log has.
    other.writeUInt32BE(1, 32 + 24 + 512 + 8)
    expect(readSqliteLog(other)?.numbers.length).toBeLessThan(readSqliteLog(log)?.numbers.length ?? 0)
  })
})
