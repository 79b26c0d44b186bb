import { createRoute, z } from '@hono/zod-openapi'
import { may } from '../../auth/principal.ts'
import { isContentDigest, isRepositoryName } from '../../registry/name.ts'
import { quarantinedAfter } from '../../registry/overview.ts'
import { demandMovable, setTags } from '../../registry/rules/immutable.ts'
import type { Api } from '../app.ts'
import { ProblemError, problemResponses } from '../problem.ts'
import type { ApiWorld } from '../world.ts'
import { linkNext, pageQuery } from './factory/pages.ts'

const quarantined = z
  .object({
    name: z.string(),
    digest: z.string(),
    tags: z.array(z.string()).openapi({ description: 'tags that it was pushed with' }),
    policy: z.string(),
    reasons: z.array(z.object({ rule: z.string(), found: z.string() })),
    since: z.iso.datetime(),
  })
  .openapi('Quarantined')

const asked = z
  .strictObject({
    name: z.string().refine(isRepositoryName, 'expected the name of a repository'),
    digest: z.string().refine(isContentDigest, 'expected a digest'),
    reason: z
      .string()
      .min(1)
      .max(1000)
      .openapi({ description: 'why it may pass anyway; the reason is kept' }),
  })
  .openapi('ReleaseRequest')

const released = z
  .object({ name: z.string(), digest: z.string(), tags: z.array(z.string()) })
  .openapi('Released')

const list = createRoute({
  method: 'get',
  path: '/api/quarantine',
  summary: 'Images that the policy refused',
  request: { query: pageQuery },
  responses: {
    200: {
      description:
        'those that you may pull, by name and digest; the header Link names the next page where there are more',
      content: { 'application/json': { schema: z.array(quarantined) } },
    },
    ...problemResponses,
  },
})

const release = createRoute({
  method: 'post',
  path: '/api/quarantine/release',
  summary: 'Gives an image its tags although the policy refuses it',
  request: { body: { content: { 'application/json': { schema: asked } }, required: true } },
  responses: {
    200: { description: 'the tags that it has now', content: { 'application/json': { schema: released } } },
    ...problemResponses,
  },
})

export function addQuarantineRoutes(app: Api, { storage, audit, now, rules }: ApiWorld): void {
  app.openapi(list, async (c) => {
    const { n: limit, last = '' } = c.req.valid('query')
    const mayRead = (name: string) => may(c.var.principal, 'pull', name)
    const { held, hasMore } = await quarantinedAfter(storage, { last, limit, mayRead })
    const end = held.at(-1)
    if (hasMore && end !== undefined) linkNext(c, `${end.name}@${end.digest}`)
    return c.json(
      held.map(({ tags, reasons, ...each }) => ({ ...each, tags: [...tags], reasons: [...reasons] })),
      200,
    )
  })
  app.openapi(release, async (c) => {
    const { name, digest, reason } = c.req.valid('json')
    const { principal } = c.var
    if (!may(principal, 'administer', name))
      throw new ProblemError(403, 'Only an administrator of the project may do this')
    const repository = storage.repository(name)
    const kept = (await repository.quarantined()).find((each) => each.digest === digest)
    if (kept === undefined || !isContentDigest(digest))
      throw new ProblemError(404, 'There is no such image in quarantine', `${name}@${digest}`)
    await demandMovable({ name, repository }, { digest, tags: kept.tags }, rules.immutable)
    await audit.add(
      {
        who: principal.name,
        action: 'release',
        subject: `${name}@${digest}`,
        detail: { reason, tags: kept.tags, policy: kept.policy },
      },
      now(),
    )
    await setTags({ name, repository }, { digest, tags: kept.tags }, rules.immutable)
    await repository.release(digest)
    return c.json({ name, digest, tags: [...kept.tags] }, 200)
  })
}
