import { type Kysely, sql } from 'kysely'
import type { Schema } from '../database/schema.ts'
import { countLimit, type RunningImage } from './images.ts'

/** Milliseconds after which nobody knows any more whether what a place told of still runs there. */
const freshFor = 24 * 3600_000

/** Whether a report is too old to say what runs. */
export function isStale(seen: Date, now: Date): boolean {
  return now.getTime() - seen.getTime() > freshFor
}

/** Rows that one statement writes. */
const atOnce = 1000

/**
 * Records which images run at a place, replacing its earlier report, and stops clocks of problems that no longer run
 * anywhere.
 */
export async function takeReport(
  db: Kysely<Schema>,
  {
    place,
    images,
    seen,
  }: { readonly place: string; readonly images: readonly RunningImage[]; readonly seen: Date },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('running').where('place', '=', place).execute()
    const rows = images.map(({ image, digest, count }) => ({
      place,
      image: image ?? '',
      digest: digest ?? '',
      count,
      seen,
    }))
    for (let start = 0; start < rows.length; start += atOnce)
      await tx
        .insertInto('running')
        .values(rows.slice(start, start + atOnce))
        .execute()
    await noteRunning(tx, seen)
  })
}

/** Places that have sent a report before but none for a day, the longest silent first. */
export async function silentPlaces(
  db: Kysely<Schema>,
  now: Date,
): Promise<readonly { readonly place: string; readonly seen: Date }[]> {
  const rows = await db
    .selectFrom('running')
    .select((e) => ['place', e.fn.max('seen').as('seen')])
    .groupBy('place')
    .execute()
  return rows.filter(({ seen }) => isStale(seen, now)).sort((a, b) => a.seen.getTime() - b.seen.getTime())
}

/**
 * A repaired image runs when some place has it, or a later one, and none has an earlier one: then the way of a problem is at its end.
 */
async function noteRunning(db: Kysely<Schema>, now: Date): Promise<void> {
  await sql`
    with ours as (
      select distinct r.place, i.name, i.published
      from running r
      join image_ids k on k.id = r.digest
      join images i on i.name = k.name and i.digest = k.digest
      where r.seen > ${new Date(now.getTime() - freshFor)})
    update clocks c set running = ${now}
    where c.published is not null and c.running is null
      and exists (select 1 from ours o where o.name = c.image and o.published >= c.built)
      and not exists (select 1 from ours o where o.name = c.image and o.published < c.built)`.execute(db)
}

/** Where an image runs. */
export interface RunningAt {
  readonly place: string
  readonly name: string
  readonly digest: string
  readonly count: number
  readonly seen: Date
}

/** Where images of the service run, by the digests of their manifests or configurations. */
export async function runningOurs(db: Kysely<Schema>, name?: string): Promise<readonly RunningAt[]> {
  return await db
    .selectFrom('running')
    .innerJoin('image_ids', 'image_ids.id', 'running.digest')
    .select(['running.place', 'image_ids.name', 'image_ids.digest', 'running.seen'])
    .select(sql<number>`least(sum(running.count), ${countLimit})::int`.as('count'))
    .$if(name !== undefined, (q) => q.where('image_ids.name', '=', name ?? ''))
    .groupBy(['running.place', 'image_ids.name', 'image_ids.digest', 'running.seen'])
    .orderBy('image_ids.name')
    .orderBy('image_ids.digest')
    .orderBy('running.place')
    .execute()
}
