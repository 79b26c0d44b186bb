import { createRoute, z } from '@hono/zod-openapi'
import type { FactoryWorld } from '../../../factory/world.ts'
import { type JobName, jobNames } from '../../../jobs/jobs.ts'
import type { Api } from '../../app.ts'
import { ProblemError, problemResponses } from '../../problem.ts'
import type { ApiWorld } from '../../world.ts'
import { demandAll } from './guard.ts'

const job = z
  .object({
    id: z.string(),
    name: z.enum(jobNames),
    state: z.enum(['created', 'retry', 'active', 'completed', 'cancelled', 'failed']),
    created: z.iso.datetime(),
  })
  .openapi('Job')

const taken = {
  202: {
    description: 'it runs as soon as a worker is free',
    content: { 'application/json': { schema: job } },
  },
  ...problemResponses,
}

const updateFeeds = createRoute({
  method: 'post',
  path: '/api/feeds/update',
  summary: 'Reads the feeds again, now',
  responses: taken,
})

const runWatch = createRoute({
  method: 'post',
  path: '/api/watch/run',
  summary: 'Looks for images that can be repaired, now',
  responses: taken,
})

const show = createRoute({
  method: 'get',
  path: '/api/jobs/{id}',
  summary: 'The state of a job',
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: { description: 'the job', content: { 'application/json': { schema: job } } },
    ...problemResponses,
  },
})

export function addJobRoutes(app: Api, { jobs }: FactoryWorld, { audit, now }: ApiWorld): void {
  const find = async (id: string) => {
    const state = await jobs.find(id)
    if (state === undefined) throw new ProblemError(404, 'There is no such job', id)
    return { ...state, created: state.created.toISOString() }
  }
  const begin = async (who: string, name: JobName) => {
    const id = await jobs.add(name)
    await audit.add({ who, action: 'run-job', subject: name }, now())
    return await find(id)
  }
  app.openapi(updateFeeds, async (c) => {
    demandAll(c.var.principal, 'maintain')
    return c.json(await begin(c.var.principal.name, 'feeds'), 202)
  })
  app.openapi(runWatch, async (c) => {
    demandAll(c.var.principal, 'maintain')
    return c.json(await begin(c.var.principal.name, 'watch'), 202)
  })
  app.openapi(show, async (c) => {
    demandAll(c.var.principal, 'pull')
    return c.json(await find(c.req.valid('param').id), 200)
  })
}
