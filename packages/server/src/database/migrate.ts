import { type Kysely, sql } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import { TemperError } from '../temper.ts'
import { up as channels } from './migrations/channels.ts'
import { up as filling } from './migrations/filling.ts'
import { up as first } from './migrations/first.ts'
import { up as looks } from './migrations/looks.ts'
import { up as sets } from './migrations/sets.ts'
import { up as shared } from './migrations/shared.ts'
import { up as telling } from './migrations/telling.ts'
import type { Schema } from './schema.ts'

/**
 * In the order of their names. Migrations only go forward: an older database is brought up to this program, and never
 * back.
 */
export const migrations: Readonly<Record<string, Migration>> = {
  '0001-first': { up: first },
  '0002-looks': { up: looks },
  '0003-channels': { up: channels },
  '0004-telling': { up: telling },
  '0005-sets': { up: sets },
  '0006-shared': { up: shared },
  '0007-filling': { up: filling },
}

/**
 * Brings a database up to this program, or to `last` in tests. Throws `unavailable` when that fails; then nothing has
 * changed.
 */
export async function migrate(db: Kysely<Schema>, last?: string): Promise<void> {
  if (last === undefined && (await isCurrent(db))) return
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } })
  const { error, results } = await (last === undefined
    ? migrator.migrateToLatest()
    : migrator.migrateTo(last))
  if (error === undefined) return
  const failed = results?.find(({ status }) => status === 'Error')?.migrationName
  throw new TemperError(
    'bad-configuration',
    `The database cannot be upgraded to this version${failed === undefined ? '' : ` (${failed})`}: ${(error as Error).message}`,
    { hint: 'Nothing was changed. It may belong to a newer version, or to something else.', cause: error },
  )
}

/** Whether there is nothing to do, as at almost every start: to find that out the migrator reads all of the catalogue. */
async function isCurrent(db: Kysely<Schema>): Promise<boolean> {
  const list = sql<{ readonly there: string | null }>`select to_regclass('kysely_migration') as there`
  if ((await list.execute(db)).rows[0]?.there == null) return false
  const done = await sql<{ readonly name: string }>`select name from kysely_migration order by name`.execute(
    db,
  )
  return done.rows.map(({ name }) => name).join() === Object.keys(migrations).join()
}

/** A migration that another server made and this program does not know: it is of an earlier version. Undefined: there is none. */
export async function unknownMigration(db: Kysely<Schema>): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  return rows.find(({ name }) => !(name in migrations))?.name
}
