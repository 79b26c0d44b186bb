import { readFile } from 'node:fs/promises'
import { createRoute, z } from '@hono/zod-openapi'
import type { FactoryWorld } from '../../../factory/world.ts'
import type { Api } from '../../app.ts'
import { problemResponses } from '../../problem.ts'

const key = z.object({ publicKey: z.string().openapi({ description: 'PEM' }) }).openapi('SigningKey')

const show = createRoute({
  ...{ method: 'get', path: '/api/key', summary: 'The key that vouches for what is built here' },
  responses: {
    200: { description: 'its public half', content: { 'application/json': { schema: key } } },
    ...problemResponses,
  },
})

export function addKeyRoute(app: Api, { signing }: FactoryWorld): void {
  app.openapi(show, async (c) => c.json({ publicKey: await readFile(signing.publicKey, 'utf8') }, 200))
}
