import { createRoute, z } from '@hono/zod-openapi'
import pLimit from 'p-limit'
import { agreeOnKey } from '../../../factory/key-agreement.ts'
import { type OwnSigning, ownSigners, rotateKey } from '../../../factory/signing.ts'
import type { FactoryWorld } from '../../../factory/world.ts'
import type { Api } from '../../app.ts'
import { ProblemError, problemResponses } from '../../problem.ts'
import type { ApiWorld } from '../../world.ts'

const id = z.string().openapi({ description: 'as evidence names the signer' })
const key = z.object({ id, publicKey: z.string().openapi({ description: 'PEM' }) })
const identity = z.object({
  id,
  identity: z.string().openapi({ description: 'signs without a key: the name in its certificates' }),
  issuer: z.string().openapi({ description: 'address of the provider that gave the name' }),
})
const earlier = z
  .array(
    z.union([
      key.extend({ retired: z.iso.datetime() }),
      identity.extend({ retired: z.null().openapi({ description: 'nobody says until when it signed' }) }),
    ]),
  )
  .openapi({
    description: 'earlier keys, the latest first, and earlier identities: their signatures still count',
  })
const signer = z
  .union([key.extend({ retired: earlier }), identity.extend({ retired: earlier })])
  .openapi('SigningKey')

const answered = (description: string) => ({
  200: { description, content: { 'application/json': { schema: signer } } },
  ...problemResponses,
})
const show = createRoute({
  method: 'get',
  path: '/api/key',
  summary: 'The key, or the identity, that vouches for what is built here',
  responses: answered('its public half, or its name and issuer'),
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
    const [current, ...before] = await ownSigners(factory.signing)
    const retired = before.map((each) =>
      'publicKey' in each
        ? { ...each, retired: (each.retired ?? new Date(0)).toISOString() }
        : { ...each, retired: null },
    )
    if ('publicKey' in current) return { id: current.id, publicKey: current.publicKey, retired }
    return { id: current.id, identity: current.identity, issuer: current.issuer, retired }
  }
  app.openapi(show, async (c) => c.json(await shown(), 200))
  app.openapi(rotate, async (c) => {
    if (!c.var.mayAdminister) throw new ProblemError(403, 'Only an administrator of the service may do this')
    demandOwnKey(factory.signing)
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

/** Throws where nothing here can be replaced, with what to do instead. */
function demandOwnKey({ isGiven, signer }: OwnSigning): void {
  if (!isGiven) return
  if ('publicKey' in signer)
    throw new ProblemError(
      409,
      'The key comes from the settings',
      'name another one there, and the public half of this one in factory.earlier-key-files',
    )
  throw new ProblemError(
    409,
    'An identity signs, with a new key each time',
    'there is no key to replace; for another identity, name it in factory.keyless, and this one in factory.earlier-identities',
  )
}
