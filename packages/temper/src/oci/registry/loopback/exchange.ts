import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer, Behaviour } from './quirks.ts'

/** What a repository holds. */
export interface Repository {
  readonly blobs: Map<string, Buffer>
  readonly manifests: Map<string, { readonly type: string; readonly bytes: Buffer }>
  readonly tags: Map<string, string>
}

/** One request to something in a repository. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly repository: Repository
  readonly name: string
  /** What follows the kind in the path: a digest, a tag, the id of an upload. */
  readonly rest: string
  readonly behaviour: Behaviour
}

export function fail(response: ServerResponse, status: number, code: string): undefined {
  sendJson(response, status, { errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] })
}

export function sendJson(response: ServerResponse, status: number, body: object): undefined {
  send(response, { status, body: JSON.stringify(body) })
}

export function send(response: ServerResponse, answer: Answer): undefined {
  if (!response.hasHeader('content-type'))
    response.setHeader('content-type', answer.type ?? 'application/json')
  response.writeHead(answer.status)
  response.end(answer.body ?? '')
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const chunk of request) parts.push(chunk as Buffer)
  return Buffer.concat(parts)
}

/** A list in pages that name the next one. */
export function sendPage<T>(
  { response, url, behaviour }: Exchange,
  all: readonly T[],
  body: (items: readonly T[]) => object,
): undefined {
  const start = Number(url.searchParams.get('last') ?? 0)
  const end = start + behaviour.pageSize
  if (end < all.length) response.setHeader('link', `<${url.pathname}?last=${end}>; rel="next"`)
  sendJson(response, 200, body(all.slice(start, end)))
}
