import { setClocks } from '../clocks/clocks.ts'
import type { FactoryWorld } from '../factory/world.ts'
import { knownFeeds, refreshFindings, rulesOf } from '../images/findings.ts'
import { currentDigest } from '../images/tags.ts'
import { scanComponents, updateFeeds } from '../temper.ts'

/**
 * Reads the feeds anew, from their folder or from their publishers, holds all packages of all images against them, and has what came
 * of it looked at.
 */
export async function refreshFeeds(world: FactoryWorld): Promise<void> {
  if (world.feeds === undefined && !world.context.offline) await fetchFeeds(world)
  await noteFeeds(world)
  await refreshFindings(world)
  const { db, now } = world
  const names = await db.selectFrom('tags').select('name').distinct().execute()
  for (const { name } of names) {
    const digest = await currentDigest(db, name)
    if (digest !== undefined) await setClocks(db, { image: name, digest, now: now() })
  }
  await world.jobs.add('watch')
}

async function fetchFeeds({ context, log }: FactoryWorld): Promise<void> {
  for (const { id, outcome, error } of await updateFeeds({ only: [] }, context))
    if (outcome === 'failed') log.warn({ feed: id, err: error }, 'a feed could not be fetched')
}

/** Writes down how old each feed is. */
async function noteFeeds(world: FactoryWorld): Promise<void> {
  const { db, context, now } = world
  const found = await knownFeeds(world, () => scanComponents([], rulesOf(world), context))
  const states = found?.feeds ?? []
  await db.transaction().execute(async (tx) => {
    await tx.deleteFrom('feeds').execute()
    if (states.length > 0)
      await tx
        .insertInto('feeds')
        .values(
          states.map(({ id, kind, date = null, fetched = null, count, stale = false }) => ({
            ...{ id, kind, date, fetched, count, stale, seen: now() },
          })),
        )
        .execute()
  })
}
