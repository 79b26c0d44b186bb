import type { Kysely } from 'kysely'

/** Who was notified of what, which findings are waived, which images run where, and images of other registries. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('events')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('at', 'timestamptz', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('image', 'text')
    .addColumn('digest', 'text')
    .addColumn('text', 'text', (c) => c.notNull())
    .addColumn('details', 'jsonb', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('events_by_time').on('events').column('at').execute()
  await db.schema
    .createTable('deliveries')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('event', 'text', (c) => c.notNull().references('events.id').onDelete('cascade'))
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('error', 'text')
    .addColumn('opened', 'text')
    .addColumn('ended', 'timestamptz')
    .execute()
  await db.schema.createIndex('deliveries_by_event').on('deliveries').column('event').execute()
  await db.schema
    .createTable('waivers')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('project', 'text', (c) => c.notNull())
    .addColumn('finding', 'text', (c) => c.notNull())
    .addColumn('package', 'text')
    .addColumn('owner', 'text', (c) => c.notNull())
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('expires', 'timestamptz', (c) => c.notNull())
    .addColumn('created', 'timestamptz', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .execute()
  await places(db)
}

async function places(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('clocks')
    .addColumn('running', 'timestamptz')
    .addColumn('told', 'timestamptz')
    .execute()
  await db.schema
    .createTable('image_ids')
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('image_ids_key', ['id', 'name', 'digest'])
    .execute()
  await db.schema
    .createTable('running')
    .addColumn('place', 'text', (c) => c.notNull())
    .addColumn('image', 'text', (c) => c.notNull())
    .addColumn('digest', 'text', (c) => c.notNull())
    .addColumn('count', 'integer', (c) => c.notNull())
    .addColumn('seen', 'timestamptz', (c) => c.notNull())
    .addPrimaryKeyConstraint('running_key', ['place', 'image', 'digest'])
    .execute()
  await db.schema.createIndex('running_by_digest').on('running').column('digest').execute()
  await db.schema
    .createTable('watched')
    .addColumn('image', 'text', (c) => c.primaryKey())
    .addColumn('added', 'timestamptz', (c) => c.notNull())
    .addColumn('by', 'text', (c) => c.notNull())
    .addColumn('digest', 'text')
    .addColumn('checked', 'timestamptz')
    .addColumn('error', 'text')
    .addColumn('grade', 'text')
    .execute()
}
