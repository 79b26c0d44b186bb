import { createRoute, z } from '@hono/zod-openapi'
import { may } from '../../auth/principal.ts'
import { overviewOf } from '../../registry/overview.ts'
import type { Api } from '../app.ts'
import { problemResponses } from '../problem.ts'
import type { ApiWorld } from '../world.ts'

const repository = z
  .object({
    name: z.string(),
    tags: z.array(
      z.object({
        tag: z.string(),
        digest: z.string(),
        pushed: z.iso.datetime().openapi({ description: 'when the tag was last set' }),
      }),
    ),
  })
  .openapi('Repository')

const route = createRoute({
  ...{ method: 'get', path: '/api/repositories', summary: 'Repositories that you may pull, with their tags' },
  responses: {
    200: { description: 'by name', content: { 'application/json': { schema: z.array(repository) } } },
    ...problemResponses,
  },
})

export function addRepositoryRoutes(app: Api, { storage }: ApiWorld): void {
  app.openapi(route, async (c) => {
    const overview = await overviewOf(storage, (name) => may(c.var.principal, 'pull', name))
    return c.json(
      overview.map(({ name, tags }) => ({ name, tags: [...tags] })),
      200,
    )
  })
}
