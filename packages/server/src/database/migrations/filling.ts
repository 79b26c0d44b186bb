import { type Kysely, sql } from 'kysely'

/**
 * Whether the database holds what the registry has. One that was filled by a version before has builds; filling one without any once
 * more loses nothing.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createTable('filling').addColumn('done', 'timestamptz').execute()
  await sql`insert into filling (done) select case when exists (select from builds) then now() end`.execute(
    db,
  )
}
