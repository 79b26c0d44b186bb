import type { Kysely } from 'kysely'

/** Whether feeds can be read, and whether the watcher still runs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('feeds').addColumn('error', 'text').execute()
  await db.schema.alterTable('recipes').addColumn('beside', 'text').execute()
  await db.schema
    .createTable('looks')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('begun', 'timestamptz', (c) => c.notNull())
    .addColumn('done', 'timestamptz')
    .addColumn('error', 'text')
    .execute()
}
