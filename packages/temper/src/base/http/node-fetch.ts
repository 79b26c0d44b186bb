import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import type { LookupFunction } from 'node:net'
import type { ConnectionOptions, SecureContext } from 'node:tls'
import type { ProxyChoice, ProxyServer } from './proxy.ts'
import { tunnel, unreachable } from './tunnel.ts'

type Fetch = typeof globalThis.fetch

/** Milliseconds that an idle connection is kept: less than servers keep theirs. */
const idleTimeout = 4000

/**
 * A request whose host was looked up already, and judged: without a proxy, the connection goes to one of these addresses, whatever the name
 * means by then. With none it fails.
 */
interface JudgedInit extends RequestInit {
  readonly addresses?: readonly string[]
}

/** As much of a request as `createHttp` makes. */
interface Call {
  readonly url: URL
  readonly init: JudgedInit
  /** The proxy through which the answer came, and which may have given it in place of the host. */
  readonly through?: ProxyServer
}

export interface NodeFetchOptions {
  /** Default: none for any address. */
  readonly proxyFor?: ProxyChoice
  /**
   * The authorities that TLS with a host ("registry.example:5000") trusts, and the client certificate that it shows.
   * Default: what Node trusts.
   */
  readonly secureContextFor?: (host: string) => SecureContext | undefined
}

/**
 * A `fetch` over node:http and node:https, for `createHttp` only: redirects are answers, nothing is decoded, and the
 * response has only status, headers, the reader of the body, and the proxy that it came through (`through`). Node's
 * own `fetch` takes several times as long to load as a command takes to run; this one loads at once. Connections are
 * kept and reused.
 */
export function createNodeFetch(options: NodeFetchOptions = {}): Fetch {
  const connectors = new Map<string, Connector>()
  const connectorFor = (url: URL, proxy: ProxyServer | undefined) => {
    const key = `${url.protocol} ${proxy?.url.href ?? ''}`
    const known = connectors.get(key) ?? createConnector(url.protocol, proxy, options)
    connectors.set(key, known)
    return known
  }
  const nodeFetch = async (input: unknown, init: JudgedInit = {}): Promise<unknown> => {
    const url = new URL(String(input))
    const proxy = options.proxyFor?.(url)
    const call = { url, init, ...(proxy !== undefined && url.protocol === 'http:' ? { through: proxy } : {}) }
    const connect = connectorFor(url, proxy)
    try {
      return await once(connect, call)
    } catch (error) {
      // The server had closed a kept connection before it saw the request.
      const retry = error instanceof ClosedMeanwhile && !(init.body instanceof ReadableStream)
      if (!retry) throw error instanceof ClosedMeanwhile ? error.cause : error
      return await once(connect, call)
    }
  }
  // No more of a Response than is promised above.
  return nodeFetch as Fetch
}

type Connector = (url: URL, options: RequestOptions) => ClientRequest

function createConnector(
  protocol: string,
  proxy: ProxyServer | undefined,
  options: NodeFetchOptions,
): Connector {
  if (protocol === 'https:') return tlsConnector(proxy, options)
  return proxy === undefined ? plainConnector() : forwarding(proxy)
}

/**
 * Not by `import`: that looks at every name which node:http exports, and among them are getters that load all of
 * undici, for some 50 ms.
 */
const load = (protocol: string) =>
  process.getBuiltinModule(protocol === 'https:' ? 'node:https' : 'node:http')

const agentOptions = { keepAlive: true, timeout: idleTimeout }

function plainConnector(): Connector {
  const http = load('http:')
  const agent = keptByAddress(new http.Agent(agentOptions))
  return (url, options) => http.request(url, { ...options, agent })
}

function tlsConnector(proxy: ProxyServer | undefined, { secureContextFor }: NodeFetchOptions): Connector {
  const https = process.getBuiltinModule('node:https')
  const agent = keptByAddress(new https.Agent(agentOptions))
  if (proxy !== undefined) {
    agent.createConnection = (options, done) => {
      tunnel(proxy, options as ConnectionOptions).then(
        (socket) => done?.(null, socket),
        // Types say that there is always a socket.
        (error: Error) => (done as ((error: Error) => void) | undefined)?.(error),
      )
      return undefined
    }
  }
  return (url, options) => {
    const secureContext = secureContextFor?.(url.host)
    return https.request(url, {
      ...options,
      agent,
      ...(secureContext === undefined ? {} : { secureContext }),
    })
  }
}

/** A connection to addresses that were judged is kept for them alone: one made by the name may lead elsewhere. */
function keptByAddress<A extends Agent>(agent: A): A {
  const nameOf = agent.getName.bind(agent)
  agent.getName = (options) => `${nameOf(options)}:${(options as JudgedInit | undefined)?.addresses ?? ''}`
  return agent
}

/** What Node asks in place of looking a name up. */
function answering(addresses: readonly string[]): LookupFunction {
  return (host, { all }, done) => {
    const answers = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    const [first] = answers
    if (first === undefined)
      return done(Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' }), '', 4)
    // Node asks for all of them or for one.
    if (all === true) done(null, answers)
    else done(null, first.address, first.family)
  }
}

/** Plain http through a proxy: it is asked for the whole address (RFC 9112, section 3.2.2). */
function forwarding(proxy: ProxyServer): Connector {
  const client = load(proxy.url.protocol)
  const agent = new client.Agent(agentOptions)
  return (url, { method, headers }) =>
    client.request(proxy.url, {
      method,
      agent,
      path: `${url.origin}${url.pathname}${url.search}`,
      headers: {
        ...(headers as Record<string, string>),
        host: url.host,
        ...(proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization }),
      },
    })
}

class ClosedMeanwhile extends Error {}

function once(connect: Connector, { url, init, through }: Call): Promise<object> {
  const { signal, body } = init
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const headers = { ...(init.headers as Record<string, string>), ...lengthOf(body) }
    const { addresses } = init
    const judged = addresses === undefined ? {} : { addresses, lookup: answering(addresses) }
    const sent = connect(url, { method: init.method ?? 'GET', headers, ...judged })
    const state = { answered: false }
    const stop = () => {
      reject(signal?.reason)
      sent.destroy()
    }
    signal?.addEventListener('abort', stop, { once: true })
    sent.on('close', () => signal?.removeEventListener('abort', stop))
    sent.on('error', (error: NodeJS.ErrnoException) => {
      // After the answer the body tells what is wrong with it; what could not be sent any more was not wanted. Some send one
      // even to HEAD, proxies with their own answers first of all: what they said before counts.
      if (state.answered) return
      const stale = sent.reusedSocket && error.code === 'ECONNRESET'
      if (stale) reject(new ClosedMeanwhile('closed', { cause: error }))
      else reject(through !== undefined && isConnecting(error) ? unreachable(through, error) : error)
    })
    sent.on('response', (response) => {
      state.answered = true
      const answer = {
        ...answerOf(response, sent),
        ...(through === undefined ? {} : { through: through.shown }),
      }
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
    // A server that answers early does not want the rest.
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

/** Whether it was the connection that failed, before anything was asked. */
function isConnecting(error: NodeJS.ErrnoException): boolean {
  return error.syscall === 'connect' || error.syscall === 'getaddrinfo'
}

/** Whether nothing can come after the headers (RFC 9112, section 6.3). */
function isEmpty({ statusCode, headers }: IncomingMessage, method: string | undefined): boolean {
  return method === 'HEAD' || statusCode === 204 || statusCode === 304 || headers['content-length'] === '0'
}

function answerOf(response: IncomingMessage, sent: ClientRequest): object {
  // Whoever reads is told; whoever has stopped reading does not want to know.
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
