import { createRoute, z } from '@hono/zod-openapi'
import { severities } from '../../../database/schema.ts'
import type { FactoryWorld } from '../../../factory/world.ts'
import { watchedName } from '../../../foreign/watched.ts'
import { countsBySeverity } from '../../../images/catalogue.ts'
import { TemperError } from '../../../temper.ts'
import type { Api } from '../../app.ts'
import { ProblemError, problemResponses } from '../../problem.ts'
import type { ApiWorld } from '../../world.ts'
import { demandAll } from './guard.ts'

const asked = z
  .strictObject({ image: z.string().min(1).max(1000).openapi({ description: 'with its registry and tag' }) })
  .openapi('WatchRequest')

const watched = z
  .object({
    image: z.string(),
    digest: z.string().nullable(),
    added: z.iso.datetime(),
    by: z.string(),
    checked: z.iso.datetime().nullable(),
    error: z.string().nullable().openapi({ description: 'why it could not be looked at' }),
    grade: z.string().nullable(),
    vulnerabilities: z.partialRecord(z.enum(severities), z.int()),
  })
  .openapi('WatchedImage')

const list = createRoute({
  method: 'get',
  path: '/api/watched',
  summary: 'Images of other registries that are watched',
  responses: {
    200: { description: 'by name', content: { 'application/json': { schema: z.array(watched) } } },
    ...problemResponses,
  },
})
const post = createRoute({
  method: 'post',
  path: '/api/watched',
  summary: 'Watches an image of another registry',
  request: { body: { content: { 'application/json': { schema: asked } }, required: true } },
  responses: {
    201: { description: 'it is looked at now', content: { 'application/json': { schema: watched } } },
    ...problemResponses,
  },
})
const remove = createRoute({
  method: 'post',
  path: '/api/watched/remove',
  summary: 'Stops watching an image',
  request: { body: { content: { 'application/json': { schema: asked } }, required: true } },
  responses: { 204: { description: 'it is forgotten' }, ...problemResponses },
})

export function addWatchedRoutes(app: Api, factory: FactoryWorld, { audit, now }: ApiWorld): void {
  const { db, jobs } = factory
  const all = async () => {
    const rows = await db.selectFrom('watched').selectAll().orderBy('image').execute()
    const counts = await countsBySeverity(
      db,
      rows.flatMap(({ digest }) => digest ?? []),
    )
    return rows.map(({ added, checked, ...row }) => ({
      ...row,
      added: added.toISOString(),
      checked: checked?.toISOString() ?? null,
      vulnerabilities: row.digest === null ? {} : (counts.get(row.digest) ?? {}),
    }))
  }
  app.openapi(list, async (c) => {
    demandAll(c.var.principal, 'pull')
    return c.json(await all(), 200)
  })
  app.openapi(post, async (c) => {
    demandAll(c.var.principal, 'maintain')
    const { name: by } = c.var.principal
    const image = nameOf(c.req.valid('json').image, factory)
    await db
      .insertInto('watched')
      .values({ image, added: now(), by, digest: null, checked: null, error: null, grade: null })
      .onConflict((q) => q.column('image').doNothing())
      .execute()
    await audit.add({ who: by, action: 'watch', subject: image }, now())
    await jobs.add('foreign')
    const made = (await all()).find((each) => each.image === image)
    if (made === undefined) throw new ProblemError(404, 'It is no longer watched', image)
    return c.json(made, 201)
  })
  app.openapi(remove, async (c) => {
    demandAll(c.var.principal, 'maintain')
    const image = nameOf(c.req.valid('json').image, factory)
    const gone = await db
      .deleteFrom('watched')
      .where('image', '=', image)
      .returning('image')
      .executeTakeFirst()
    if (gone === undefined) throw new ProblemError(404, 'It is not watched', image)
    await db.deleteFrom('clocks').where('image', '=', image).execute()
    await audit.add({ who: c.var.principal.name, action: 'unwatch', subject: image }, now())
    return c.body(null, 204)
  })
}

function nameOf(image: string, factory: FactoryWorld): string {
  try {
    return watchedName(image, factory)
  } catch (error) {
    if (!(error instanceof TemperError)) throw error
    throw new ProblemError(
      error.code === 'bad-usage' ? 409 : 400,
      'The image cannot be watched',
      error.message,
    )
  }
}
