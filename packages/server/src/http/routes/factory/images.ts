import { createRoute, z } from '@hono/zod-openapi'
import { projectsFor } from '../../../auth/principal.ts'
import { stateOf } from '../../../clocks/clock.ts'
import { type ClockRow, severities } from '../../../database/schema.ts'
import { ownTrust } from '../../../factory/signing.ts'
import type { FactoryWorld } from '../../../factory/world.ts'
import { catalogue } from '../../../images/catalogue.ts'
import { findingsOf } from '../../../images/findings.ts'
import { lookUpImage } from '../../../images/image-row.ts'
import { interfaceSchema } from '../../../images/interfaces.ts'
import { packagesIn } from '../../../images/packages.ts'
import { runningOurs } from '../../../running/reports.ts'
import { listEvidence, parseReference } from '../../../temper.ts'
import type { Api } from '../../app.ts'
import { ProblemError, problemResponses } from '../../problem.ts'
import { demand } from './guard.ts'
import { linkNext, pageQuery } from './pages.ts'

export const clock = z
  .object({
    disclosed: z.iso.datetime(),
    upstream: z.iso.datetime().nullable().openapi({ description: 'when a repaired version was known' }),
    archive: z.iso.datetime().nullable().openapi({ description: 'when the archive was seen to have it' }),
    built: z.iso.datetime().nullable(),
    published: z.iso.datetime().nullable(),
    running: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'when only repaired images were seen to run' }),
    due: z.iso.datetime(),
  })
  .openapi('Clock')

export const clockStates = ['open', 'fix-known', 'fix-available', 'fixed', 'running'] as const

const image = z
  .object({
    name: z.string(),
    tags: z.array(
      z.object({ tag: z.string(), digest: z.string(), channel: z.string(), built: z.iso.datetime() }),
    ),
    grade: z.string().nullable().openapi({ description: 'the tier that it reaches', example: 'hardened' }),
    vulnerabilities: z.partialRecord(z.enum(severities), z.int()),
    waiting: z.string().nullable().openapi({ description: 'why its candidate is not stable' }),
  })
  .openapi('Image')

const imageInterface = z
  .object(interfaceSchema.shape)
  .openapi('ImageInterface', { description: 'what those who run it rely on' })

const detail = z
  .object({
    name: z.string(),
    digest: z.string(),
    built: z.iso.datetime(),
    published: z.iso.datetime(),
    reason: z.string(),
    build: z.string(),
    grade: z.string().nullable(),
    promoted: z.iso.datetime().nullable().openapi({ description: 'when it became stable' }),
    breaks: z.array(z.string()).openapi({ description: 'what it removes compared with the previous image' }),
    withdrawn: z
      .object({ at: z.iso.datetime(), by: z.string(), reason: z.string() })
      .nullable()
      .openapi({ description: 'whether it was withdrawn, and why' }),
    interfaces: z.array(imageInterface),
    running: z
      .array(z.object({ place: z.string(), count: z.int(), seen: z.iso.datetime() }))
      .openapi({ description: 'where it was last seen to run' }),
    packages: z.array(
      z.object({
        name: z.string(),
        version: z.string(),
        type: z.string(),
        source: z.string().nullable(),
        purl: z.string(),
      }),
    ),
    findings: z.array(
      z.object({
        id: z.string(),
        package: z.string(),
        version: z.string(),
        severity: z.enum(severities),
        score: z.number().nullable(),
        exploited: z.boolean(),
        fixed: z.string().nullable().openapi({ description: 'the version that repairs it' }),
        title: z.string().nullable(),
        state: z.enum(clockStates),
        clock: clock.nullable(),
      }),
    ),
    evidence: z.array(
      z.object({
        type: z.string(),
        digest: z.string(),
        subject: z.string(),
        signers: z.array(z.string()),
        verified: z.boolean(),
      }),
    ),
  })
  .openapi('ImageDetail')

const list = createRoute({
  method: 'get',
  path: '/api/images',
  summary: 'Images that you may pull',
  request: {
    query: pageQuery.extend({
      search: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .openapi({ description: 'those whose names have this in them' }),
    }),
  },
  responses: {
    200: {
      description: 'by name; if there are more, the header Link names the next page',
      content: { 'application/json': { schema: z.array(image) } },
    },
    ...problemResponses,
  },
})

const show = createRoute({
  method: 'get',
  path: '/api/images/{name}/{digest}',
  summary: 'The contents of an image and what is known about it',
  request: { params: z.object({ name: z.string().max(255), digest: z.string().max(200) }) },
  responses: {
    200: { description: 'the image', content: { 'application/json': { schema: detail } } },
    ...problemResponses,
  },
})

export function addImageRoutes(app: Api, factory: FactoryWorld): void {
  const { db } = factory
  app.openapi(list, async (c) => {
    const { n: limit, last: after, search } = c.req.valid('query')
    const images = await catalogue(db, {
      projects: projectsFor(c.var.principal, 'pull'),
      limit: limit + 1,
      ...(after === undefined ? {} : { after }),
      ...(search === undefined ? {} : { search }),
    })
    const shown = images.slice(0, limit)
    if (images.length > limit) linkNext(c, shown.at(-1)?.name)
    const all = shown.map(({ tags, ...each }) => ({
      ...each,
      tags: tags.map(({ built, ...tag }) => ({ ...tag, built: built.toISOString() })),
    }))
    return c.json(all, 200)
  })
  app.openapi(show, async (c) => {
    const { name, digest } = c.req.valid('param')
    demand(c.var.principal, 'pull', name)
    const row = await lookUpImage(db, name, digest)
    if (row === undefined) throw new ProblemError(404, 'There is no such image', `${name}@${digest}`)
    const { built, published, promoted, reason, build, grade, withdrawn, withdrawal } = row
    return c.json(
      {
        name,
        digest,
        reason,
        build,
        grade,
        breaks: [...row.breaks],
        built: built.toISOString(),
        published: published.toISOString(),
        promoted: promoted?.toISOString() ?? null,
        withdrawn:
          withdrawn === null ? null : { at: withdrawn.toISOString(), by: '', reason: '', ...withdrawal },
        interfaces: [...row.interfaces],
        running: (await runningOurs(db, name)).flatMap(({ place, digest: of, count, seen }) =>
          of === digest ? [{ place, count, seen: seen.toISOString() }] : [],
        ),
        packages: await packagesOf(factory, digest),
        findings: await shownFindings(factory, name, digest),
        evidence: await evidenceOf(factory, name, digest),
      },
      200,
    )
  })
}

async function packagesOf({ db }: FactoryWorld, digest: string) {
  return await packagesIn(db, digest)
    .select(['packages.name', 'packages.version', 'packages.type', 'packages.source', 'packages.purl'])
    .orderBy('packages.name')
    .orderBy('packages.version')
    .execute()
}

async function shownFindings({ db }: FactoryWorld, name: string, digest: string) {
  const clocks = await db.selectFrom('clocks').selectAll().where('image', '=', name).execute()
  const known = new Map(clocks.map((each) => [`${each.advisory} ${each.package}`, each]))
  return (await findingsOf(db, digest)).map((each) => {
    const running = known.get(`${each.advisory} ${each.package}`)
    const { package: of, version, severity, score, exploited, fixed, title } = each
    return {
      id: each.advisory,
      package: of,
      version,
      severity,
      score,
      exploited,
      fixed,
      title,
      // What is known of an image that was replaced stays open in it.
      state: running === undefined ? ('open' as const) : stateOf(running),
      clock: running === undefined ? null : shownClock(running),
    }
  })
}

export function shownClock({ disclosed, upstream, archive, built, published, running, due }: ClockRow) {
  const text = (time: Date | null) => time?.toISOString() ?? null
  return {
    disclosed: disclosed.toISOString(),
    upstream: text(upstream),
    archive: text(archive),
    built: text(built),
    published: text(published),
    running: text(running),
    due: due.toISOString(),
  }
}

async function evidenceOf({ registry, signing }: FactoryWorld, name: string, digest: string) {
  const reference = parseReference(`${registry.prefix()}/${name}@${digest}`)
  const { evidence } = await listEvidence({ reference, ...(await ownTrust(signing)) }, registry.context())
  return evidence.map(({ type, digest: of, subject, signers, verified }) => ({
    type,
    digest: of,
    subject,
    signers: [...signers],
    verified,
  }))
}
