import type { Api } from '../app.ts'
import { ProblemError } from '../problem.ts'
import type { ApiWorld } from '../world.ts'

/** How the service is: for whoever keeps it running, without a token. */
export function addServiceRoutes(app: Api, { metrics, storage }: ApiWorld): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    await storage.content.check().catch(() => {
      throw new ProblemError(503, 'The folder of the registry cannot be read')
    })
    return c.json({ status: 'ready' })
  })
  app.get('/metrics', async (c) => c.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType }))
}
