import { createRoute, z } from '@hono/zod-openapi'
import { streamSSE } from 'hono/streaming'
import { may } from '../../../auth/principal.ts'
import { endStates } from '../../../builds/handle.ts'
import { linesAfter } from '../../../builds/log.ts'
import { cancelBuild, orderBuild } from '../../../builds/records.ts'
import { type BuildRow, buildStates, stepSchema, triggers } from '../../../database/schema.ts'
import type { FactoryWorld } from '../../../factory/world.ts'
import type { Api } from '../../app.ts'
import { ProblemError, problemResponses } from '../../problem.ts'
import type { ApiWorld } from '../../world.ts'
import { demand } from './guard.ts'

const build = z
  .object({
    id: z.string(),
    image: z.string(),
    reason: z.string().openapi({ description: 'why it is built, in one sentence' }),
    trigger: z.enum(triggers),
    state: z.enum(buildStates),
    // The description of the API knows no exact options.
    steps: z.array(z.object(stepSchema.shape).extend({ note: z.string().optional() })),
    digest: z.string().nullable().openapi({ description: 'of the resulting image' }),
    error: z.string().nullable(),
    created: z.iso.datetime(),
    started: z.iso.datetime().nullable(),
    ended: z.iso.datetime().nullable(),
  })
  .openapi('Build')

const id = z.object({ id: z.uuid() })
const one = {
  200: { description: 'the build', content: { 'application/json': { schema: build } } },
  ...problemResponses,
}

const list = createRoute({
  method: 'get',
  path: '/api/builds',
  summary: 'Builds of images that you may pull, the newest first',
  request: {
    query: z.object({
      image: z.string().max(255).optional(),
      state: z.enum(buildStates).optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
  },
  responses: {
    200: { description: 'builds', content: { 'application/json': { schema: z.array(build) } } },
    ...problemResponses,
  },
})
const show = createRoute({
  method: 'get',
  path: '/api/builds/{id}',
  summary: 'One build',
  request: { params: id },
  responses: one,
})
const cancel = createRoute({
  method: 'post',
  path: '/api/builds/{id}/cancel',
  summary: 'Ends a build; no tag moves',
  request: { params: id },
  responses: one,
})
const retry = createRoute({
  method: 'post',
  path: '/api/builds/{id}/retry',
  summary: 'Orders the same build again',
  request: { params: id },
  responses: {
    202: { description: 'the new build', content: { 'application/json': { schema: build } } },
    ...problemResponses,
  },
})

/** Milliseconds between looks at the log of a build that runs. */
const lookEvery = 300

export function addBuildRoutes(app: Api, factory: FactoryWorld, { audit, now }: ApiWorld): void {
  const { db } = factory
  const find = async (wanted: string): Promise<BuildRow> => {
    const row = await db.selectFrom('builds').selectAll().where('id', '=', wanted).executeTakeFirst()
    if (row === undefined) throw new ProblemError(404, 'There is no such build', wanted)
    return row
  }
  app.openapi(list, async (c) => {
    const { image, state, limit } = c.req.valid('query')
    const rows = await db
      .selectFrom('builds')
      .selectAll()
      .$if(image !== undefined, (q) => q.where('image', '=', image ?? ''))
      .$if(state !== undefined, (q) => q.where('state', '=', state ?? 'waiting'))
      .orderBy('created', 'desc')
      .orderBy('id')
      .limit(limit)
      .execute()
    return c.json(rows.filter((row) => may(c.var.principal, 'pull', row.image)).map(shown), 200)
  })
  app.openapi(show, async (c) => {
    const row = await find(c.req.valid('param').id)
    demand(c.var.principal, 'pull', row.image)
    return c.json(shown(row), 200)
  })
  app.openapi(cancel, async (c) => {
    const row = await find(c.req.valid('param').id)
    demand(c.var.principal, 'push', row.image)
    if (!endStates.includes(row.state)) {
      await cancelBuild(factory, row.id)
      await audit.add({ who: c.var.principal.name, action: 'cancel-build', subject: row.id }, now())
    }
    return c.json(shown(await find(row.id)), 200)
  })
  app.openapi(retry, async (c) => {
    const row = await find(c.req.valid('param').id)
    demand(c.var.principal, 'push', row.image)
    if (!endStates.includes(row.state)) throw new ProblemError(400, 'The build has not ended', row.state)
    const { image, reason, trigger } = row
    const made = await orderBuild(factory, { image, reason, trigger })
    await audit.add({ who: c.var.principal.name, action: 'retry-build', subject: made }, now())
    return c.json(shown(await find(made)), 202)
  })
  addLogRoute(app, factory, find)
}

/** The log as it is written: server-sent events whose ids are positions, so that a client goes on where it was. */
function addLogRoute(app: Api, { db }: FactoryWorld, find: (id: string) => Promise<BuildRow>): void {
  app.get('/api/builds/:id/log', async (c) => {
    const row = await find(id.shape.id.safeParse(c.req.param('id')).data ?? '')
    demand(c.var.principal, 'pull', row.image)
    const last = Number(c.req.header('Last-Event-ID') ?? 0)
    return streamSSE(c, async (stream) => {
      let position = Number.isInteger(last) && last > 0 ? last : 0
      while (!stream.aborted) {
        const { state } = await find(row.id)
        const lines = await linesAfter(db, row.id, position)
        for (const { position: at, time, line } of lines) {
          await stream.writeSSE({ id: String(at), event: 'line', data: JSON.stringify({ time, line }) })
          position = at
        }
        if (lines.length === 0 && endStates.includes(state))
          return await stream.writeSSE({ event: 'end', data: JSON.stringify({ state }) })
        if (lines.length === 0) await stream.sleep(lookEvery)
      }
    })
  })
}

function shown({ id: build, image, reason, trigger, state, steps, digest, error, ...times }: BuildRow) {
  return {
    id: build,
    image,
    reason,
    trigger,
    state,
    steps: [...steps],
    digest,
    error,
    created: times.created.toISOString(),
    started: times.started?.toISOString() ?? null,
    ended: times.ended?.toISOString() ?? null,
  }
}
