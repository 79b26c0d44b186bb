import { createRoute, z } from '@hono/zod-openapi'
import { may } from '../../../auth/principal.ts'
import { addWaiver, removeWaiver } from '../../../clocks/waivers.ts'
import type { FactoryWorld } from '../../../factory/world.ts'
import { advisoriesCalled } from '../../../images/advisory-names.ts'
import type { Api } from '../../app.ts'
import { ProblemError, problemResponses } from '../../problem.ts'
import type { ApiWorld } from '../../world.ts'

const text = (most: number) => z.string().trim().min(1).max(most)

const asked = z
  .strictObject({
    project: text(255).openapi({ description: 'an image and all below it; "*" for every one' }),
    finding: text(200).openapi({ description: 'id of the advisory' }),
    package: text(255).nullable().default(null).openapi({ description: 'null: any package' }),
    owner: text(200).openapi({ description: 'who answers for it' }),
    reason: text(1000),
    expires: z.iso.datetime().openapi({ description: 'at most a year from now' }),
  })
  .openapi('WaiverRequest')

const waiver = z
  .object({
    id: z.string(),
    project: z.string(),
    finding: z.string(),
    package: z.string().nullable(),
    owner: z.string(),
    reason: z.string(),
    expires: z.iso.datetime(),
    created: z.iso.datetime(),
    by: z.string(),
    ended: z.boolean(),
  })
  .openapi('Waiver')

const list = createRoute({
  method: 'get',
  path: '/api/waivers',
  summary: 'Waived findings, and until when',
  responses: {
    200: {
      description: 'the first that ends first',
      content: { 'application/json': { schema: z.array(waiver) } },
    },
    ...problemResponses,
  },
})
const post = createRoute({
  method: 'post',
  path: '/api/waivers',
  summary: 'Waives a finding until a day',
  request: { body: { content: { 'application/json': { schema: asked } }, required: true } },
  responses: {
    201: { description: 'it counts from now', content: { 'application/json': { schema: waiver } } },
    ...problemResponses,
  },
})
const remove = createRoute({
  method: 'delete',
  path: '/api/waivers/{id}',
  summary: 'Ends a waiver before its day',
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: { 204: { description: 'it is gone' }, ...problemResponses },
})

const year = 366 * 24 * 3600 * 1000

export function addWaiverRoutes(app: Api, factory: FactoryWorld, { audit, now }: ApiWorld): void {
  const demand = (principal: Parameters<typeof may>[0], project: string) => {
    if (!may(principal, 'administer', project === '*' ? undefined : project))
      throw new ProblemError(403, 'Only an administrator of the project may do this')
  }
  const shown = <T extends { readonly expires: Date | string; readonly created: Date | string }>(row: T) => ({
    ...row,
    expires: new Date(row.expires).toISOString(),
    created: new Date(row.created).toISOString(),
    ended: new Date(row.expires) <= now(),
  })
  app.openapi(list, async (c) => {
    const rows = await factory.db.selectFrom('waivers').selectAll().orderBy('expires').orderBy('id').execute()
    const mine = rows.filter(({ project }) => project === '*' || may(c.var.principal, 'pull', project))
    return c.json(mine.map(shown), 200)
  })
  app.openapi(post, async (c) => {
    const given = c.req.valid('json')
    const { principal } = c.var
    demand(principal, given.project)
    const until = new Date(given.expires).getTime() - now().getTime()
    if (until <= 0 || until > year)
      throw new ProblemError(400, 'The request is wrong', 'expires: expected a day within the next year')
    const [named = given.finding, ...others] = await advisoriesCalled(factory, given.finding)
    if (others.length > 0)
      throw new ProblemError(
        400,
        'The request is wrong',
        `finding: ${given.finding} is about several: waive each that you mean of ${[named, ...others].slice(0, 50).join(', ')}`,
      )
    const made = await addWaiver(factory, {
      ...given,
      finding: named,
      by: principal.name,
      created: now().toISOString(),
    })
    const { id, project, finding, owner, reason, expires } = made
    await audit.add(
      {
        who: principal.name,
        action: 'waive',
        subject: `${project} ${finding}`,
        detail: { id, owner, reason, expires },
      },
      now(),
    )
    return c.json(shown(made), 201)
  })
  app.openapi(remove, async (c) => {
    const { id } = c.req.valid('param')
    const row = await factory.db.selectFrom('waivers').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined) throw new ProblemError(404, 'There is no such waiver', id)
    demand(c.var.principal, row.project)
    await removeWaiver(factory, id)
    await audit.add({ who: c.var.principal.name, action: 'end-waiver', subject: id }, now())
    return c.body(null, 204)
  })
}
