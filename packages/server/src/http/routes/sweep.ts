import { createRoute, z } from '@hono/zod-openapi'
import { sweep } from '../../registry/storage/sweep.ts'
import type { Api } from '../app.ts'
import { ProblemError, problemResponses } from '../problem.ts'
import type { ApiWorld } from '../world.ts'

/** Milliseconds for which what nothing names yet is left alone: longer than any push takes. */
export const sweepGrace = 24 * 3600 * 1000

const result = z
  .object({
    uploads: z.int().openapi({ description: 'uploads that were given up' }),
    blobs: z.int().openapi({ description: 'blobs that no manifest of their repository names' }),
    contents: z.int().openapi({ description: 'contents that no repository has' }),
    bytes: z.int().openapi({ description: 'bytes that became free' }),
  })
  .openapi('SweepResult')

const route = createRoute({
  ...{
    method: 'post',
    path: '/api/sweep',
    summary: 'Removes what nothing needs and nobody pushed in the last day',
  },
  responses: {
    200: { description: 'what was removed', content: { 'application/json': { schema: result } } },
    ...problemResponses,
  },
})

export function addSweepRoutes(app: Api, { storage, audit, now }: ApiWorld): void {
  app.openapi(route, async (c) => {
    if (!c.var.mayAdminister) throw new ProblemError(403, 'Only an administrator of the service may do this')
    const swept = await sweep(storage, { now: now(), grace: sweepGrace })
    await audit.add(
      { who: c.var.principal.name, action: 'sweep', subject: 'registry', detail: { ...swept } },
      now(),
    )
    return c.json(swept, 200)
  })
}
