import { randomUUID } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import { type BuildRow, type BuildStep, type Schema, stepNames, type Trigger } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'

type World = Pick<FactoryWorld, 'db' | 'jobs' | 'now'>

export interface BuildOrder {
  readonly image: string
  /** One sentence without a full stop: "rebuilt because …". */
  readonly reason: string
  readonly trigger: Trigger
  /** The lock to build from; absent: one is made. */
  readonly lock?: string
  /** Builds with a higher number come first; default 0. */
  readonly priority?: number
}

/**
 * Orders a build. If one of the same image is still waiting, it is given this reason and lock, since it has not
 * begun; if one is running, the new one follows it.
 */
export async function orderBuild({ db, jobs, now }: World, order: BuildOrder): Promise<string> {
  const { image, reason, trigger, lock = null, priority = 0 } = order
  const waiting = await db
    .updateTable('builds')
    .set({
      reason,
      lock,
      // What stands on it has to follow, whatever else it is built for.
      trigger: sql<Trigger>`case when trigger in ('recipe', 'base') then trigger else ${trigger} end`,
    })
    .where('image', '=', image)
    .where('state', '=', 'waiting')
    .where('started', 'is', null)
    .returning('id')
    .executeTakeFirst()
  if (waiting !== undefined) return waiting.id
  const id = randomUUID()
  await db
    .insertInto('builds')
    .values({
      id,
      image,
      reason,
      trigger,
      lock,
      state: 'waiting',
      cancelled: false,
      digest: null,
      error: null,
      steps: JSON.stringify(freshSteps()),
      created: now(),
      started: null,
      ended: null,
    })
    .execute()
  await jobs.add('build', { build: id }, { id, priority, group: image })
  return id
}

/** Ends a build: at once if it waits; otherwise the process that runs it sees the mark. */
export async function cancelBuild({ db, jobs, now }: World, id: string): Promise<void> {
  // First the mark, which whoever begins with it looks for.
  await db.updateTable('builds').set({ cancelled: true }).where('id', '=', id).execute()
  const waited = await db
    .updateTable('builds')
    .set({ state: 'cancelled', ended: now() })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .returning('id')
    .executeTakeFirst()
  if (waited !== undefined) await jobs.cancel('build', id)
}

export function freshSteps(): readonly BuildStep[] {
  return stepNames.map((name) => ({ name, state: 'waiting', seconds: null }))
}

/** Writes down what has changed about a build. */
export async function updateBuild(
  { db }: Pick<World, 'db'>,
  id: string,
  change: Partial<Pick<BuildRow, 'state' | 'lock' | 'digest' | 'error' | 'started' | 'ended'>> & {
    readonly steps?: readonly BuildStep[]
  },
): Promise<void> {
  const { steps, ...rest } = change
  await db
    .updateTable('builds')
    .set({ ...rest, ...(steps === undefined ? {} : { steps: JSON.stringify(steps) }) })
    .where('id', '=', id)
    .execute()
}

/** The newest build of each of the given images. */
export async function lastBuilds(
  db: Kysely<Schema>,
  images: readonly string[],
): Promise<ReadonlyMap<string, Pick<BuildRow, 'image' | 'state' | 'error'>>> {
  const { rows } = await sql<Pick<BuildRow, 'image' | 'state' | 'error'>>`
    select newest.* from jsonb_array_elements_text(${JSON.stringify([...new Set(images)])}::jsonb) as wanted (image)
    cross join lateral (
      select image, state, error from builds where builds.image = wanted.image order by created desc limit 1
    ) as newest`.execute(db)
  return new Map(rows.map((each) => [each.image, each]))
}
