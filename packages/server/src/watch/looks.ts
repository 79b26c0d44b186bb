import type { FactoryWorld } from '../factory/world.ts'

/** The recurring tasks. */
export type LookName = 'recipes' | 'feeds' | 'watch' | 'calendar'

const day = 24 * 3600_000

/** Milliseconds after which each is told to have stopped that is not repeated by a calendar. */
const limits: Readonly<Record<LookName, number>> = {
  recipes: 30 * 60_000,
  feeds: Number.POSITIVE_INFINITY,
  watch: 30 * 60_000,
  calendar: 3 * day,
}
/** Milliseconds that a task which the calendar repeats may be late: a service that was off for a night catches up. */
const grace = 2 * day

/** Whether a task that was last done at a moment should have been done again since. */
export function isOverdue(
  { jobs, now }: Pick<FactoryWorld, 'jobs' | 'now'>,
  name: string,
  last: Date,
): boolean {
  const due = jobs.dueAfter(name, last)
  if (due !== undefined) return now().getTime() > due.getTime() + grace
  const limit = name in limits ? limits[name as LookName] : Number.POSITIVE_INFINITY
  return now().getTime() - last.getTime() > limit
}

/** Records the start of a task that has never run. */
export async function expected({ db, now }: Pick<FactoryWorld, 'db' | 'now'>, name: LookName): Promise<void> {
  await db
    .insertInto('looks')
    .values({ name, begun: now(), done: null, error: null })
    .onConflict((c) => c.doNothing())
    .execute()
}

/** Part of an interval after which a task is due again: timers of several servers are not on the same moment. */
const early = 0.9

/** Whether it is time for a task: another server may have begun it a moment ago. */
export async function isDue(
  { db, now }: Pick<FactoryWorld, 'db' | 'now'>,
  name: LookName,
  interval: number,
): Promise<boolean> {
  const row = await db.selectFrom('looks').select('begun').where('name', '=', name).executeTakeFirst()
  return row === undefined || now().getTime() - row.begun.getTime() >= interval * early
}

/** Runs a task, and records when, and its error: a stopped task is the first thing that people have to see. */
export async function noted(
  { db, now }: Pick<FactoryWorld, 'db' | 'now'>,
  name: LookName,
  look: () => Promise<void>,
): Promise<void> {
  const begun = now()
  await db
    .insertInto('looks')
    .values({ name, begun, done: null, error: null })
    .onConflict((c) => c.column('name').doUpdateSet({ begun }))
    .execute()
  try {
    await look()
    await db.updateTable('looks').set({ done: now(), error: null }).where('name', '=', name).execute()
  } catch (error) {
    const told = (error as Error).message.slice(0, 1000)
    await db.updateTable('looks').set({ error: told }).where('name', '=', name).execute()
    throw error
  }
}
