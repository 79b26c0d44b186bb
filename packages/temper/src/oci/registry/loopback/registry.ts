import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerBlob, answerManifest, answerReferrers, answerTags } from './content.ts'
import { type Exchange, fail, type Repository, sendJson } from './exchange.ts'
import { type Behaviour, faithful } from './quirks.ts'
import { Gate } from './tokens.ts'
import { Uploads } from './uploads.ts'

export interface LoopbackRegistryOptions extends Partial<Behaviour> {
  /** Sees each request first; true when it answered itself, or let it hang. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>
}

/** One request that came in. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
}

const path = /^\/v2\/(?<name>.+?)\/(?<kind>manifests|blobs\/uploads|blobs|tags|referrers)\/(?<rest>[^/]*)$/

/**
 * A registry in memory on a loopback port (distribution-spec 1.1), small and strict: it refuses manifests whose
 * blobs are missing and uploads that do not go on where they stopped. `quirks.ts` has what real ones do otherwise.
 */
export class LoopbackRegistry {
  readonly seen: SeenRequest[] = []
  readonly repositories = new Map<string, Repository>()
  readonly #uploads = new Uploads(this.repositories)
  readonly #behaviour: Behaviour
  readonly #gate: Gate
  readonly #options: LoopbackRegistryOptions
  readonly #server = this.#serve((request, response) => this.#answer(request, response))
  /** Where blobs are, when they are elsewhere. */
  readonly #storage = this.#serve(async (request, response) => this.#answerStorage(request, response))
  readonly #read = new Set<string>()
  readonly #troubled = new Map<string, number>()

  private constructor(options: LoopbackRegistryOptions) {
    this.#options = options
    this.#behaviour = { ...faithful, ...options }
    this.#gate = new Gate(this.#behaviour)
  }

  static async start(options: LoopbackRegistryOptions = {}): Promise<LoopbackRegistry> {
    const registry = new LoopbackRegistry(options)
    for (const server of [registry.#server, registry.#storage])
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    return registry
  }

  /** "127.0.0.1:12345" */
  get host(): string {
    return hostOf(this.#server)
  }

  get tokenRequests(): readonly URLSearchParams[] {
    return this.#gate.tokenRequests
  }

  /** Bytes of uploads that have not ended, by their id. */
  get uploads(): Map<string, Buffer> {
    return this.#uploads.stored
  }

  expireTokens(): void {
    this.#gate.expire()
  }

  repository(name: string): Repository {
    const known = this.repositories.get(name)
    if (known !== undefined) return known
    const made = { blobs: new Map(), manifests: new Map(), tags: new Map() }
    this.repositories.set(name, made)
    return made
  }

  async stop(): Promise<void> {
    for (const server of [this.#server, this.#storage]) {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    }
  }

  #serve(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>): Server {
    return createServer((request, response) => {
      request.on('error', () => {})
      answer(request, response).catch((error) => response.destroy(error))
    })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${this.host}`)
    this.seen.push({
      method: request.method ?? '',
      path: url.pathname,
      authorization: request.headers.authorization,
    })
    if (await this.#options.intercept?.(request, response)) return
    if (url.pathname === '/v2/') return this.#answerBase(request, response)
    if (this.#isTroubled(request, response)) return
    if (url.pathname === '/token') return this.#gate.answer(url, request, response)
    const { name, kind, rest = '' } = path.exec(url.pathname)?.groups ?? {}
    if (!this.#gate.admits(request, name)) return this.#gate.challenge(response, this.host, name)
    if (name === undefined) return fail(response, 404, 'NAME_UNKNOWN')
    const repository = this.repository(name)
    const exchange = { request, response, url, repository, name, rest, behaviour: this.#behaviour }
    if (kind === 'blobs/uploads') return this.#uploads.answer(exchange)
    if (kind === 'blobs') return this.#answerBlob(exchange)
    if (kind === 'tags') return answerTags(exchange)
    if (kind === 'referrers') return answerReferrers(exchange)
    return answerManifest(exchange)
  }

  /** What clients ask first, also for whether their credentials are good. */
  #answerBase(request: IncomingMessage, response: ServerResponse): undefined {
    if (this.#gate.admits(request, undefined)) return sendJson(response, 200, {})
    return this.#gate.challenge(response, this.host, undefined)
  }

  /** Spoils a request; true when nothing is left to answer. */
  #isTroubled(request: IncomingMessage, response: ServerResponse): boolean {
    const { trouble } = this.#behaviour
    if (trouble === undefined) return false
    const which = `${request.method} ${request.url?.replace(/upload-\d+.*/, '')}`
    const before = this.#troubled.get(which) ?? 0
    if (before >= trouble.times) return false
    this.#troubled.set(which, before + 1)
    if (trouble.with === 'lost answer') {
      response.end = () => {
        request.socket.destroy()
        return response
      }
      return false
    }
    if (trouble.with === 'reset') request.socket.resetAndDestroy()
    else {
      request.resume()
      response.setHeader('retry-after', '0')
      fail(response, trouble.with, 'TOOMANYREQUESTS')
    }
    return true
  }

  #answerBlob(exchange: Exchange): undefined {
    const { request, response, repository, rest, behaviour } = exchange
    if (behaviour.blobsAt === 'registry' || request.method === 'HEAD' || !repository.blobs.has(rest)) {
      const cut = behaviour.cutBlobs && request.method === 'GET' && !this.#read.has(rest)
      if (request.method === 'GET') this.#read.add(rest)
      return answerBlob(exchange, cut)
    }
    response
      .writeHead(307, { location: `http://${hostOf(this.#storage)}${exchange.url.pathname}?sig=1` })
      .end()
  }

  /** As object storages do it: the address is signed for GET, and a second proof of who asks is refused. */
  #answerStorage(request: IncomingMessage, response: ServerResponse): undefined {
    const url = new URL(request.url ?? '/', `http://${hostOf(this.#storage)}`)
    const { name, rest = '' } = path.exec(url.pathname)?.groups ?? {}
    if (request.headers.authorization !== undefined) return fail(response, 400, 'InvalidArgument')
    if (request.method !== 'GET' || name === undefined) return fail(response, 403, 'AccessDenied')
    const repository = this.repository(name)
    answerBlob({ request, response, url, repository, name, rest, behaviour: this.#behaviour }, false)
  }
}

function hostOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
