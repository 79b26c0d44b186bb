import { createRoute, z } from '@hono/zod-openapi'
import { sql } from 'kysely'
import type { FactoryWorld } from '../../../factory/world.ts'
import type { Api } from '../../app.ts'
import { ProblemError, problemResponses } from '../../problem.ts'
import { queriedTime } from '../../time.ts'
import { demandAll } from './guard.ts'

const seconds = z.number().nullable()

const measures = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    builds: z
      .record(z.string(), z.int())
      .openapi({ description: 'builds that were ordered, by their state now' }),
    buildSeconds: z.object({ median: seconds, p95: seconds }),
    findings: z.object({
      opened: z.int(),
      fixed: z.int(),
      fixedInTime: z.int(),
      open: z.int(),
      late: z.int(),
    }),
    fixSeconds: z
      .object({ fromDisclosure: seconds, fromArchive: seconds })
      .openapi({ description: 'medians, to when the image was published' }),
  })
  .openapi('Measures')

const show = createRoute({
  method: 'get',
  path: '/api/metrics',
  summary: 'How fast and how busy the factory was',
  request: {
    query: z.object({
      from: queriedTime({ end: false }).optional(),
      to: queriedTime({ end: true }).optional(),
    }),
  },
  responses: {
    200: {
      description: 'in that time; default: the last 30 days',
      content: { 'application/json': { schema: measures } },
    },
    ...problemResponses,
  },
})

const month = 30 * 24 * 3600 * 1000

export function addMeasureRoutes(app: Api, factory: FactoryWorld): void {
  app.openapi(show, async (c) => {
    demandAll(c.var.principal, 'pull')
    const query = c.req.valid('query')
    const to = query.to ?? factory.now()
    const from = query.from ?? new Date(to.getTime() - month)
    if (from >= to) throw new ProblemError(400, 'The time ends before it begins')
    const time = { from, to }
    const [builds, durations, findings] = [
      await buildCounts(factory, time),
      await buildDurations(factory, time),
      await findingCounts(factory, time),
    ]
    return c.json(
      { from: from.toISOString(), to: to.toISOString(), builds, buildSeconds: durations, ...findings },
      200,
    )
  })
}

interface Span {
  readonly from: Date
  readonly to: Date
}

async function buildCounts({ db }: FactoryWorld, { from, to }: Span): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('builds')
    .select(['state', sql<number>`count(*)::int`.as('count')])
    .where('created', '>=', from)
    .where('created', '<', to)
    .groupBy('state')
    .execute()
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
}

async function buildDurations({ db }: FactoryWorld, { from, to }: Span) {
  const took = sql`extract(epoch from ended - started)::float8`
  const row = await db
    .selectFrom('builds')
    .select(sql<number | null>`percentile_cont(0.5) within group (order by ${took})`.as('median'))
    .select(sql<number | null>`percentile_cont(0.95) within group (order by ${took})`.as('p95'))
    .where('state', '=', 'published')
    .where('ended', '>=', from)
    .where('ended', '<', to)
    .executeTakeFirstOrThrow()
  return row
}

async function findingCounts({ db, now }: FactoryWorld, { from, to }: Span) {
  const inTime = (column: string) => sql`${sql.ref(column)} >= ${from} and ${sql.ref(column)} < ${to}`
  const isFixed = inTime('published')
  const since = (column: string) =>
    sql<
      number | null
    >`percentile_cont(0.5) within group (order by extract(epoch from published - ${sql.ref(column)})::float8) filter (where ${isFixed})`
  const row = await db
    .selectFrom('clocks')
    .select(sql<number>`(count(*) filter (where ${inTime('disclosed')}))::int`.as('opened'))
    .select(sql<number>`(count(*) filter (where ${isFixed}))::int`.as('fixed'))
    .select(sql<number>`(count(*) filter (where ${isFixed} and published <= due))::int`.as('fixedInTime'))
    .select(sql<number>`(count(*) filter (where published is null))::int`.as('open'))
    .select(sql<number>`(count(*) filter (where published is null and due < ${now()}))::int`.as('late'))
    .select(since('disclosed').as('fromDisclosure'))
    .select(since('archive').as('fromArchive'))
    .executeTakeFirstOrThrow()
  const { fromDisclosure, fromArchive, ...findings } = row
  return { findings, fixSeconds: { fromDisclosure, fromArchive } }
}
