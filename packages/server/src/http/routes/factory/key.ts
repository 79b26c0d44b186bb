import { createRoute, z } from '@hono/zod-openapi'
import pLimit from 'p-limit'
import { agreeOnKey } from '../../../factory/key-agreement.ts'
import { ownKeys, rotateKey } from '../../../factory/signing.ts'
import type { FactoryWorld } from '../../../factory/world.ts'
import type { Api } from '../../app.ts'
import { ProblemError, problemResponses } from '../../problem.ts'
import type { ApiWorld } from '../../world.ts'

const key = z
  .object({
    id: z.string().openapi({ description: 'as evidence names the signer' }),
    publicKey: z.string().openapi({ description: 'PEM' }),
    retired: z
      .array(z.object({ id: z.string(), publicKey: z.string(), retired: z.iso.datetime() }))
      .openapi({ description: 'earlier keys, the latest first: their signatures still count' }),
  })
  .openapi('SigningKey')

const answered = (description: string) => ({
  200: { description, content: { 'application/json': { schema: key } } },
  ...problemResponses,
})
const show = createRoute({
  method: 'get',
  path: '/api/key',
  summary: 'The key that vouches for what is built here',
  responses: answered('its public half'),
})
const rotate = createRoute({
  method: 'post',
  path: '/api/key/rotate',
  summary: 'Signs with a new key from now on',
  responses: answered('the new key; the private half of the previous one is deleted'),
})

export function addKeyRoutes(app: Api, factory: FactoryWorld, { audit, now }: ApiWorld): void {
  const oneAtATime = pLimit(1)
  const shown = async () => {
    const [{ id, publicKey }, ...before] = await ownKeys(factory.signing)
    const retired = before.map((each) => ({
      ...each,
      retired: (each.retired ?? new Date(0)).toISOString(),
    }))
    return { id, publicKey, retired }
  }
  app.openapi(show, async (c) => c.json(await shown(), 200))
  app.openapi(rotate, async (c) => {
    if (!c.var.mayAdminister) throw new ProblemError(403, 'Only an administrator of the service may do this')
    if (factory.signing.isGiven)
      throw new ProblemError(
        409,
        'The key comes from the settings',
        'name another one there, and the public half of this one in factory.earlier-key-files',
      )
    await oneAtATime(async () => {
      await rotateKey(factory)
      await agreeOnKey(factory)
    })
    const after = await shown()
    const detail = { id: after.id, before: after.retired[0]?.id }
    await audit.add({ who: c.var.principal.name, action: 'rotate-key', subject: 'key', detail }, now())
    return c.json(after, 200)
  })
}
