import type { Kysely } from 'kysely'
import type { ImageRow, Schema } from '../database/schema.ts'
import { TemperError } from '../temper.ts'

/** Undefined for an image that is not known. */
export function lookUpImage(db: Kysely<Schema>, name: string, digest: string): Promise<ImageRow | undefined> {
  return db
    .selectFrom('images')
    .selectAll()
    .where('name', '=', name)
    .where('digest', '=', digest)
    .executeTakeFirst()
}

/** Throws `not-found`. */
export async function findImage(db: Kysely<Schema>, name: string, digest: string): Promise<ImageRow> {
  const row = await lookUpImage(db, name, digest)
  if (row === undefined) throw new TemperError('not-found', `There is no image ${name}@${digest}`)
  return row
}
