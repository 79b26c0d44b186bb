import { type Kysely, sql } from 'kysely'
import type { Schema } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { tell } from '../telling/tell.ts'

/** A withdrawn image that still runs. */
export interface RunningWithdrawn {
  readonly name: string
  readonly digest: string
  readonly count: number
  readonly reason: string
}

/** Withdrawn images that a place has reported as running. */
export async function withdrawnAt(db: Kysely<Schema>, place: string): Promise<readonly RunningWithdrawn[]> {
  const rows = await db
    .selectFrom('running')
    .innerJoin('image_ids', 'image_ids.id', 'running.digest')
    .innerJoin('images', (j) =>
      j.onRef('images.name', '=', 'image_ids.name').onRef('images.digest', '=', 'image_ids.digest'),
    )
    .select(['images.name', 'images.digest', 'images.withdrawal'])
    .select(sql<number>`sum(running.count)::int`.as('count'))
    .where('running.place', '=', place)
    .where('images.withdrawn', 'is not', null)
    .groupBy(['images.name', 'images.digest', 'images.withdrawal'])
    .orderBy('images.name')
    .orderBy('images.digest')
    .execute()
  return rows.map(({ withdrawal, ...row }) => ({ ...row, reason: withdrawal?.reason ?? '' }))
}

/**
 * Notifies of withdrawn images that have begun to run at a place since its previous report, so that a later start is
 * reported too.
 */
export async function tellWithdrawn(
  world: FactoryWorld,
  { place, before }: { readonly place: string; readonly before: readonly RunningWithdrawn[] },
): Promise<void> {
  const known = new Set(before.map(({ name, digest }) => `${name} ${digest}`))
  for (const { name, digest, count, reason } of await withdrawnAt(world.db, place))
    if (!known.has(`${name} ${digest}`))
      await tell(world, {
        kind: 'withdrawn',
        image: name,
        digest,
        details: { reason, running: [{ place, count }] },
        text: `it runs at ${place} although it was withdrawn: ${reason}`,
      })
}
