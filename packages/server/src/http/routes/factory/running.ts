import { createRoute, z } from '@hono/zod-openapi'
import { may, mayReport } from '../../../auth/principal.ts'
import type { FactoryWorld } from '../../../factory/world.ts'
import { countLimit } from '../../../running/images.ts'
import { isStale, takeReport } from '../../../running/reports.ts'
import { tellWithdrawn, withdrawnAt } from '../../../running/withdrawn.ts'
import type { Api } from '../../app.ts'
import { ProblemError, problemResponses } from '../../problem.ts'

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/)

const report = z
  .strictObject({
    place: z.string().min(1).max(200).openapi({ description: 'what it is called: a cluster, a machine' }),
    images: z
      .array(
        z.strictObject({
          image: z.string().max(1000).nullable(),
          digest: digest.nullable().openapi({ description: 'of the manifest, or of the configuration' }),
          count: z.int().min(1).max(countLimit),
        }),
      )
      .max(100_000)
      .openapi({ description: 'everything that runs there; replaces earlier reports' }),
  })
  .openapi('RunningReport')

const states = ['current', 'behind', 'withdrawn', 'unknown'] as const

const running = z
  .object({
    place: z.string(),
    image: z.string().nullable(),
    digest: z.string().nullable(),
    count: z.int(),
    seen: z.iso.datetime(),
    stale: z
      .boolean()
      .openapi({ description: 'the place has not reported for a day: the image may no longer run there' }),
    name: z.string().nullable().openapi({ description: 'which image of the service it is' }),
    state: z.enum(states).openapi({
      description: '"behind": its tags are on a newer one; "unknown": not an image of the service',
    }),
  })
  .openapi('Running')

const put = createRoute({
  method: 'put',
  path: '/api/running',
  summary: 'Reports which images run at a place',
  request: { body: { content: { 'application/json': { schema: report } }, required: true } },
  responses: { 204: { description: 'it is taken' }, ...problemResponses },
})

const list = createRoute({
  method: 'get',
  path: '/api/running',
  summary: 'What runs where, and which of it is behind',
  responses: {
    200: { description: 'by place', content: { 'application/json': { schema: z.array(running) } } },
    ...problemResponses,
  },
})

/** Most rows of one answer. */
const most = 20_000

export function addRunningRoutes(app: Api, factory: FactoryWorld): void {
  const { db, now } = factory
  app.openapi(put, async (c) => {
    if (!mayReport(c.var.principal))
      throw new ProblemError(403, 'Your token does not allow this', 'this needs the role reporter')
    const given = c.req.valid('json')
    const before = await withdrawnAt(db, given.place)
    await takeReport(db, { ...given, seen: now() })
    await tellWithdrawn(factory, { place: given.place, before })
    return c.body(null, 204)
  })
  app.openapi(list, async (c) => {
    const all = may(c.var.principal, 'pull')
    const ours = new Map<string, { name: string; state: (typeof states)[number] }>()
    const tagged = new Set(
      (await db.selectFrom('tags').select(['name', 'digest']).where('channel', '=', 'stable').execute()).map(
        (each) => `${each.name} ${each.digest}`,
      ),
    )
    const taken = new Set(
      (
        await db.selectFrom('images').select(['name', 'digest']).where('withdrawn', 'is not', null).execute()
      ).map((each) => `${each.name} ${each.digest}`),
    )
    for (const each of await db.selectFrom('image_ids').selectAll().execute()) {
      const key = `${each.name} ${each.digest}`
      const state = taken.has(key) ? 'withdrawn' : tagged.has(key) ? 'current' : 'behind'
      ours.set(each.id, { name: each.name, state })
    }
    const rows = await db
      .selectFrom('running')
      .selectAll()
      .orderBy('place')
      .orderBy('image')
      .orderBy('digest')
      .limit(most)
      .execute()
    const shown = rows.flatMap(({ place, image, digest: of, count, seen }) => {
      const known = ours.get(of)
      if (known === undefined ? !all : !may(c.var.principal, 'pull', known.name)) return []
      return [
        {
          place,
          image: image || null,
          digest: of || null,
          count,
          seen: seen.toISOString(),
          stale: isStale(seen, now()),
          name: known?.name ?? null,
          state: known?.state ?? ('unknown' as const),
        },
      ]
    })
    return c.json(shown, 200)
  })
}
