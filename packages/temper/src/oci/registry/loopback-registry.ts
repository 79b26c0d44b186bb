import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sha256 } from '../../base/digest.ts'
import { mediaTypes } from '../../model/image.ts'

export interface LoopbackRegistryOptions {
  /** Whether it lists referrers itself. Default true. */
  readonly referrers?: boolean
  /** Entries of a page of tags or referrers. Default 1000. */
  readonly pageSize?: number
  readonly auth?: 'none' | 'basic' | 'bearer'
  /** Whether other repositories' blobs can be mounted. Default true. */
  readonly mounts?: boolean
  /** Sees each request first; true when it answered itself, or let it hang. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>
}

/** One request that came in. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
}

interface Repository {
  readonly blobs: Map<string, Buffer>
  readonly manifests: Map<string, { readonly type: string; readonly bytes: Buffer }>
  readonly tags: Map<string, string>
}

/** User and password that it knows. */
export const loopbackUser = { username: 'user', password: 'pass:word' } as const

/**
 * A registry in memory on a loopback port (distribution-spec 1.1), small and strict: it refuses manifests whose
 * blobs are missing and uploads that do not go on where they stopped. For tests with failures.
 */
export class LoopbackRegistry {
  readonly seen: SeenRequest[] = []
  readonly repositories = new Map<string, Repository>()
  readonly uploads = new Map<string, Buffer>()
  /** The one token that it gives and takes; change it, and those given before are expired. */
  token = 'a-token'
  readonly #options: LoopbackRegistryOptions
  readonly #server: Server
  #tokenRequests: URLSearchParams[] = []

  private constructor(options: LoopbackRegistryOptions) {
    this.#options = options
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error) => response.destroy(error))
    })
  }

  static async start(options: LoopbackRegistryOptions = {}): Promise<LoopbackRegistry> {
    const registry = new LoopbackRegistry(options)
    await new Promise<void>((done) => registry.#server.listen(0, '127.0.0.1', done))
    return registry
  }

  /** "127.0.0.1:12345" */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get tokenRequests(): readonly URLSearchParams[] {
    return this.#tokenRequests
  }

  repository(name: string): Repository {
    const known = this.repositories.get(name)
    if (known !== undefined) return known
    const made = { blobs: new Map(), manifests: new Map(), tags: new Map() }
    this.repositories.set(name, made)
    return made
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `http://${this.host}`)
    this.seen.push({
      method: request.method ?? '',
      path: url.pathname,
      authorization: request.headers.authorization,
    })
    request.on('error', () => {})
    if (await this.#options.intercept?.(request, response)) return
    if (url.pathname === '/token') return this.#token(url, request, response)
    if (!this.#authorized(request)) return this.#challenge(url, response)
    const match =
      /^\/v2\/(?<name>.+?)\/(?<kind>manifests|blobs\/uploads|blobs|tags|referrers)\/(?<rest>[^/]*)$/.exec(
        url.pathname,
      )
    const { name, kind, rest = '' } = match?.groups ?? {}
    if (name === undefined) return fail(response, 404, 'NAME_UNKNOWN')
    const exchange = { request, response, url, repository: this.repository(name), name, rest }
    if (kind === 'blobs/uploads') return this.#upload(exchange)
    if (kind === 'blobs') return blob(exchange)
    if (kind === 'tags') return this.#tags(exchange)
    if (kind === 'referrers') return this.#referrers(exchange)
    return this.#manifest(exchange)
  }

  #authorized(request: IncomingMessage): boolean {
    const { username, password } = loopbackUser
    const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    const { auth = 'none' } = this.#options
    return (
      auth === 'none' || request.headers.authorization === (auth === 'basic' ? basic : `Bearer ${this.token}`)
    )
  }

  #challenge(url: URL, response: ServerResponse): undefined {
    const name = /^\/v2\/(.+?)\/(manifests|blobs|tags|referrers)\//.exec(url.pathname)?.[1]
    const challenge =
      this.#options.auth === 'basic'
        ? 'Basic realm="loopback"'
        : `Bearer realm="http://${this.host}/token",service="loopback",scope="repository:${name}:pull"`
    response.setHeader('www-authenticate', challenge)
    fail(response, 401, 'UNAUTHORIZED')
  }

  #token(url: URL, request: IncomingMessage, response: ServerResponse): undefined {
    this.#tokenRequests.push(url.searchParams)
    const { username, password } = loopbackUser
    const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    if (request.headers.authorization !== basic) return fail(response, 401, 'DENIED')
    json(response, 200, { token: this.token })
  }

  async #upload({ request, response, url, repository, name, rest }: Exchange): Promise<void> {
    if (request.method === 'POST') {
      const mount = url.searchParams.get('mount')
      const from = this.repositories.get(url.searchParams.get('from') ?? '')?.blobs.get(mount ?? '')
      if (mount !== null && from !== undefined && this.#options.mounts !== false) {
        repository.blobs.set(mount, from)
        return void response.writeHead(201, { location: `/v2/${name}/blobs/${mount}` }).end()
      }
      const id = `upload-${this.uploads.size}`
      this.uploads.set(id, Buffer.alloc(0))
      return void response.writeHead(202, { location: `/v2/${name}/blobs/uploads/${id}?_state=secret` }).end()
    }
    const stored = this.uploads.get(rest)
    if (stored === undefined) return fail(response, 404, 'BLOB_UPLOAD_UNKNOWN')
    const headers = { location: `/v2/${name}/blobs/uploads/${rest}?_state=secret` }
    const range = (size: number) => ({ ...headers, range: `0-${Math.max(0, size - 1)}` })
    if (request.method === 'GET') return void response.writeHead(204, range(stored.length)).end()
    const start = /^(\d+)-/.exec(request.headers['content-range'] ?? '')?.[1]
    if (start !== undefined && Number(start) !== stored.length)
      return void response.writeHead(416, range(stored.length)).end()
    const all = await this.#receive(rest, stored, request)
    if (request.method === 'PATCH') return void response.writeHead(202, range(all.length)).end()
    this.uploads.delete(rest)
    const digest = url.searchParams.get('digest') ?? ''
    if (sha256(all) !== digest) return fail(response, 400, 'DIGEST_INVALID')
    repository.blobs.set(digest, all)
    response.writeHead(201, { 'docker-content-digest': digest }).end()
  }

  /** Keeps what came in also when the connection breaks. */
  async #receive(id: string, stored: Buffer, request: IncomingMessage): Promise<Buffer> {
    const parts = [stored]
    try {
      for await (const chunk of request) parts.push(chunk as Buffer)
    } finally {
      this.uploads.set(id, Buffer.concat(parts))
    }
    return Buffer.concat(parts)
  }

  async #manifest({ request, response, repository, rest }: Exchange): Promise<void> {
    const digest = rest.startsWith('sha256:') ? rest : repository.tags.get(rest)
    if (request.method !== 'PUT') {
      const found = digest === undefined ? undefined : repository.manifests.get(digest)
      if (found === undefined) return fail(response, 404, 'MANIFEST_UNKNOWN')
      const headers = {
        'content-type': found.type,
        'content-length': found.bytes.length,
        'docker-content-digest': digest,
      }
      return void response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : found.bytes)
    }
    const parts: Buffer[] = []
    for await (const chunk of request) parts.push(chunk as Buffer)
    const bytes = Buffer.concat(parts)
    const own = sha256(bytes)
    if (rest.startsWith('sha256:') && rest !== own) return fail(response, 400, 'DIGEST_INVALID')
    const manifest = JSON.parse(bytes.toString()) as StoredManifest
    if (!isComplete(manifest, repository)) return fail(response, 400, 'MANIFEST_BLOB_UNKNOWN')
    repository.manifests.set(own, { type: request.headers['content-type'] ?? '', bytes })
    if (!rest.startsWith('sha256:')) repository.tags.set(rest, own)
    const subject = this.#options.referrers === false ? undefined : manifest.subject?.digest
    response.writeHead(201, {
      'docker-content-digest': own,
      ...(subject === undefined ? {} : { 'oci-subject': subject }),
    })
    response.end()
  }

  #tags(exchange: Exchange): undefined {
    const names = [...exchange.repository.tags.keys()].sort()
    if (names.length === 0) return fail(exchange.response, 404, 'NAME_UNKNOWN')
    this.#page(exchange, names, (tags) => ({ name: exchange.name, tags }))
  }

  #referrers(exchange: Exchange): undefined {
    if (this.#options.referrers === false) return fail(exchange.response, 404, 'NOT_FOUND')
    const found = [...exchange.repository.manifests].flatMap(([digest, { type, bytes }]) => {
      const { subject, artifactType, annotations, config } = JSON.parse(bytes.toString()) as StoredManifest
      if (subject?.digest !== exchange.rest) return []
      const described = { mediaType: type, digest, size: bytes.length, annotations }
      return [{ ...described, artifactType: artifactType ?? config?.mediaType }]
    })
    exchange.response.setHeader('content-type', mediaTypes.ociIndex)
    this.#page(exchange, found, (manifests) => ({
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests,
    }))
  }

  #page<T>({ response, url }: Exchange, all: readonly T[], body: (items: readonly T[]) => object): void {
    const start = Number(url.searchParams.get('last') ?? 0)
    const end = start + (this.#options.pageSize ?? 1000)
    if (end < all.length) response.setHeader('link', `<${url.pathname}?last=${end}>; rel="next"`)
    json(response, 200, body(all.slice(start, end)))
  }
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  readonly repository: Repository
  readonly name: string
  readonly rest: string
}

interface StoredManifest {
  readonly artifactType?: string
  readonly annotations?: object
  readonly subject?: { readonly digest: string }
  readonly config?: { readonly digest: string; readonly mediaType: string }
  readonly layers?: readonly { readonly digest: string }[]
  readonly manifests?: readonly { readonly digest: string }[]
}

function isComplete(manifest: StoredManifest, repository: Repository): boolean {
  const { config, layers = [], manifests = [] } = manifest
  const blobs = config === undefined ? layers : [config, ...layers]
  return (
    blobs.every(({ digest }) => repository.blobs.has(digest)) &&
    manifests.every(({ digest }) => repository.manifests.has(digest))
  )
}

function blob({ request, response, repository, rest }: Exchange): undefined {
  const bytes = repository.blobs.get(rest)
  if (bytes === undefined) return fail(response, 404, 'BLOB_UNKNOWN')
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  const part = bytes.subarray(start)
  const headers = { 'content-length': part.length, 'docker-content-digest': rest }
  const range = start === 0 ? {} : { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }
  response.writeHead(start === 0 ? 200 : 206, { ...headers, ...range })
  response.end(request.method === 'HEAD' ? undefined : part)
}

function fail(response: ServerResponse, status: number, code: string): undefined {
  json(response, status, { errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] })
}

function json(response: ServerResponse, status: number, body: object): undefined {
  if (!response.hasHeader('content-type')) response.setHeader('content-type', 'application/json')
  response.writeHead(status)
  response.end(JSON.stringify(body))
}
