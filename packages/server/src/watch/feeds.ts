import pLimit from 'p-limit'
import { settle } from '../clocks/clocks.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { knownFeeds, refreshFindings, rulesOf } from '../images/findings.ts'
import { tellLate } from '../telling/late.ts'
import { tell } from '../telling/tell.ts'
import { scanComponents, TemperError, updateFeeds } from '../temper.ts'
import { type FeedFault, keepFeeds } from './kept-feeds.ts'

/**
 * Reads the feeds again, from their folder or from their publishers, compares all packages of all images with them,
 * and has images with new findings checked.
 */
export async function refreshFeeds(world: FactoryWorld): Promise<void> {
  await noteFeeds(world, await faultsOf(world))
  await refreshFindings(world)
  await settle(world.db, { now: world.now(), sla: world.sla })
  await tellLate(world)
  await world.jobs.add('watch')
}

/** A copy is not made while another is. */
const oneAtATime = pLimit(1)

/** Takes over what the folder of feeds has, where there is one; returns what could not be read. */
export function copyFeeds({
  feedFolder,
  data,
  context,
}: Pick<FactoryWorld, 'feedFolder' | 'data' | 'context'>): Promise<readonly FeedFault[]> {
  if (feedFolder === undefined) return Promise.resolve([])
  return oneAtATime(() => keepFeeds({ source: feedFolder, data }, context))
}

/** Brings feeds up to date; tells what could not be read, by feed or by file. */
async function faultsOf(world: FactoryWorld): Promise<ReadonlyMap<string, string>> {
  const { context, log, feeds, feedFolder } = world
  const faults = new Map<string, string>()
  if (feedFolder !== undefined)
    for (const { file, why } of await copyFeeds({ ...world, feedFolder })) faults.set(file, why)
  else if (feeds === undefined && !context.offline) {
    const updated = await updateFeeds({ only: [] }, context).catch((error: unknown) => {
      if (!(error instanceof TemperError)) throw error
      faults.set('all', error.message)
      return []
    })
    for (const { id, outcome, error } of updated)
      if (outcome === 'failed') faults.set(id, error?.message ?? 'it could not be fetched')
  }
  const known = await knownFaults(world)
  for (const [feed, why] of faults) {
    log.warn({ feed, why }, 'a feed cannot be read')
    if (!known.has(why))
      await tell(world, {
        kind: 'feed',
        image: null,
        digest: null,
        details: { feed },
        text: `the feed ${feed} cannot be read: ${why}`,
      })
  }
  return faults
}

/** What people were told of already. */
async function knownFaults({ db }: FactoryWorld): Promise<ReadonlySet<string | null>> {
  const rows = await db.selectFrom('feeds').select('error').where('error', 'is not', null).execute()
  return new Set(rows.map(({ error }) => error))
}

/** Writes down how old each feed is. */
async function noteFeeds(world: FactoryWorld, faults: ReadonlyMap<string, string>): Promise<void> {
  const { db, context, now } = world
  const scanned = await knownFeeds(world, () => scanComponents([], rulesOf(world), context))
  const states = scanned?.feeds ?? []
  const known = states.map(
    ({ id, kind, url, date = null, fetched = null, count, skipped = 0, stale = false }) => ({
      id,
      kind,
      date,
      count,
      stale,
      seen: now(),
      // What was imported is as old as what it says, whenever that was.
      fetched: url === undefined && date !== null ? null : fetched,
      error: faults.get(id) ?? (skipped > 0 ? `${skipped} of its records cannot be read` : null),
    }),
  )
  const ids = new Set(states.map(({ id }) => id))
  const unread = [...faults]
    .filter(([name]) => !ids.has(name))
    .map(([id, error]) => ({
      id: `file ${id}`,
      kind: 'file',
      date: null,
      fetched: null,
      count: 0,
      stale: false,
      seen: now(),
      error,
    }))
  const rows = [...known, ...unread]
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('feeds').execute()
    if (rows.length > 0) await tx.insertInto('feeds').values(rows).execute()
  })
}
