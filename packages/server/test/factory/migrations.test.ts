import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Kysely, sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { embeddedDialect } from '../../src/database/embedded/dialect.ts'
import { EmbeddedSession } from '../../src/database/embedded/session.ts'
import { migrate, migrations } from '../../src/database/migrate.ts'
import type { Schema } from '../../src/database/schema.ts'

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
async function shape(): Promise<readonly unknown[]> {
  const columns = await sql`
    select table_name, column_name, data_type, is_nullable, column_default
    from information_schema.columns where table_schema = 'public' order by 1, 2`.execute(db)
  const indices = await sql`select indexdef from pg_indexes where schemaname = 'public' order by 1`.execute(
    db,
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
