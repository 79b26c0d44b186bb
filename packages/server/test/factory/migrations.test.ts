import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedDialect } from '../../src/database/embedded/dialect.ts'
import { unpackFolder } from '../../src/database/embedded/folder-image.ts'
import { embeddedJobs } from '../../src/database/embedded/jobs.ts'
import { prepareDatabase } from '../../src/database/embedded/prepare.ts'
import { EmbeddedSession } from '../../src/database/embedded/session.ts'
import { migrate, migrations } from '../../src/database/migrate.ts'
import type { Database } from '../../src/database/open.ts'
import type { Schema } from '../../src/database/schema.ts'
import { findingsOf } from '../../src/images/findings.ts'
import { keepPackages, packagesIn } from '../../src/images/packages.ts'
import { Jobs } from '../../src/jobs/jobs.ts'
import { isOverdue } from '../../src/watch/looks.ts'

let folder = ''
let session: EmbeddedSession
let db: Kysely<Schema>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-database-'))
  session = await EmbeddedSession.open(join(folder, 'postgres'), { fresh: true })
  db = new Kysely<Schema>({ dialect: embeddedDialect(session) })
})
afterAll(async () => {
  await session.close()
  await rm(folder, { recursive: true, force: true })
})

async function startAnew(): Promise<void> {
  await sql`drop schema public cascade`.execute(db)
  await sql`create schema public`.execute(db)
}

/** Columns, keys and indices, as PostgreSQL describes them. */
async function shape(of: Kysely<Schema> = db): Promise<readonly unknown[]> {
  const columns = await sql`
    select table_name, column_name, data_type, is_nullable, column_default
    from information_schema.columns where table_schema = 'public' order by 1, 2`.execute(of)
  const indices = await sql`select indexdef from pg_indexes where schemaname = 'public' order by 1`.execute(
    of,
  )
  return [...columns.rows, ...indices.rows]
}

describe('the database', () => {
  it('is the same from whatever version it comes', async () => {
    await startAnew()
    await migrate(db)
    const wanted = await shape()
    for (const version of Object.keys(migrations)) {
      await startAnew()
      await migrate(db, version)
      await migrate(db)
      expect([version, await shape()]).toEqual([version, wanted])
    }
  })

  it('is the same out of the folder that ships with the program, where nothing is left to make', async () => {
    await startAnew()
    await migrate(db)
    const image = await prepareDatabase()
    const unpacked = join(folder, 'unpacked')
    await unpackFolder(image, unpacked)
    const shipped = await EmbeddedSession.open(unpacked, { fresh: false })
    try {
      const its = new Kysely<Schema>({ dialect: embeddedDialect(shipped) })
      expect(await shape(its)).toEqual(await shape())
      const before = await sql`select * from kysely_migration`.execute(its)
      await migrate(its)
      expect((await sql`select * from kysely_migration`.execute(its)).rows).toEqual(before.rows)
      const database: Database = {
        db: its,
        jobs: { db: embeddedJobs(shipped), backend: 'pglite' },
        isEmbedded: true,
        isFilled: true,
        started: async () => undefined,
        close: async () => undefined,
      }
      const jobs = await Jobs.start(database, pino({ level: 'silent' }))
      const id = await jobs.add('watch')
      expect(await jobs.find(id)).toMatchObject({ name: 'watch', state: 'created' })
      await jobs.schedule('calendar', '0 4 * * 1')
      const last = new Date('2026-01-05T04:00:00Z')
      const overdueOn = (name: string, date: string) =>
        isOverdue({ jobs, now: () => new Date(date) }, name, last)
      // By a calendar that is rarer than three days nothing is late before its day has come.
      expect(overdueOn('calendar', '2026-01-12T03:00:00Z')).toBe(false)
      expect(overdueOn('calendar', '2026-01-14T03:00:00Z')).toBe(false)
      expect(overdueOn('calendar', '2026-01-14T05:00:00Z')).toBe(true)
      expect(overdueOn('watch', '2026-01-05T05:00:00Z')).toBe(true)
      expect(overdueOn('feeds', '2027-01-05T05:00:00Z')).toBe(false)
      await jobs.stop(1000)
    } finally {
      await shipped.close()
    }
  })

  it('keeps what images hold and what is known of it, once for all that hold the same', async () => {
    await startAnew()
    await migrate(db, '0004-telling')
    const packageOf = (id: string) =>
      sql`insert into packages (id, name, version, type, purl, component)
      values (${id}, ${id}, '1', 'deb', ${`pkg:deb/${id}@1`}, '{}')`.execute(db)
    for (const id of ['b', 'a', 'c', 'unused']) await packageOf(id)
    const hold = (digest: string, id: string) =>
      sql`insert into image_packages (digest, package) values (${digest}, ${id})`.execute(db)
    for (const digest of ['one', 'two']) for (const id of ['a', 'b']) await hold(digest, id)
    await hold('three', 'c')
    const now = new Date('2026-01-02T03:04:05Z')
    await sql`insert into findings (package, advisory, severity, exploited, seen)
      values ('a', 'CVE-1', 'high', false, ${now}), ('c', 'CVE-1', 'low', true, ${now})`.execute(db)
    await migrate(db)
    expect(await db.selectFrom('package_sets').select('number').execute()).toHaveLength(2)
    const held = async (digest: string) =>
      (await packagesIn(db, digest).select('id').orderBy('id').execute()).map(({ id }) => id)
    expect([await held('one'), await held('two'), await held('three'), await held('four')]).toEqual([
      ['a', 'b'],
      ['a', 'b'],
      ['c'],
      [],
    ])
    expect((await findingsOf(db, 'two')).map((each) => [each.package, each.severity, each.seen])).toEqual([
      ['a', 'high', now],
    ])
    // What is written now finds the set that was made then.
    const component = {
      type: 'deb' as const,
      name: 'x',
      version: '1',
      purl: 'pkg:deb/x@1',
      foundBy: 'x',
      locations: [],
    }
    const packages = ['b', 'a'].map((id) => ({ id, component }))
    await keepPackages(db, 'four', packages)
    expect(await db.selectFrom('package_sets').select('number').execute()).toHaveLength(2)
    expect(await held('four')).toEqual(['a', 'b'])
  })

  it('of a newer version is left alone', async () => {
    await startAnew()
    await migrate(db)
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', 'x')`.execute(db)
    await expect(migrate(db)).rejects.toMatchObject({ code: 'bad-configuration' })
  })

  it('keeps statements of others out of a transaction, and counts as numbers', async () => {
    await startAnew()
    await migrate(db)
    const feed = { kind: 'osv', date: null, fetched: null, count: 1, stale: false, seen: new Date() }
    const count = () => sql<{ count: number }>`select count(*) from feeds`.execute(db)
    let other: Promise<unknown> | undefined
    await expect(
      db.transaction().execute(async (tx) => {
        await tx
          .insertInto('feeds')
          .values({ id: 'a', ...feed })
          .execute()
        // Not within the transaction: waits until that has ended.
        other = count()
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await other).toMatchObject({ rows: [{ count: 0 }] })
    await db
      .insertInto('feeds')
      .values({ id: 'a', ...feed })
      .execute()
    await expect(
      db
        .insertInto('feeds')
        .values({ id: 'a', ...feed })
        .execute(),
    ).rejects.toMatchObject({ code: '23505' })
    expect((await count()).rows).toEqual([{ count: 1 }])
  })
})
