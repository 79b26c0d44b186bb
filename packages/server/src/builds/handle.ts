import { sql } from 'kysely'
import { buildStates } from '../database/schema.ts'
import type { FactoryWorld } from '../factory/world.ts'
import type { RunningJob } from '../jobs/jobs.ts'
import { atHand } from '../recipes/at-hand.ts'
import { noteEvent, sendNoted } from '../telling/tell.ts'
import { TemperError } from '../temper.ts'
import { NobodyWorks } from '../workers/pool.ts'
import { BuildLog } from './log.ts'
import { orderBuild, updateBuild } from './records.ts'
import { ChildFailed } from './result.ts'
import { runBuild } from './run.ts'

/** Milliseconds between looks whether somebody cancelled a build. */
const lookEvery = 1000
/** Milliseconds within which a recipe has to be on this server as another one read it. */
const patience = 10_000

/** States that are final. */
export const endStates: readonly string[] = buildStates.filter(
  (state) => state !== 'waiting' && state !== 'running',
)

/**
 * Runs a build that waits. A failure that may pass (the network, a tool, this process) is thrown, and the queue tries
 * again; a refusal or a mistake is final.
 */
export async function handleBuild(
  world: FactoryWorld,
  { data, signal, isLast }: RunningJob<{ readonly build: string }>,
): Promise<void> {
  const { db, now } = world
  const build = await db.selectFrom('builds').selectAll().where('id', '=', data.build).executeTakeFirst()
  if (build === undefined || endStates.includes(build.state)) return
  const recipe = await db.selectFrom('recipes').selectAll().where('name', '=', build.image).executeTakeFirst()
  if (recipe === undefined || recipe.removed)
    return await updateBuild(world, build.id, {
      state: 'failed',
      error: 'its recipe no longer exists',
      ended: now(),
    })
  const started = now()
  const begun = await db
    .updateTable('builds')
    .set({ state: 'running', started, error: null })
    .where('id', '=', build.id)
    .where('cancelled', '=', false)
    .returning('id')
    .executeTakeFirst()
  if (begun === undefined) return await updateBuild(world, build.id, { state: 'cancelled', ended: now() })
  const log = new BuildLog(db, build.id)
  log.add(build.reason, started)
  const cancelling = watchCancelled(world, build.id)
  try {
    const both = AbortSignal.any([signal, cancelling.signal, world.context.signal])
    const here = await atHand(world, recipe, { patience })
    const outcome = await runBuild(world, { build: { ...build, started }, recipe: here, log, signal: both })
    await log.flush()
    // Before it has ended: who is killed in between does it again, and a build that waits is not ordered twice.
    await cascade(world, build)
    await updateBuild(world, build.id, { ...outcome, ended: now() })
  } catch (error) {
    await log.flush()
    if (cancelling.signal.aborted)
      return await updateBuild(world, build.id, { state: 'cancelled', ended: now() })
    if (error instanceof NobodyWorks) {
      // Not a try that failed: it waits for a worker, of whichever server.
      await updateBuild(world, build.id, { state: 'waiting', error: error.message })
      await world.jobs.add('build', { build: build.id }, { group: build.image })
      return
    }
    const state = endedAs(error)
    if (state === undefined && !isLast) {
      await updateBuild(world, build.id, { state: 'waiting', error: (error as Error).message })
      throw error
    }
    world.log.warn({ err: error, build: build.id, image: build.image }, 'a build failed')
    const message = (error as Error).message
    const noted = await db.transaction().execute(async (tx) => {
      await updateBuild({ db: tx }, build.id, { state: state ?? 'failed', error: message, ended: now() })
      return await noteEvent(tx, world, {
        kind: state ?? 'failed',
        image: build.image,
        digest: null,
        text: message.slice(0, 1000),
        details: { build: build.id, reason: build.reason },
      })
    })
    await sendNoted(world, noted)
    if (state === undefined) throw error
  } finally {
    cancelling.end()
  }
}

/** How a build ends for good; undefined when it may be tried again. */
function endedAs(error: unknown): 'refused' | 'failed' | undefined {
  if (error instanceof ChildFailed) {
    if (error.exitCode === 1) return 'refused'
    return error.exitCode === 2 ? 'failed' : undefined
  }
  if (!(error instanceof TemperError)) return undefined
  // Whoever says of an image what is not so says it again.
  if (error.code === 'gate-refused' || error.code === 'not-verified') return 'refused'
  return error.exitCode === 2 ? 'failed' : undefined
}

/** Another process may have been told to cancel it. */
function watchCancelled(
  { db, log }: FactoryWorld,
  build: string,
): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController()
  const look = async () => {
    const row = await db.selectFrom('builds').select('cancelled').where('id', '=', build).executeTakeFirst()
    if (row?.cancelled === true) controller.abort()
  }
  const timer = setInterval(() => void look().catch((error) => log.warn({ err: error }, 'builds')), lookEvery)
  return { signal: controller.signal, end: () => clearInterval(timer) }
}

/**
 * Images that extend another one follow it when its recipe has changed: each is built after what it stands on. When that was built at last for another
 * reason, because the build for the change failed, they follow too.
 */
async function cascade(
  world: FactoryWorld,
  { id, image: base }: { readonly id: string; readonly image: string },
): Promise<void> {
  const { rows } = await sql`
    select from builds where image = ${base} and trigger in ('recipe', 'base') and created > coalesce(
      (select max(created) from builds where image = ${base} and id <> ${id} and state in ('published', 'unchanged')
        and created < (select created from builds where id = ${id})), '-infinity')
    limit 1`.execute(world.db)
  if (rows.length === 0) return
  const dependents = await world.db
    .selectFrom('recipes')
    .select('name')
    .where('extends', '=', base)
    .where('removed', '=', false)
    .orderBy('name')
    .execute()
  for (const { name } of dependents)
    await orderBuild(world, {
      image: name,
      reason: `rebuilt because it extends ${base}, whose recipe has changed`,
      trigger: 'base',
    })
}
