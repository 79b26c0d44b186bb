import type { FactoryWorld } from '../../factory/world.ts'
import { countLate } from '../../telling/late.ts'
import { watchHealth } from '../../watch/health.ts'
import type { Api } from '../app.ts'
import { demandCurrent } from '../current.ts'
import { ProblemError } from '../problem.ts'
import type { ApiWorld } from '../world.ts'

/** The health of the service, without a token, for whoever operates it. */
export function addServiceRoutes(app: Api, { metrics, storage, factory }: ApiWorld): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    await storage.content.check().catch(() => {
      throw new ProblemError(503, 'The folder of the registry cannot be read')
    })
    if (factory === undefined) return c.json({ status: 'ready' })
    demandCurrent({ factory })
    const { looks, feeds } = await withinTime(watchHealth(factory)).catch(() => {
      throw new ProblemError(503, 'The database does not answer')
    })
    // It answers and hands out images all the same: whoever balances loads must not take it away for that.
    const stopped = looks.filter((look) => look.stopped).map(({ name }) => name)
    const oldFeeds = feeds.filter(({ old, error }) => old || error !== null).map(({ id }) => id)
    return c.json({
      status: 'ready',
      builds: buildsOf(factory),
      ...(stopped.length === 0 ? {} : { stopped }),
      ...(oldFeeds.length === 0 ? {} : { oldFeeds }),
    })
  })
  app.get('/metrics', async (c) => {
    // What the process counts is told whether or not the database answers.
    if (factory !== undefined)
      await withinTime(Promise.all([watchHealth(factory), countLate(factory)])).then(
        ([health, late]) => metrics.factory(health, late),
        () => undefined,
      )
    return c.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType })
  })
}

/** How builds are kept apart from the service, and why not where they are not. */
function buildsOf({ isolation: { level, why }, workers }: FactoryWorld): Readonly<Record<string, string>> {
  if (workers !== undefined) return { isolation: 'workers' }
  return { isolation: level, ...(why === undefined ? {} : { why }) }
}

/** Milliseconds that the database has: whoever asks wants to know now. */
const patience = 3000

async function withinTime<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('no answer')), patience)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
