import { createRoute, z } from '@hono/zod-openapi'
import type { Api } from '../app.ts'
import { ProblemError, problemResponses } from '../problem.ts'
import type { ApiWorld } from '../world.ts'

const replica = z
  .object({
    to: z.string(),
    waiting: z.int().openapi({ description: 'images that are not there yet' }),
    since: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'since when the first of them has been waiting' }),
    error: z.string().nullable().openapi({ description: 'what went wrong last' }),
  })
  .openapi('Replica')

const route = createRoute({
  method: 'get',
  path: '/api/replication',
  summary: 'How far other registries are behind',
  responses: {
    200: { description: 'each', content: { 'application/json': { schema: z.array(replica) } } },
    ...problemResponses,
  },
})

export function addReplicationRoutes(app: Api, { replicators }: ApiWorld): void {
  app.openapi(route, async (c) => {
    if (!c.var.mayAdminister) throw new ProblemError(403, 'Only an administrator of the service may do this')
    const states = await Promise.all(replicators.map((each) => each.state()))
    return c.json(
      states.map(({ to, waiting, since, error }) => ({
        to,
        waiting,
        since: since ?? null,
        error: error ?? null,
      })),
      200,
    )
  })
}
