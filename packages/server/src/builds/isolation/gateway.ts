import { chmod, rm } from 'node:fs/promises'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import { request as secureRequest } from 'node:https'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import type { ProxyChoice, ProxyServer } from '../../temper.ts'
import { portOf, type Resolve } from './reach.ts'

/** A way out of a sandbox that has no network: a proxy for HTTP behind a socket. */
export interface Gateway {
  readonly socket: string
  close(): Promise<void>
}

export interface GatewayOptions {
  /** Folder for its socket: this removes it at the end. */
  readonly folder: string
  readonly resolve: Resolve
  /** The proxy by which this machine itself reaches an address. */
  readonly proxyFor: ProxyChoice
  /** Receives each place that was refused. */
  readonly refused: (place: string) => void
}

/** Milliseconds after which a connection is given up on which nothing moves. */
const idleLimit = 300_000

/**
 * Opens a proxy for one build. It connects to the very address that it has judged, so that a name cannot come to mean
 * something else meanwhile.
 */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { folder } = options
  const open = new Set<Socket>()
  // Both ends may be hostile, and this process is the service: whatever goes wrong ends one connection.
  const server = createServer((asked, answer) => {
    forward(asked, answer, options).catch(() => giveUp(answer))
  })
  server.on('connect', (asked: IncomingMessage, near: Socket) => {
    open.add(near)
    near.once('close', () => open.delete(near))
    tunnel(asked, near, options).catch(() => near.destroy())
  })
  // Answers may be as slow as the line; a connection on which nothing moves is given up.
  server.requestTimeout = 0
  server.timeout = idleLimit
  const socket = join(folder, 's')
  await new Promise<void>((done, reject) => server.once('error', reject).listen(socket, done))
  // The user who builds is another one where the service is root; nobody else gets into the folder.
  await chmod(socket, 0o666)
  return {
    socket,
    close: async () => {
      for (const each of open) each.destroy()
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** How a host is reached, or the status that says why it is not. */
type Way = { readonly address: string } | { readonly proxy: ProxyServer } | { readonly status: 403 | 502 }

async function wayTo(url: URL, { resolve, proxyFor, refused }: GatewayOptions): Promise<Way> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const proxy = proxyFor(url)
  const judged = await resolve(host, portOf(url))
  if (judged === undefined) {
    refused(`${host}:${portOf(url)}`)
    return { status: 403 }
  }
  // Behind a proxy, names may mean something to it alone.
  if (proxy !== undefined) return { proxy }
  return 'address' in judged ? judged : { status: 502 }
}

/** The whole address stands in place of the path (RFC 9112, section 3.2.2). */
async function forward(
  asked: IncomingMessage,
  answer: ServerResponse,
  options: GatewayOptions,
): Promise<void> {
  const url = URL.parse(asked.url ?? '')
  if (url?.protocol !== 'http:') return end(answer, 400)
  const way = await wayTo(url, options)
  if ('status' in way) return end(answer, way.status)
  const headers = endToEnd(asked.headers)
  const path = `${url.pathname}${url.search}`
  const { method } = asked
  const common = { method, agent: false, headers: { ...headers, host: url.host, connection: 'close' } }
  const sent =
    'proxy' in way
      ? clientOf(way.proxy)(way.proxy.url, {
          ...common,
          path: `${url.origin}${path}`,
          headers: { ...common.headers, ...authorizationOf(way.proxy) },
        })
      : request({ ...common, host: way.address, port: portOf(url), path })
  sent.setTimeout(idleLimit, () => sent.destroy(new Error('nothing moves')))
  sent.on('response', (response) => {
    const { statusCode = 0 } = response
    if (statusCode < 200 || statusCode > 599) {
      response.destroy()
      return giveUp(answer)
    }
    answer.writeHead(statusCode, endToEnd(response.headers))
    pipeline(response, answer, () => undefined)
  })
  // Nobody else closes a connection that was asked to become something else.
  sent.on('upgrade', (_, far) => {
    far.destroy()
    giveUp(answer)
  })
  sent.on('error', () => giveUp(answer))
  pipeline(asked, sent, () => undefined)
}

/** What is about one connection alone goes no further (RFC 9110, section 7.6.1), and none of it is passed to Node, which refuses some by throwing. */
const oneHop: ReadonlySet<string> = new Set([
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
])

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !oneHop.has(name)))
}

function giveUp(answer: ServerResponse): void {
  if (answer.headersSent) answer.destroy()
  else end(answer, 502)
}

function end(answer: ServerResponse, status: number): void {
  answer.writeHead(status, { connection: 'close' })
  answer.end()
}

/** CONNECT (RFC 9110, section 9.3.6). */
async function tunnel({ url = '' }: IncomingMessage, near: Socket, options: GatewayOptions): Promise<void> {
  near.on('error', () => near.destroy())
  near.setTimeout(idleLimit, () => near.destroy())
  const target = URL.parse(`https://${url}`)
  if (target === null || target.pathname !== '/') return refuse(near, '400 Bad Request')
  const way = await wayTo(target, options)
  if ('status' in way) return refuse(near, way.status === 403 ? '403 Forbidden' : '502 Bad Gateway')
  const link = (far: Socket) => {
    far.on('error', () => near.destroy())
    near.once('close', () => far.destroy())
    near.write('HTTP/1.1 200 Connected\r\n\r\n')
    far.pipe(near).pipe(far)
  }
  const failed = () => refuse(near, '502 Bad Gateway')
  if ('address' in way) {
    const far = connect({ host: way.address, port: portOf(target) })
    far.once('error', failed)
    far.once('connect', () => {
      far.off('error', failed)
      link(far)
    })
    return
  }
  const headers = { host: url, ...authorizationOf(way.proxy) }
  const sent = clientOf(way.proxy)(way.proxy.url, { method: 'CONNECT', path: url, agent: false, headers })
  sent.once('connect', ({ statusCode = 502 }, far: Socket) => (statusCode < 300 ? link(far) : failed()))
  sent.once('response', failed)
  sent.on('error', failed)
  sent.end()
}

function refuse(near: Socket, status: string): void {
  near.end(`HTTP/1.1 ${status}\r\n\r\n`)
}

function clientOf({ url }: ProxyServer): typeof request {
  return url.protocol === 'https:' ? secureRequest : request
}

function authorizationOf({ authorization }: ProxyServer): Readonly<Record<string, string>> {
  return authorization === undefined ? {} : { 'proxy-authorization': authorization }
}
