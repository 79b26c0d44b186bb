import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, isIPv6 } from 'node:net'
import type { Logger } from 'pino'
import { Registry } from '../registry/registry.ts'
import type { Settings } from '../settings.ts'
import type { Startup } from '../startup.ts'
import { TemperError } from '../temper.ts'
import { RateLimits } from './limits.ts'
import type { Metrics } from './metrics.ts'
import { refuse } from './refuse.ts'
import { answerWhileStarting } from './starting.ts'

/** Milliseconds after which a connection is closed on which nothing moves. */
const idleLimit = 300_000
/** Milliseconds that open requests have to end when the service is stopped. */
const stopLimit = 30_000

type Surface = 'registry' | 'api'

/** Who answers once everything is open. */
export interface Behind {
  readonly api: (request: IncomingMessage, response: ServerResponse) => unknown
  readonly registry: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

export interface FrontOptions {
  readonly log: Logger
  readonly metrics: Metrics
  readonly startup: Startup
}

/**
 * The port of the service. It listens before there is anything behind it, so that whoever looks after the process can
 * tell one that starts from one that hangs.
 */
export class Front {
  readonly #server: Server
  readonly #host: string
  readonly #options: FrontOptions
  #behind: Behind | undefined

  private constructor({ host, limits: wanted }: Settings, options: FrontOptions) {
    this.#host = host
    this.#options = options
    const limits = new RateLimits(wanted)
    this.#server = createServer((request, response) => {
      const surface: Surface = Registry.handles(request.url ?? '') ? 'registry' : 'api'
      observe({ request, response, surface, ...options })
      response.once('close', () => limits.answered(request, response.statusCode))
      if (refuse({ request, response, surface, wait: limits.wait(request) })) return
      this.#answer(request, response, surface)
    })
    // Layers take as long as the line is slow; only a line on which nothing moves is given up.
    this.#server.requestTimeout = 0
    this.#server.timeout = idleLimit
  }

  /** Throws `bad-configuration` where it cannot listen. */
  static async listen(settings: Settings, options: FrontOptions): Promise<Front> {
    const front = new Front(settings, options)
    await listen(front.#server, settings)
    return front
  }

  /** From now on requests are answered by what is there. */
  open(behind: Behind): void {
    this.#behind = behind
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://${isIPv6(this.#host) ? `[${this.#host}]` : this.#host}:${port}`
  }

  /** Host and port under which the service is reached from its own machine. */
  get near(): string {
    const { port } = this.#server.address() as AddressInfo
    const host = this.#host
    const near = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
    return `${isIPv6(near) ? `[${near}]` : near}:${port}`
  }

  /** Accepts no more requests, and returns when the open ones have ended. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      const late = setTimeout(() => this.#server.closeAllConnections(), stopLimit)
      this.#server.close(() => {
        clearTimeout(late)
        resolve()
      })
      this.#server.closeIdleConnections()
    })
  }

  #answer(request: IncomingMessage, response: ServerResponse, surface: Surface): void {
    const { log, startup } = this.#options
    const behind = this.#behind
    const isAskedIfReady = request.url === '/readyz' && !startup.isOver
    if (behind === undefined || isAskedIfReady)
      answerWhileStarting({ request, response, surface, waitsFor: startup.waitsFor })
    else if (surface === 'api') behind.api(request, response)
    else behind.registry(request, response).catch((error: unknown) => fail(response, error, log))
  }
}

interface Observed extends Pick<FrontOptions, 'log' | 'metrics'> {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly surface: Surface
}

function observe({ request, response, surface, metrics, log }: Observed): void {
  const begun = performance.now()
  const id = requestId(request)
  response.setHeader('X-Request-Id', id)
  metrics.begin()
  response.once('close', () => {
    const seconds = (performance.now() - begun) / 1000
    const { method = '', url } = request
    metrics.end({ surface, method, status: response.statusCode, seconds })
    log.info(
      { id, method, url, status: response.statusCode, seconds, whole: response.writableFinished },
      'request',
    )
  })
}

/** By what a request is found in the log: as a proxy before the service calls it, else by a name of its own. */
function requestId({ headers }: IncomingMessage): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[A-Za-z0-9._:-]{1,100}$/.test(given) ? given : randomUUID()
}

/** An error of the service itself, or of the connection: whoever waits is told as much as can be. */
function fail(response: ServerResponse, error: unknown, log: Logger): void {
  log.error({ err: error }, 'a request failed')
  if (response.headersSent || response.destroyed) return void response.destroy()
  response.writeHead(500, { 'Content-Type': 'application/json', Connection: 'close' })
  response.end('{"errors":[{"code":"UNKNOWN","message":"the service failed; its log says why"}]}')
}

function listen(server: Server, { host, port }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new TemperError('bad-configuration', `Listening on ${host}, port ${port}: ${error.message}`, {
          hint: 'Another program may use the port. Name another one, or 0 for any that is free.',
          cause: error,
        }),
      ),
    )
    server.listen(port, host, resolve)
  })
}
