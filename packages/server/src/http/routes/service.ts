import type { FactoryWorld } from '../../factory/world.ts'
import type { Api } from '../app.ts'
import { ProblemError } from '../problem.ts'
import type { ApiWorld } from '../world.ts'

/** How the service is: for whoever keeps it running, without a token. */
export function addServiceRoutes(app: Api, { metrics, storage, factory }: ApiWorld): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    await storage.content.check().catch(() => {
      throw new ProblemError(503, 'The folder of the registry cannot be read')
    })
    if (factory !== undefined)
      await withinTime(factory.db.selectFrom('looks').select('name').limit(1).execute()).catch(() => {
        throw new ProblemError(503, 'The database does not answer')
      })
    return c.json({ status: 'ready', ...(factory === undefined ? {} : { builds: buildsOf(factory) }) })
  })
  app.get('/metrics', async (c) => c.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType }))
}

/** How builds are kept apart from the service, and why not where they are not. */
function buildsOf({ isolation: { level, why }, workers }: FactoryWorld): Readonly<Record<string, string>> {
  if (workers !== undefined) return { isolation: 'workers' }
  return { isolation: level, ...(why === undefined ? {} : { why }) }
}

/** Milliseconds that the database has: whoever asks wants to know now. */
const patience = 3000

async function withinTime(work: Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('no answer')), patience)
  try {
    await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}
