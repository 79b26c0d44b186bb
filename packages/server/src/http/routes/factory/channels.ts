import { createRoute, z } from '@hono/zod-openapi'
import type { FactoryWorld } from '../../../factory/world.ts'
import type { Decision } from '../../../images/decision.ts'
import { promote } from '../../../images/promote.ts'
import { withdraw } from '../../../images/withdraw.ts'
import { TemperError } from '../../../temper.ts'
import type { Api } from '../../app.ts'
import { ProblemError, problemResponses } from '../../problem.ts'
import type { ApiWorld } from '../../world.ts'
import { demand } from './guard.ts'

const reason = z.string().trim().min(1).max(1000)
const image = z.object({ name: z.string().max(255), digest: z.string().max(200) })

const decided = z
  .object({
    image: z.string(),
    digest: z.string(),
    action: z.enum(['promote', 'withdraw']),
    by: z.string(),
    reason: z.string().nullable(),
    at: z.iso.datetime(),
    moved: z.array(z.object({ tag: z.string(), to: z.string().nullable() })).openapi({
      description: 'tags that were moved, with the digest that each now points to; null: the tag was removed',
    }),
  })
  .openapi('Decision')

const responses = {
  200: { description: 'what was done', content: { 'application/json': { schema: decided } } },
  ...problemResponses,
} as const

const promoting = createRoute({
  method: 'post',
  path: '/api/images/{name}/{digest}/promote',
  summary: 'Makes a candidate stable',
  request: {
    params: image,
    body: {
      content: { 'application/json': { schema: z.strictObject({ reason: reason.optional() }) } },
      required: true,
    },
  },
  responses,
})

const withdrawing = createRoute({
  method: 'post',
  path: '/api/images/{name}/{digest}/withdraw',
  summary: 'Takes an image back: its tags fall back to the last good one',
  request: {
    params: image,
    body: { content: { 'application/json': { schema: z.strictObject({ reason }) } }, required: true },
  },
  responses,
})

export function addChannelRoutes(app: Api, factory: FactoryWorld, { audit, now }: ApiWorld): void {
  const noted = async (decision: Decision) => {
    const { image: name, digest, action, by: who, reason: why, moved } = decision
    await audit.add({ who, action, subject: `${name}@${digest}`, detail: { reason: why, moved } }, now())
    return { ...decision, moved: [...moved] }
  }
  app.openapi(promoting, async (c) => {
    const { name, digest } = c.req.valid('param')
    demand(c.var.principal, 'maintain', name)
    const { reason: why = null } = c.req.valid('json')
    const chosen = { name, digest, by: c.var.principal.name, reason: why }
    return c.json(await noted(await told(promote(factory, chosen))), 200)
  })
  app.openapi(withdrawing, async (c) => {
    const { name, digest } = c.req.valid('param')
    demand(c.var.principal, 'maintain', name)
    const chosen = { name, digest, by: c.var.principal.name, reason: c.req.valid('json').reason }
    return c.json(await noted(await told(withdraw(factory, chosen))), 200)
  })
}

/** What cannot be decided so is the request's fault, not the service's. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof TemperError)) throw error
    if (error.code === 'not-found') throw new ProblemError(404, 'There is no such image', error.message)
    if (error.code === 'bad-usage')
      throw new ProblemError(409, 'The state of the image does not allow this', error.message)
    if (error.exitCode === 1) throw new ProblemError(409, 'The gate refused it', error.message)
    // Whoever certifies identities, or the registry, is away: nothing was decided.
    if (error.exitCode === 3) throw new ProblemError(503, 'This cannot be decided now', error.message)
    throw error
  }
}
