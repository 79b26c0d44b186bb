import { createRoute, z } from '@hono/zod-openapi'
import { mayWork, type Principal } from '../../../auth/principal.ts'
import type { WorkerPool } from '../../../workers/pool.ts'
import { bundleSchema, taskCommands } from '../../../workers/task.ts'
import type { Api } from '../../app.ts'
import { ProblemError, problemResponses } from '../../problem.ts'
import { demandAll } from './guard.ts'

/** Milliseconds that a worker waits for a task before it asks again. */
const claimLimit = 20_000

const worker = z.string().min(1).max(100).openapi({ description: 'its name' })
const json = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } })
const task = z.object({ id: z.uuid() })

const given = z
  .object({
    id: z.uuid(),
    command: z.enum(taskCommands),
    bundle: bundleSchema,
    lock: z.string().nullable(),
    push: z.object({ repository: z.string(), token: z.string() }).openapi({
      description: 'where the image goes, with a token that gives access only there',
    }),
  })
  .openapi('WorkTask')

const known = z
  .object({ name: z.string(), seen: z.iso.datetime(), task: z.string().nullable() })
  .openapi('Worker')

const claim = createRoute({
  method: 'post',
  path: '/api/worker/claim',
  summary: 'Takes a task, or waits a while for one',
  request: { body: { content: json(z.strictObject({ worker, name: worker })), required: true } },
  responses: {
    200: { description: 'the task', content: json(given) },
    204: { description: 'there is none' },
    ...problemResponses,
  },
})

const log = createRoute({
  method: 'post',
  path: '/api/worker/tasks/{id}/log',
  summary: 'Reports the progress of a task',
  request: {
    params: task,
    body: {
      content: json(z.strictObject({ worker, lines: z.array(z.string()).max(20_000) })),
      required: true,
    },
  },
  responses: {
    200: {
      description: 'whether it is still wanted',
      content: json(z.object({ wanted: z.boolean() })),
    },
    ...problemResponses,
  },
})

const result = createRoute({
  method: 'post',
  path: '/api/worker/tasks/{id}/result',
  summary: 'Returns the result of a task',
  request: {
    params: task,
    body: {
      content: json(z.strictObject({ worker, code: z.int(), text: z.string(), lock: z.string().nullable() })),
      required: true,
    },
  },
  responses: { 204: { description: 'it was taken' }, ...problemResponses },
})

const list = createRoute({
  method: 'get',
  path: '/api/workers',
  summary: 'Workers of this process, and what they do',
  responses: { 200: { description: 'by name', content: json(z.array(known)) }, ...problemResponses },
})

/** Tasks of one name are one token's: another one cannot end them. */
const nameOf = (principal: Principal, asked: string) => `${principal.name}/${asked}`

export function addWorkerRoutes(app: Api, pool: WorkerPool): void {
  const demandWorker = (principal: Principal) => {
    if (!mayWork(principal))
      throw new ProblemError(403, 'Your token does not allow this', 'this needs the role worker')
  }
  app.openapi(claim, async (c) => {
    demandWorker(c.var.principal)
    const claimed = await pool.claim(nameOf(c.var.principal, c.req.valid('json').worker), {
      timeout: claimLimit,
      left: c.req.raw.signal,
    })
    return claimed === undefined ? c.body(null, 204) : c.json(claimed, 200)
  })
  app.openapi(log, async (c) => {
    demandWorker(c.var.principal)
    const { worker: asked, lines } = c.req.valid('json')
    const wanted = pool.heard(c.req.valid('param').id, nameOf(c.var.principal, asked), lines)
    return c.json({ wanted }, 200)
  })
  app.openapi(result, async (c) => {
    demandWorker(c.var.principal)
    const { worker: asked, ...done } = c.req.valid('json')
    if (!pool.finish(c.req.valid('param').id, nameOf(c.var.principal, asked), done))
      throw new ProblemError(
        409,
        'This is not expected',
        'the task was given to another worker, or cancelled',
      )
    return c.body(null, 204)
  })
  app.openapi(list, async (c) => {
    demandAll(c.var.principal, 'pull')
    const shown = pool.workers().map(({ seen, ...each }) => ({ ...each, seen: seen.toISOString() }))
    return c.json(shown, 200)
  })
}
