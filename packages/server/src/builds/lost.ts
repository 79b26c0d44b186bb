import type { FactoryWorld } from '../factory/world.ts'
import { noteEvent, sendNoted } from '../telling/tell.ts'
import { updateBuild } from './records.ts'

/** Milliseconds after which an order has its job: whoever takes it writes the one after the other. */
const patience = 120_000
/** Builds that are looked at at once, the oldest first. */
const most = 200

const message = 'the process that built it ended each time that it was tried'

/**
 * Builds that nobody will end: those of which each try ended with its process have failed, and those whose order was interrupted are
 * given a job.
 */
export async function endLost(
  world: Pick<FactoryWorld, 'db' | 'jobs' | 'now' | 'log' | 'channels'>,
): Promise<void> {
  const { db, jobs, now, log } = world
  const open = await db
    .selectFrom('builds')
    .select(['id', 'image', 'reason'])
    .where('state', 'in', ['waiting', 'running'])
    .where('created', '<', new Date(now().getTime() - patience))
    .orderBy('created')
    .limit(most)
    .execute()
  for (const { id, image, reason } of open) {
    const fate = await jobs.fate('build', { id, data: { build: id } })
    if (fate === 'alive') continue
    if (fate === 'gone') {
      await jobs.add('build', { build: id }, { group: image })
      continue
    }
    log.warn({ build: id, image }, message)
    const noted = await db.transaction().execute(async (tx) => {
      await updateBuild({ db: tx }, id, { state: 'failed', error: message, ended: now() })
      const details = { build: id, reason }
      return await noteEvent(tx, world, { kind: 'failed', image, digest: null, text: message, details })
    })
    await sendNoted(world, noted)
  }
}
