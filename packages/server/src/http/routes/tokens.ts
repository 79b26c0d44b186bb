import { createRoute, z } from '@hono/zod-openapi'
import { grantedRoles } from '../../auth/principal.ts'
import type { TokenRecord } from '../../auth/token.ts'
import { isProject } from '../../registry/name.ts'
import type { Api } from '../app.ts'
import { ProblemError, problemResponses } from '../problem.ts'
import type { ApiWorld } from '../world.ts'

const grant = z
  .strictObject({
    project: z.string().refine(isProject, 'expected "*" or the name of a repository').openapi({
      description: 'a repository and all below it, or "*" for every one',
      example: 'team',
    }),
    role: z.enum(grantedRoles),
  })
  .openapi('Grant')

const token = z
  .object({
    id: z.string(),
    name: z.string(),
    grants: z.array(grant).readonly(),
    created: z.iso.datetime(),
    expires: z.iso.datetime().optional(),
  })
  .openapi('Token')

const asked = z
  .strictObject({
    name: z.string().min(1).max(100),
    grants: z.array(grant).min(1).max(100),
    expires: z.iso.datetime().optional(),
  })
  .openapi('TokenRequest')

const made = token.extend({ token: z.string() }).openapi('NewToken')

const json = <S extends z.ZodType>(schema: S) => ({ 'application/json': { schema } })

const listTokens = createRoute({
  method: 'get',
  path: '/api/tokens',
  summary: 'Tokens that are valid',
  responses: {
    200: { description: 'without their texts', content: json(z.array(token)) },
    ...problemResponses,
  },
})

const createToken = createRoute({
  method: 'post',
  path: '/api/tokens',
  summary: 'A new token',
  request: { body: { content: json(asked), required: true } },
  responses: {
    201: { description: 'with its text, which is shown only once', content: json(made) },
    ...problemResponses,
  },
})

const revokeToken = createRoute({
  method: 'delete',
  path: '/api/tokens/{id}',
  summary: 'Makes a token invalid',
  request: { params: z.object({ id: z.string().max(40) }) },
  responses: { 204: { description: 'it is invalid now' }, ...problemResponses },
})

/** Tokens: only an administrator of the service sees, makes and revokes them. */
export function addTokenRoutes(app: Api, { tokens, audit, now }: ApiWorld): void {
  app.openapi(listTokens, async (c) => {
    assertAdmin(c.var.mayAdminister)
    return c.json((await tokens.list(now())).map(shown), 200)
  })
  app.openapi(createToken, async (c) => {
    assertAdmin(c.var.mayAdminister)
    const { name, grants, expires } = c.req.valid('json')
    if (expires !== undefined && new Date(expires) <= now())
      throw new ProblemError(400, 'The token would have expired already', `expires: ${expires}`)
    const { token: text, record } = await tokens.create(name, grants, {
      now: now(),
      ...(expires === undefined ? {} : { expires: new Date(expires) }),
    })
    await audit.add(
      { who: c.var.principal.name, action: 'create-token', subject: record.id, detail: { name, grants } },
      now(),
    )
    return c.json({ ...shown(record), token: text }, 201)
  })
  app.openapi(revokeToken, async (c) => {
    assertAdmin(c.var.mayAdminister)
    const { id } = c.req.valid('param')
    if (!(await tokens.revoke(id))) throw new ProblemError(404, 'There is no such token', id)
    await audit.add({ who: c.var.principal.name, action: 'revoke-token', subject: id }, now())
    return c.body(null, 204)
  })
}

function assertAdmin(mayAdminister: boolean): void {
  if (!mayAdminister) throw new ProblemError(403, 'Only an administrator of the service may do this')
}

function shown({ id, name, grants, created, expires }: TokenRecord) {
  return { id, name, grants: [...grants], created, ...(expires === undefined ? {} : { expires }) }
}
