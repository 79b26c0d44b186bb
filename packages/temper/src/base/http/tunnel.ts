import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionOptions, TLSSocket } from 'node:tls'
import type { ProxyServer } from './proxy.ts'

/** A proxy that could not be reached, or refused what it was asked to do. */
export class ProxyError extends Error {
  /** Whether another try may succeed. */
  readonly passing: boolean

  constructor(message: string, options: { readonly passing: boolean; readonly cause?: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'ProxyError'
    this.passing = options.passing
  }
}

/** Statuses of a proxy that may be others the next time. */
const passing = new Set([408, 429, 500, 502, 503, 504])

/**
 * A TLS connection through a proxy: CONNECT, then TLS with the host itself (RFC 9110, section 9.3.6). `options` are
 * those of `tls.connect`, with host and port.
 */
export async function tunnel(proxy: ProxyServer, options: ConnectionOptions): Promise<TLSSocket> {
  const target = `${options.host?.includes(':') ? `[${options.host}]` : options.host}:${options.port}`
  const socket = await connectThrough(proxy, target)
  return process.getBuiltinModule('node:tls').connect({ ...options, socket })
}

function connectThrough(proxy: ProxyServer, target: string): Promise<Socket> {
  const secure = proxy.url.protocol === 'https:'
  const { request } = process.getBuiltinModule(secure ? 'node:https' : 'node:http')
  return new Promise((resolve, reject) => {
    const sent: ClientRequest = request(proxy.url, {
      method: 'CONNECT',
      path: target,
      agent: false,
      headers: {
        host: target,
        ...(proxy.authorization === undefined ? {} : { 'proxy-authorization': proxy.authorization }),
      },
    })
    const refuse = ({ statusCode = 0 }: IncomingMessage) =>
      reject(
        new ProxyError(
          `the proxy ${proxy.shown} answered CONNECT ${target} with status ${statusCode}${wordsFor(statusCode)}`,
          { passing: passing.has(statusCode) },
        ),
      )
    sent.on('connect', (response, socket) => {
      if (response.statusCode !== undefined && response.statusCode >= 200 && response.statusCode < 300)
        return resolve(socket)
      socket.destroy()
      refuse(response)
    })
    sent.on('response', (response) => {
      response.destroy()
      refuse(response)
    })
    sent.on('error', (cause) => reject(unreachable(proxy, cause)))
    sent.end()
  })
}

/** The error for a proxy that could not be reached itself. */
export function unreachable(proxy: ProxyServer, cause: unknown): ProxyError {
  const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : 'unknown'
  return new ProxyError(`the proxy ${proxy.shown} cannot be reached (${reason})`, { passing: true, cause })
}

function wordsFor(status: number): string {
  if (status === 403) return ' (it does not allow this host or port)'
  return status === 407 ? ' (it requires a user name and password)' : ''
}
