import { createRoute, z } from '@hono/zod-openapi'
import type { RetentionPlan } from '../../registry/retention/plan.ts'
import type { Api } from '../app.ts'
import { ProblemError, problemResponses } from '../problem.ts'
import type { ApiWorld } from '../world.ts'

const decided = z
  .object({
    repository: z.string(),
    tag: z.string().nullable().openapi({ description: 'null: the manifest itself, to which no tag leads' }),
    digest: z.string(),
    why: z.string(),
  })
  .openapi('RetentionDecision')

const plan = z.object({ removed: z.array(decided), kept: z.array(decided) }).openapi('RetentionPlan')

const responses = {
  200: { description: 'with reasons', content: { 'application/json': { schema: plan } } },
  ...problemResponses,
}
const show = createRoute({
  method: 'get',
  path: '/api/retention',
  summary: 'What the retention rules would remove now',
  responses,
})
const carryOut = createRoute({
  method: 'post',
  path: '/api/retention',
  summary: 'Removes what the retention rules would remove',
  responses,
})

export function addRetentionRoutes(app: Api, { housekeeper }: ApiWorld): void {
  const demandAdmin = (may: boolean) => {
    if (!may) throw new ProblemError(403, 'Only an administrator of the service may do this')
  }
  app.openapi(show, async (c) => {
    demandAdmin(c.var.mayAdminister)
    return c.json(shown(await housekeeper.plan()), 200)
  })
  app.openapi(carryOut, async (c) => {
    demandAdmin(c.var.mayAdminister)
    return c.json(shown(await housekeeper.retain(c.var.principal.name)), 200)
  })
}

function shown({ removed, kept }: RetentionPlan): z.output<typeof plan> {
  const each = ({ repository, tag, digest, why }: RetentionPlan['kept'][number]) => ({
    repository,
    tag: tag ?? null,
    digest,
    why,
  })
  return { removed: removed.map(each), kept: kept.map(each) }
}
