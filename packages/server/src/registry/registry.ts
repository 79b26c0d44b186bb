import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AuditEntry } from '../audit.ts'
import { type Action, may, type Principal } from '../auth/principal.ts'
import { deleteBlob, showBlob } from './blobs.ts'
import { RegistryError } from './error.ts'
import { answer, answerJson, type Exchange } from './exchange.ts'
import type { ImageGate } from './image-gate.ts'
import { listReferrers, listRepositories, listTags } from './lists.ts'
import { ManifestMemory } from './manifest-memory.ts'
import { deleteManifest, putManifest, showManifest } from './manifests.ts'
import { parseContentDigest, parseManifestReference, parseRepository } from './name.ts'
import type { RepositoryPlace } from './place.ts'
import { Pulls } from './pulls.ts'
import type { RegistryRules } from './rules/rules.ts'
import { Usage } from './rules/usage.ts'
import type { Storage } from './storage/storage.ts'
import { beginUpload, cancelUpload, continueUpload, endUpload, showUpload } from './uploads.ts'
import type { UpstreamProxy } from './upstream/proxy.ts'

export interface RegistryOptions {
  readonly storage: Storage
  /** The principal of a request; undefined when its credentials are missing or wrong. */
  readonly authenticate: (request: IncomingMessage) => Promise<Principal | undefined>
  /** Most bytes of a blob. */
  readonly blobLimit: number
  /** Judges images before they get a tag; absent: nothing does. */
  readonly gate?: ImageGate
  /** Rules for repositories beyond the specification. */
  readonly rules: RegistryRules
  /** Projects that mirror other registries. */
  readonly proxies?: readonly UpstreamProxy[]
  /** Told what a manifest was pushed under, before whoever pushed it is. */
  readonly pushed?: (repository: string, references: readonly string[]) => Promise<void>
  /** Is told what has changed or was done. */
  readonly audit: (entry: AuditEntry) => Promise<void>
}

/** Content is whatever somebody pushed: a browser shall neither guess what it is nor run anything of it. */
const headers = {
  'Docker-Distribution-API-Version': 'registry/2.0',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
}

/** What is done for one method of an address. */
type Work = (exchange: Exchange, place: RepositoryPlace, principal: Principal) => Promise<void>
type Methods = Readonly<Partial<Record<string, readonly [Action, Work]>>>

const address =
  /^\/v2\/(?<name>.+)\/(?:blobs\/uploads\/(?<upload>[^/]*)|blobs\/(?<blob>[^/]+)|manifests\/(?<manifest>[^/]+)|referrers\/(?<referrers>[^/]+)|(?<tags>tags\/list))$/

/**
 * A registry (OCI distribution-spec 1.1). It uses Node's own request and response, because content of any size passes
 * through it as streams.
 */
export class Registry {
  readonly #options: RegistryOptions
  readonly #memory: ManifestMemory
  readonly #usage: Usage
  readonly #pulls = new Pulls()

  constructor(options: RegistryOptions) {
    this.#options = options
    this.#memory = new ManifestMemory(options.storage)
    this.#usage = new Usage(options.storage, options.rules.quotas)
  }

  /** Whether a request is for the registry. */
  static handles(path: string): boolean {
    return path === '/v2' || path.startsWith('/v2/') || path.startsWith('/v2?')
  }

  /** Every kind of address within a repository, with its methods and their handlers. */
  addresses(): readonly { readonly kind: string; readonly method: string; readonly action: Action }[] {
    const kinds = [...address.source.matchAll(/\(\?<(\w+)>/g)].map(([, kind = '']) => kind)
    return kinds.flatMap((kind) =>
      ['', 'x'].flatMap((text) =>
        Object.entries(kind === 'name' ? {} : this.#methods({ [kind]: text })).flatMap(([method, entry]) =>
          entry === undefined
            ? []
            : [{ kind: `${kind}${text === '' ? '' : '/x'}`, method, action: entry[0] }],
        ),
      ),
    )
  }

  /** Ends when nothing more is written for requests that were already answered. */
  close(): Promise<void> {
    return this.#pulls.close()
  }

  /** Answers a request; errors are answered too, and thrown only when the connection can carry no answer. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    const { path, query } = addressOf(request.url ?? '/')
    const exchange = { request, response, query }
    try {
      await this.#route(exchange, path)
    } catch (error) {
      if (!(error instanceof RegistryError) || response.headersSent) throw error
      // The rest of a body that nobody wants: reading it all would let the sender decide how long.
      if (!request.complete) response.setHeader('Connection', 'close')
      answer(exchange, error.status, {
        headers: { 'Content-Type': 'application/json', ...error.headers },
        body: error.toJson(),
      })
    }
  }

  async #route(exchange: Exchange, path: string): Promise<void> {
    const { storage } = this.#options
    const principal = await this.#options.authenticate(exchange.request)
    if (principal === undefined) throw unauthorized()
    const method = exchange.request.method === 'HEAD' ? 'GET' : (exchange.request.method ?? '')
    if (path === '/v2' || path === '/v2/') return this.#only('GET', method, () => answerJson(exchange, {}))
    if (path === '/v2/_catalog')
      return this.#only('GET', method, () =>
        listRepositories(exchange, storage, (name) => may(principal, 'pull', name)),
      )

    const groups = address.exec(path)?.groups
    if (groups === undefined)
      throw new RegistryError('NAME_UNKNOWN', `there is nothing at ${path.slice(0, 120)}`)
    const name = parseRepository(decoded(groups['name'] ?? ''))
    const methods = this.#methods(groups)
    const [action, work] = methods[method] ?? []
    if (action === undefined || work === undefined) throw unsupported(Object.keys(methods), method)
    if (!may(principal, action, name))
      throw new RegistryError('DENIED', `${principal.name} may not ${action} in ${name}`)
    const proxy = this.#proxyOf(name)
    if (proxy !== undefined && action === 'push') throw proxy.refusePush()
    await work(exchange, { name, repository: storage.repository(name), storage }, principal)
  }

  async #only(expected: string, method: string, work: () => void | Promise<void>): Promise<void> {
    if (method !== expected) throw unsupported([expected], method)
    await work()
  }

  /** The methods of an address, given the groups of its pattern. */
  #methods(groups: Readonly<Record<string, string | undefined>>): Methods {
    const { upload, blob, manifest, referrers, tags } = groups
    if (upload !== undefined) return this.#uploadMethods(upload)
    if (blob !== undefined)
      return {
        GET: [
          'pull',
          async (exchange, place) => {
            const digest = parseContentDigest(decoded(blob))
            const coming = await this.#proxyOf(place.name)?.blob(place, digest)
            await showBlob(exchange, place, { digest, coming })
          },
        ],
        DELETE: [
          'delete',
          async (exchange, place, who) => {
            await deleteBlob(exchange, place, decoded(blob))
            this.#usage.forget(place.name)
            await this.#tell(who, 'delete-blob', `${place.name}@${decoded(blob)}`)
          },
        ],
      }
    if (manifest !== undefined) return this.#manifestMethods(decoded(manifest))
    if (referrers !== undefined)
      return {
        GET: [
          'pull',
          async (exchange, place) => {
            const subject = decoded(referrers)
            await this.#proxyOf(place.name)?.referrers(place, parseContentDigest(subject))
            await listReferrers(exchange, place, subject)
          },
        ],
      }
    if (tags === undefined) return {}
    return {
      GET: [
        'pull',
        async (exchange, place) => listTags(exchange, place, await this.#proxyOf(place.name)?.tags(place)),
      ],
    }
  }

  #proxyOf(name: string): UpstreamProxy | undefined {
    return this.#options.proxies?.find((proxy) => proxy.covers(name))
  }

  #uploadMethods(id: string): Methods {
    const rules = (principal: Principal) => ({
      blobLimit: this.#options.blobLimit,
      mayRead: (repository?: string) => may(principal, 'pull', repository),
      usage: this.#usage,
    })
    if (id === '')
      return { POST: ['push', (exchange, place, who) => beginUpload(exchange, place, rules(who))] }
    return {
      GET: ['push', (exchange, place) => showUpload(exchange, { ...place, id })],
      PATCH: ['push', (exchange, place, who) => continueUpload(exchange, { ...place, id }, rules(who))],
      PUT: ['push', (exchange, place, who) => endUpload(exchange, { ...place, id }, rules(who))],
      DELETE: ['push', (exchange, place) => cancelUpload(exchange, { ...place, id })],
    }
  }

  #manifestMethods(text: string): Methods {
    const { gate, rules, pushed } = this.#options
    const of = (place: RepositoryPlace, who?: Principal) => ({
      ...place,
      ...(who === undefined || who.isService ? {} : { pulls: this.#pulls }),
      memory: this.#memory,
      usage: this.#usage,
      immutable: rules.immutable,
      ...(gate === undefined ? {} : { gate }),
      ...(pushed === undefined ? {} : { pushed }),
    })
    return {
      GET: [
        'pull',
        async (exchange, place, who) => {
          await this.#proxyOf(place.name)?.manifest(place, parseManifestReference(text))
          await showManifest(exchange, of(place, who), text)
        },
      ],
      PUT: [
        'push',
        async (exchange, place, who) => {
          const digest = await putManifest(exchange, of(place), text)
          await this.#tell(who, 'push-manifest', `${place.name}@${digest}`, { reference: text })
        },
      ],
      DELETE: [
        'delete',
        async (exchange, place, who) => {
          await deleteManifest(exchange, of(place), text)
          await this.#tell(who, 'delete-manifest', `${place.name} ${text}`)
        },
      ],
    }
  }

  #tell(
    { name }: Principal,
    action: AuditEntry['action'],
    subject: string,
    detail?: AuditEntry['detail'],
  ): Promise<void> {
    return this.#options.audit({ who: name, action, subject, ...(detail === undefined ? {} : { detail }) })
  }
}

/** Almost all addresses are plain, and taking them apart as any may be takes longer than finding what they name. */
const plainAddress = /^(?:\/[A-Za-z0-9_:-][A-Za-z0-9._:-]*)+$/

function addressOf(text: string): { readonly path: string; readonly query: URLSearchParams } {
  if (plainAddress.test(text)) return { path: text, query: new URLSearchParams() }
  const { pathname, searchParams } = new URL(text, 'http://registry')
  return { path: pathname, query: searchParams }
}

function decoded(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    throw new RegistryError('NAME_INVALID', 'the address is not well encoded')
  }
}

function unauthorized(): RegistryError {
  return new RegistryError('UNAUTHORIZED', 'log in with any user name and a token as the password', {
    headers: { 'WWW-Authenticate': 'Basic realm="Temper"' },
  })
}

function unsupported(methods: readonly string[], asked: string): RegistryError {
  // HEAD is answered wherever GET is.
  const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ')
  return new RegistryError('UNSUPPORTED', `expected one of ${allow}, found ${asked}`, {
    headers: { Allow: allow },
  })
}
