import type { IncomingMessage } from 'node:http'
import { sha256 } from '../../../base/digest.ts'
import { type Exchange, fail, type Repository } from './exchange.ts'
import type { Behaviour } from './quirks.ts'

/** A query that nobody may write anew: its signature is over these very characters. */
const delicate = '_state=ab~c%2Fd+e%20f:g&sig=x*y'

/** Uploads of blobs (distribution-spec, "Pushing Blobs"), strict where the behaviour does not say otherwise. */
export class Uploads {
  /** Bytes by the id of the upload. */
  readonly stored = new Map<string, Buffer>()
  readonly #repositories: ReadonlyMap<string, Repository>
  #count = 0

  constructor(repositories: ReadonlyMap<string, Repository>) {
    this.#repositories = repositories
  }

  async answer(exchange: Exchange): Promise<void> {
    const { request, response, url, behaviour, rest } = exchange
    if (request.method === 'POST') return this.#begin(exchange)
    const stored = this.stored.get(rest)
    if (stored === undefined) return fail(response, 404, 'BLOB_UPLOAD_UNKNOWN')
    if (behaviour.uploadAddress === 'delicate query' && !isUntouched(url))
      return fail(response, 400, 'BLOB_UPLOAD_INVALID')
    const headers = { location: addressOf(exchange, rest) }
    if (request.method === 'GET') {
      if (!behaviour.uploadState) return fail(response, 404, 'NOT_FOUND')
      return void response.writeHead(204, { ...headers, range: rangeOf(stored.length) }).end()
    }
    if (isTooLarge(request, behaviour)) {
      request.resume()
      return fail(response, behaviour.tooLarge.status, 'SIZE_INVALID')
    }
    const start = /^(\d+)-/.exec(request.headers['content-range'] ?? '')?.[1]
    if (start !== undefined && Number(start) !== stored.length)
      return void response.writeHead(416, { ...headers, range: rangeOf(stored.length) }).end()
    const all = await this.#receive(rest, stored, request)
    if (request.method === 'PUT') return this.#finish(exchange, all)
    const range = toldRange(behaviour, stored.length, all.length)
    response.writeHead(behaviour.patched, { ...headers, ...(range === undefined ? {} : { range }) }).end()
  }

  #begin(exchange: Exchange): undefined {
    const { response, url, name, repository, behaviour } = exchange
    const mount = url.searchParams.get('mount')
    const from = this.#repositories.get(url.searchParams.get('from') ?? '')?.blobs.get(mount ?? '')
    if (mount !== null && typeof behaviour.mounts === 'number' && behaviour.mounts >= 400)
      return fail(response, behaviour.mounts, 'UNSUPPORTED')
    if (mount !== null && from !== undefined && behaviour.mounts === true) {
      repository.blobs.set(mount, from)
      return void response.writeHead(201, { location: `/v2/${name}/blobs/${mount}` }).end()
    }
    const id = `upload-${this.#count++}`
    this.stored.set(id, Buffer.alloc(0))
    const least = behaviour.leastChunk === 0 ? {} : { 'oci-chunk-min-length': behaviour.leastChunk }
    response
      .writeHead(mount === null ? behaviour.begun : 202, { location: addressOf(exchange, id), ...least })
      .end()
  }

  #finish({ response, url, repository, behaviour, rest }: Exchange, all: Buffer): undefined {
    this.stored.delete(rest)
    const digest = url.searchParams.get('digest') ?? ''
    if (sha256(all) !== digest) return fail(response, 400, 'DIGEST_INVALID')
    repository.blobs.set(digest, all)
    response.writeHead(behaviour.uploaded, { 'docker-content-digest': digest }).end()
  }

  /** Keeps what came in also when the connection breaks. */
  async #receive(id: string, stored: Buffer, request: IncomingMessage): Promise<Buffer> {
    const parts = [stored]
    try {
      for await (const chunk of request) parts.push(chunk as Buffer)
    } finally {
      this.stored.set(id, Buffer.concat(parts))
    }
    return Buffer.concat(parts)
  }
}

function isTooLarge(request: IncomingMessage, behaviour: Behaviour): boolean {
  const { largestPatch, tooLarge, leastChunk } = behaviour
  const ranged = request.headers['content-range'] !== undefined
  const size = Number(request.headers['content-length'] ?? 0)
  if (size > largestPatch) return tooLarge.only === undefined || ranged
  const [, start = 0, end = 0] =
    /^(\d+)-(\d+)$/.exec(request.headers['content-range'] ?? '')?.map(Number) ?? []
  return ranged && start === 0 && end - start + 1 < leastChunk
}

function isUntouched(url: URL): boolean {
  return url.search.replace(/&digest=[^&]*$/, '') === `?${delicate}`
}

function addressOf({ name, url, behaviour }: Exchange, id: string): string {
  const path = `/v2/${name}/blobs/uploads/${id}`
  switch (behaviour.uploadAddress) {
    case 'path':
      return `${path}?_state=secret`
    case 'absolute':
      return `${url.origin}${path}?_state=secret`
    case 'delicate query':
      return `${path}?${delicate}`
    case 'other scheme':
      return `https://${url.host}${path}`
  }
}

function rangeOf(size: number): string {
  return `0-${Math.max(0, size - 1)}`
}

function toldRange(behaviour: Behaviour, before: number, after: number): string | undefined {
  switch (behaviour.patchRange) {
    case 'stored':
      return rangeOf(after)
    case 'nothing':
      return undefined
    case '0-0':
      return '0-0'
    case 'one too many':
      return `0-${after}`
    case 'with unit':
      return `bytes=${rangeOf(after)}`
    case 'one chunk late':
      return rangeOf(before)
  }
}
