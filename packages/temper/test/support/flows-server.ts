import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  build,
  type Context,
  parseReference,
  type SigningKey,
  type StepWords,
  scan,
  sign,
  TemperError,
  verify,
} from '../../src/index.ts'

/** What a request asks for, besides what the path says. */
export interface Asked {
  readonly recipe?: string
  readonly image?: string
  readonly failOn?: string
  readonly strict?: boolean
  readonly platforms?: readonly string[]
}

/** A server in a few lines: it has flows and the context, and knows nothing of the command line. */
export async function startFlowsServer(
  context: Context,
  { signer, words }: { readonly signer: SigningKey; readonly words?: StepWords },
): Promise<{ readonly url: string; close(): void }> {
  const reference = ({ image = '' }: Asked) => parseReference(image)
  const routes: Readonly<Record<string, (asked: Asked) => Promise<unknown>>> = {
    '/build': async (asked) =>
      await build(
        {
          target: asked.recipe ?? '',
          copies: [reference(asked)],
          strict: asked.strict === true,
          ...(asked.platforms === undefined ? {} : { platforms: asked.platforms }),
        },
        context,
      ),
    '/scan': async (asked) => {
      const target = { kind: 'image', reference: reference(asked) } as const
      const { reports, passed } = await scan(
        { targets: [target], ...(asked.failOn === undefined ? {} : { failOn: asked.failOn }) },
        context,
      )
      return { passed, reports }
    },
    '/sign': async (asked) =>
      await sign({ ...signer, reference: reference(asked), scheme: 'referrers' }, context),
    '/verify': async (asked) => await verify({ reference: reference(asked), keys: [], require: [] }, context),
  }
  const server = createServer(async (request, response) => {
    const answer = (status: number, value: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    try {
      const flow = routes[request.url ?? '']
      if (flow === undefined) return answer(404, { message: 'There is no such page' })
      return answer(200, await flow(await bodyOf(request)))
    } catch (error) {
      if (!(error instanceof TemperError)) throw error
      const { code, message, next, details } = error
      return answer(422, { code, message, advice: error.advice(words), next, details })
    }
  })
  const url = await listen(server)
  return { url, close: () => void server.close() }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function bodyOf(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}
