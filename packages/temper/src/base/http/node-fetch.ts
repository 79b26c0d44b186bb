import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'

type Fetch = typeof globalThis.fetch

/** Milliseconds that an idle connection is kept: less than servers keep theirs. */
const idleTimeout = 4000

/** As much of a request as `createHttp` makes. */
interface Call {
  readonly url: URL
  readonly init: RequestInit
}

/**
 * A `fetch` over node:http and node:https, for `createHttp` and nobody else: redirects are answers, nothing is
 * decoded, and of the response there are status, headers and the reader of the body. Node's own takes several times
 * as long to load as a command takes to run; this one is there at once. Connections are kept and used again.
 */
export function createNodeFetch(): Fetch {
  const connectors = new Map<string, Connector>()
  const connector = (protocol: string) => {
    const known = connectors.get(protocol) ?? loadConnector(protocol)
    connectors.set(protocol, known)
    return known
  }
  const nodeFetch = async (input: unknown, init: RequestInit = {}): Promise<unknown> => {
    const url = new URL(String(input))
    const connect = connector(url.protocol)
    try {
      return await once(connect, { url, init })
    } catch (error) {
      // The server had closed a kept connection before it saw the request.
      const retry = error instanceof ClosedMeanwhile && !(init.body instanceof ReadableStream)
      if (!retry) throw error instanceof ClosedMeanwhile ? error.cause : error
      return await once(connect, { url, init })
    }
  }
  // No more of a Response than is promised above.
  return nodeFetch as Fetch
}

type Connector = (url: URL, options: RequestOptions) => ClientRequest

/**
 * Not by `import`: that looks at every name which node:http exports, and among them are getters that load all of
 * undici, for some 50 ms.
 */
function loadConnector(protocol: string): Connector {
  const http = process.getBuiltinModule(protocol === 'https:' ? 'node:https' : 'node:http')
  const agent = new http.Agent({ keepAlive: true, timeout: idleTimeout })
  return (url, options) => http.request(url, { ...options, agent })
}

class ClosedMeanwhile extends Error {}

function once(connect: Connector, { url, init }: Call): Promise<object> {
  const { signal, body } = init
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const headers = { ...(init.headers as Record<string, string>), ...lengthOf(body) }
    const sent = connect(url, { method: init.method ?? 'GET', headers })
    const state = { answered: false }
    const stop = () => {
      reject(signal?.reason)
      sent.destroy()
    }
    signal?.addEventListener('abort', stop, { once: true })
    sent.on('close', () => signal?.removeEventListener('abort', stop))
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // After the answer the body tells what is wrong with it; what could not be sent any more was not wanted.
      const stale = sent.reusedSocket && error.code === 'ECONNRESET' && !state.answered
      reject(stale ? new ClosedMeanwhile('closed', { cause: error }) : error)
    })
    sent.on('response', (response) => {
      state.answered = true
      const answer = answerOf(response, sent)
      if (!isEmpty(response, init.method)) return resolve(answer)
      // It is over: whoever closes it must not close the connection, which the next request can use.
      signal?.removeEventListener('abort', stop)
      sent.on('close', () => resolve(answer))
      response.resume()
    })
    send(sent, body, state).catch((error: Error) => sent.destroy(error))
  })
}

/** A body that is there whole is sent with its length; one that streams brings it in the headers. */
function lengthOf(body: RequestInit['body']): Record<string, string> {
  if (typeof body === 'string') return { 'content-length': String(Buffer.byteLength(body)) }
  return body instanceof Uint8Array ? { 'content-length': String(body.length) } : {}
}

async function send(
  sent: ClientRequest,
  body: RequestInit['body'],
  state: { readonly answered: boolean },
): Promise<void> {
  if (typeof body === 'string' || body instanceof Uint8Array) return void sent.end(body)
  if (body === undefined || body === null) return void sent.end()
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    // Who answers early does not want the rest.
    if (state.answered || sent.destroyed) return
    if (!sent.write(chunk)) await drained(sent)
  }
  sent.end()
}

function drained(sent: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'close', 'response']) sent.off(event, done)
      resolve()
    }
    for (const event of ['drain', 'close', 'response']) sent.on(event, done)
  })
}

/** Whether nothing can come after the headers (RFC 9112, section 6.3). */
function isEmpty({ statusCode, headers }: IncomingMessage, method: string | undefined): boolean {
  return method === 'HEAD' || statusCode === 204 || statusCode === 304 || headers['content-length'] === '0'
}

function answerOf(response: IncomingMessage, sent: ClientRequest): object {
  // Whoever reads is told; who has stopped reading does not want to know.
  response.on('error', () => {})
  const chunks: AsyncIterator<Uint8Array> = response[Symbol.asyncIterator]()
  const read = async () => {
    const step = await chunks.next()
    if (step.done !== true) return { done: false, value: step.value }
    // A connection on which a request was left unfinished cannot be used again.
    if (!sent.writableEnded) sent.destroy()
    return { done: true, value: undefined }
  }
  const get = (name: string): string | null => {
    const value = response.headers[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : (value ?? null)
  }
  return {
    status: response.statusCode ?? 0,
    headers: { get, has: (name: string) => get(name) !== null },
    body: { getReader: () => ({ read }) },
  }
}
