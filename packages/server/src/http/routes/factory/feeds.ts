import { createRoute, z } from '@hono/zod-openapi'
import type { FactoryWorld } from '../../../factory/world.ts'
import { isOverdue } from '../../../watch/looks.ts'
import type { Api } from '../../app.ts'
import { problemResponses } from '../../problem.ts'
import { demandAll } from './guard.ts'

const feeds = z
  .object({
    feeds: z.array(
      z.object({
        id: z
          .string()
          .openapi({ description: 'its name, or "file" and the path of one that cannot be read' }),
        kind: z.string(),
        date: z.string().nullable().openapi({ description: 'of its newest record' }),
        fetched: z.string().nullable(),
        count: z.int(),
        stale: z.boolean(),
        error: z.string().nullable().openapi({
          description: 'why it cannot be read; what was read of it before is used, where anything was',
        }),
      }),
    ),
    looks: z
      .array(
        z.object({
          name: z.string(),
          begun: z.iso.datetime(),
          done: z.iso.datetime().nullable(),
          error: z.string().nullable(),
          overdue: z.boolean(),
        }),
      )
      .openapi({ description: 'recurring tasks, and when each last succeeded' }),
  })
  .openapi('Feeds')

const list = createRoute({
  method: 'get',
  path: '/api/feeds',
  summary: 'The feeds that images are compared with, and whether the watcher runs',
  responses: {
    200: { description: 'by name', content: { 'application/json': { schema: feeds } } },
    ...problemResponses,
  },
})

export function addFeedRoute(app: Api, world: FactoryWorld): void {
  const { db } = world
  app.openapi(list, async (c) => {
    demandAll(c.var.principal, 'pull')
    const known = await db
      .selectFrom('feeds')
      .select(['id', 'kind', 'date', 'fetched', 'count', 'stale', 'error'])
      .orderBy('id')
      .execute()
    const looks = await db.selectFrom('looks').selectAll().orderBy('name').execute()
    const shown = looks.map(({ name, begun, done, error }) => ({
      name,
      begun: begun.toISOString(),
      done: done?.toISOString() ?? null,
      error,
      overdue: isOverdue(world, name, done ?? begun),
    }))
    return c.json({ feeds: known, looks: shown }, 200)
  })
}
