import type { FactoryWorld } from '../factory/world.ts'
import { isOverdue } from './looks.ts'

/** Days after which feeds are told to be old, whatever they say of themselves. */
const feedDays = 3

/** Whether recurring tasks still run, and the state of the feeds. */
export interface WatchHealth {
  /** By name. */
  readonly looks: readonly {
    readonly name: string
    readonly done: Date | null
    readonly error: string | null
    /** The task has stopped, or ended with an error. */
    readonly stopped: boolean
  }[]
  readonly feeds: readonly {
    readonly id: string
    readonly kind: string
    readonly date: string | null
    readonly fetched: string | null
    readonly error: string | null
    readonly old: boolean
  }[]
}

/** What is reported first: tasks that have stopped, and feeds that are old. */
export async function watchHealth(world: Pick<FactoryWorld, 'db' | 'now' | 'jobs'>): Promise<WatchHealth> {
  const { db, now } = world
  const looks = await db.selectFrom('looks').selectAll().orderBy('name').execute()
  const feeds = await db
    .selectFrom('feeds')
    .select(['id', 'kind', 'date', 'fetched', 'stale', 'error'])
    .orderBy('id')
    .execute()
  const limit = now().getTime() - feedDays * 24 * 3600 * 1000
  return {
    looks: looks.map(({ name, begun, done, error }) => ({
      name,
      done,
      error,
      stopped: error !== null || isOverdue(world, name, done ?? begun),
    })),
    feeds: feeds.map(({ stale, ...feed }) => ({
      ...feed,
      old: feed.kind !== 'file' && (stale || Date.parse(feed.fetched ?? feed.date ?? '') < limit),
    })),
  }
}
