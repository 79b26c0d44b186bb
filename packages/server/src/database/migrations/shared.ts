import type { Kysely } from 'kysely'

/**
 * What several servers have in common that was in the folder of each: files of recipes that came by the API, places of recipes below
 * their folder, which may be mounted elsewhere on another machine, tokens, and which key signs. A server of the version before goes on
 * with what is added here.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('recipes').addColumn('files', 'text').addColumn('below', 'text').execute()
  await db.schema
    .createTable('tokens')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .addColumn('grants', 'jsonb', (c) => c.notNull())
    .addColumn('created', 'timestamptz', (c) => c.notNull())
    .addColumn('expires', 'timestamptz')
    .execute()
  await db.schema
    .createTable('signers')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('since', 'timestamptz', (c) => c.notNull())
    .addColumn('replaced', 'timestamptz')
    .execute()
}
