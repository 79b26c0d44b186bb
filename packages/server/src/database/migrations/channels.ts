import { type Kysely, sql } from 'kysely'

/** Which images are stable, what they offer, and which were withdrawn. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('images')
    .addColumn('tags', 'jsonb', (c) => c.notNull().defaultTo(sql`'[]'`))
    .addColumn('interfaces', 'jsonb', (c) => c.notNull().defaultTo(sql`'[]'`))
    .addColumn('breaks', 'jsonb', (c) => c.notNull().defaultTo(sql`'[]'`))
    .addColumn('promoted', 'timestamptz')
    .addColumn('withdrawn', 'timestamptz')
    .addColumn('withdrawal', 'jsonb')
    .execute()
  // Until now every image was.
  await sql`update images set promoted = published`.execute(db)
  await sql`update images set tags = coalesce((
    select jsonb_agg(tag order by tag) from tags
    where tags.name = images.name and tags.channel = 'stable'), '[]')`.execute(db)
}
