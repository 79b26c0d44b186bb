import { createRoute, z } from '@hono/zod-openapi'
import { may, projectsFor } from '../../../auth/principal.ts'
import { lastBuilds } from '../../../builds/records.ts'
import { isLate, stateOf, whyOpen } from '../../../clocks/clock.ts'
import { afterWaiver, holds, waiverFor } from '../../../clocks/waivers.ts'
import { severities } from '../../../database/schema.ts'
import type { FactoryWorld } from '../../../factory/world.ts'
import { advisoriesCalled } from '../../../images/advisory-names.ts'
import { inProjects, waitingImages } from '../../../images/catalogue.ts'
import type { Api } from '../../app.ts'
import { ProblemError, problemResponses } from '../../problem.ts'
import { clock, clockStates, shownClock } from './images.ts'
import { linkNext, pageQuery } from './pages.ts'

const advisory = z
  .object({
    id: z.string().openapi({
      description: 'the name of the problem, or the one that was asked for where it has several',
    }),
    images: z.array(
      z.object({
        name: z.string(),
        digest: z.string().openapi({ description: 'the image that has it, or the first one without it' }),
        finding: z.string().openapi({ description: 'the problem: an advisory may be about several' }),
        package: z.string(),
        version: z.string(),
        fixed: z.string().nullable(),
        severity: z.enum(severities),
        state: z.enum(clockStates),
        clock,
      }),
    ),
  })
  .openapi('Advisory')

const late = z
  .object({
    finding: z.string(),
    image: z.string(),
    package: z.string(),
    severity: z.enum(severities),
    due: z.iso.datetime(),
    late: z.boolean(),
    why: z.string().openapi({ description: 'why it is still there' }),
    waiver: z
      .object({ owner: z.string(), reason: z.string(), expires: z.iso.datetime() })
      .nullable()
      .openapi({ description: 'who has waived it: until then it is not late' }),
  })
  .openapi('OpenFinding')

const show = createRoute({
  method: 'get',
  path: '/api/advisories/{id}',
  summary: 'Images that an advisory affects or has affected, by any of its names',
  request: {
    params: z.object({ id: z.string().min(1).max(200) }),
    query: pageQuery,
  },
  responses: {
    200: {
      description: 'those that you may pull; if there are more, the header Link names the next page',
      content: { 'application/json': { schema: advisory } },
    },
    ...problemResponses,
  },
})

const sla = createRoute({
  method: 'get',
  path: '/api/sla',
  summary: 'Open findings and their due days, the earliest first',
  responses: {
    200: { description: 'what is open', content: { 'application/json': { schema: z.array(late) } } },
    ...problemResponses,
  },
})

/** Most findings that one answer has. */
const most = 10_000

export function addAdvisoryRoutes(app: Api, world: FactoryWorld): void {
  const { db, now } = world
  app.openapi(show, async (c) => {
    const { id: asked } = c.req.valid('param')
    const { n: limit, last } = c.req.valid('query')
    const ids = await advisoriesCalled(world, asked)
    const id = ids.length === 1 ? (ids[0] ?? asked) : asked
    const about = db.selectFrom('clocks').where('advisory', 'in', ids)
    const names = await about
      .select('image')
      .distinct()
      .where(inProjects('image', projectsFor(c.var.principal, 'pull')))
      .$if(last !== undefined, (q) => q.where('image', '>', last ?? ''))
      .orderBy('image')
      .limit(limit + 1)
      .execute()
    const shown = names.slice(0, limit).map(({ image }) => image)
    const rows =
      shown.length === 0
        ? []
        : await about
            .selectAll()
            .where('image', 'in', shown)
            .orderBy('image')
            .orderBy('package')
            .orderBy('advisory')
            .execute()
    if (rows.length === 0 && (await about.select('image').limit(1).execute()).length === 0)
      throw new ProblemError(404, 'No image has or had this advisory', id)
    if (names.length > limit) linkNext(c, shown.at(-1))
    const images = rows.map((row) => ({
      name: row.image,
      digest: row.digest,
      finding: row.advisory,
      package: row.package,
      version: row.version,
      fixed: row.fixed,
      severity: row.severity,
      state: stateOf(row),
      clock: shownClock(row),
    }))
    return c.json({ id, images }, 200)
  })
  app.openapi(sla, async (c) => {
    const rows = await db
      .selectFrom('clocks')
      .selectAll()
      .where('published', 'is', null)
      .orderBy('due')
      .orderBy('image')
      .orderBy('advisory')
      .limit(most)
      .execute()
    const names = [...new Set(rows.map(({ image }) => image))]
    const last = await lastBuilds(db, names)
    const waiting = await waitingImages(db, names)
    const waivers = await db.selectFrom('waivers').selectAll().execute()
    const shown = rows
      .filter(({ image }) => may(c.var.principal, 'pull', image))
      .map((row) => {
        const waiver = waiverFor(waivers, row)
        const counts = holds(waiver, now())
        const why = whyOpen(row, last.get(row.image), waiting.get(row.image))
        return {
          finding: row.advisory,
          image: row.image,
          package: row.package,
          severity: row.severity,
          due: row.due.toISOString(),
          late: !counts && isLate(row, now()),
          why: counts ? why : afterWaiver(waiver, why),
          waiver:
            waiver !== undefined && counts
              ? { owner: waiver.owner, reason: waiver.reason, expires: waiver.expires.toISOString() }
              : null,
        }
      })
    return c.json(shown, 200)
  })
}
