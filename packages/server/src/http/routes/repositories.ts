import { createRoute, z } from '@hono/zod-openapi'
import { may } from '../../auth/principal.ts'
import { overviewOf } from '../../registry/overview.ts'
import type { Api } from '../app.ts'
import { problemResponses } from '../problem.ts'
import type { ApiWorld } from '../world.ts'
import { linkNext, pageQuery } from './factory/pages.ts'

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
  method: 'get',
  path: '/api/repositories',
  summary: 'Repositories that you may pull, with their tags',
  request: { query: pageQuery },
  responses: {
    200: {
      description: 'by name; the header Link names the next page where there are more',
      content: { 'application/json': { schema: z.array(repository) } },
    },
    ...problemResponses,
  },
})

export function addRepositoryRoutes(app: Api, { storage }: ApiWorld): void {
  app.openapi(route, async (c) => {
    const { n: limit, last: after = '' } = c.req.valid('query')
    const mayRead = (name: string) => may(c.var.principal, 'pull', name)
    const { repositories, hasMore } = await overviewOf(storage, { after, limit, mayRead })
    if (hasMore) linkNext(c, repositories.at(-1)?.name)
    return c.json(
      repositories.map(({ name, tags }) => ({ name, tags: [...tags] })),
      200,
    )
  })
}
