import { createRoute, z } from '@hono/zod-openapi'
import { may } from '../../../auth/principal.ts'
import type { FactoryWorld } from '../../../factory/world.ts'
import { eventKinds } from '../../../telling/event.ts'
import type { Api } from '../../app.ts'
import { problemResponses } from '../../problem.ts'

const event = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    kind: z.enum(eventKinds),
    image: z.string().nullable(),
    digest: z.string().nullable(),
    text: z.string(),
    told: z
      .array(
        z.object({
          channel: z.string(),
          state: z.enum(['waiting', 'told', 'failed']),
          attempts: z.int(),
          error: z.string().nullable(),
        }),
      )
      .openapi({ description: 'which channels were notified; none if your token may not see all images' }),
  })
  .openapi('Event')

const list = createRoute({
  method: 'get',
  path: '/api/events',
  summary: 'What happened, and who was notified',
  request: { query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) }) },
  responses: {
    200: { description: 'the newest first', content: { 'application/json': { schema: z.array(event) } } },
    ...problemResponses,
  },
})

export function addEventRoute(app: Api, { db }: FactoryWorld): void {
  app.openapi(list, async (c) => {
    const { limit } = c.req.valid('query')
    const rows = await db
      .selectFrom('events')
      .select(['id', 'at', 'kind', 'image', 'digest', 'text'])
      .orderBy('at', 'desc')
      .orderBy('id')
      .limit(limit)
      .execute()
    const all = may(c.var.principal, 'pull')
    const mine = rows.filter(({ image }) => (image === null ? all : may(c.var.principal, 'pull', image)))
    const deliveries = await db
      .selectFrom('deliveries')
      .select(['event', 'channel', 'state', 'attempts', 'error'])
      .where('event', 'in', [...mine.map(({ id }) => id), ''])
      .orderBy('channel')
      .execute()
    const told = Map.groupBy(deliveries, (each) => each.event)
    const shown = mine.map(({ at, ...row }) => ({
      ...row,
      at: at.toISOString(),
      told: all ? (told.get(row.id) ?? []).map(({ event: _, ...each }) => each) : [],
    }))
    return c.json(shown, 200)
  })
}
