import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { Metrics } from './metrics.ts'
import { problem, problemType } from './problem.ts'

export interface ApiOptions {
  readonly metrics: Metrics
  /** Throws when the service cannot do its work. */
  readonly ready: () => Promise<void>
}

/** All addresses but those of the registry. */
export function createApi({ metrics, ready }: ApiOptions): Hono {
  const app = new Hono()
  app.use(secureHeaders())
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    await ready()
    return c.json({ status: 'ready' })
  })
  app.get('/metrics', async (c) => c.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType }))
  app.notFound((c) =>
    c.json(problem(404, 'Not found', `There is nothing at ${c.req.path.slice(0, 200)}.`), 404, {
      'Content-Type': problemType,
    }),
  )
  app.onError((_, c) =>
    c.json(problem(503, 'Not available', 'The service cannot do this now.'), 503, {
      'Content-Type': problemType,
    }),
  )
  return app
}
