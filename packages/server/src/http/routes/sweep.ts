import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../app.ts'
import { ProblemError, problemResponses } from '../problem.ts'
import type { ApiWorld } from '../world.ts'

const result = z
  .object({
    uploads: z.int().openapi({ description: 'abandoned uploads' }),
    blobs: z.int().openapi({ description: 'blobs that no manifest of their repository names' }),
    contents: z.int().openapi({ description: 'contents that no repository has' }),
    bytes: z.int().openapi({ description: 'freed bytes' }),
  })
  .openapi('SweepResult')

const route = createRoute({
  method: 'post',
  path: '/api/sweep',
  summary: 'Removes content that nothing needs and that was not pushed in the last day',
  responses: {
    200: { description: 'what was removed', content: { 'application/json': { schema: result } } },
    ...problemResponses,
  },
})

export function addSweepRoutes(app: Api, { housekeeper }: ApiWorld): void {
  app.openapi(route, async (c) => {
    if (!c.var.mayAdminister) throw new ProblemError(403, 'Only an administrator of the service may do this')
    return c.json(await housekeeper.sweep(c.var.principal.name), 200)
  })
}
