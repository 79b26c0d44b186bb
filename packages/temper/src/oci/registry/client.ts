import { TemperError } from '../../base/error.ts'
import type { Http, HttpRequest, HttpResponse } from '../../base/http/http.ts'
import type { CredentialSource } from '../../model/credentials.ts'
import type { RegistryReference } from '../../model/reference.ts'
import { Authorizer } from './auth.ts'
import { withoutCoding } from './coding.ts'
import { registryError } from './error.ts'
import { speaksTls } from './scheme.ts'
import type { Scope } from './scopes.ts'

export interface RegistryClientOptions {
  /** Handles retries, stall timeout, redirects and redaction (base/http/http.ts). */
  readonly http: Http
  readonly credentials?: CredentialSource
  /** Hosts (with port, as in references) that may be contacted over plain http; loopback always may. */
  readonly insecureRegistries?: readonly string[]
}

/** Times that a request is sent again with another token: expired, for want of a scope, with fewer scopes. */
const tokenTries = 3

/**
 * HTTP to one repository of a registry, or, with the repository "", to the registry itself. Makes addresses, and
 * sends authorization only to the registry's own origin. Itself an `Http`, so that downloads can go through it.
 */
export class RegistryClient implements Http {
  /** "registry.example/team/nginx", for messages. */
  readonly place: string
  readonly repository: string
  readonly #http: Http
  readonly #authorizer: Authorizer
  #origin: string
  /** Resolves once it is known whether a registry that may use plain http does so. */
  #scheme: Promise<void> | undefined
  #keepsDoorOpen = false

  constructor(reference: Pick<RegistryReference, 'registry' | 'repository'>, options: RegistryClientOptions) {
    const { registry, repository } = reference
    this.place = repository === '' ? registry : `${registry}/${repository}`
    this.repository = repository
    this.#origin = originOf(registry, options.insecureRegistries ?? [])
    this.#http = options.http
    const credentials = async () => options.credentials?.(registry, repository)
    this.#authorizer = new Authorizer({
      http: options.http,
      origin: () => this.#origin,
      registry,
      credentials,
    })
    if (repository !== '') this.want({ repository, actions: ['pull'] })
  }

  /** Where the registry is, e.g. "https://registry.example". */
  get origin(): string {
    return this.#origin
  }

  /** Address of something in the repository: `url('manifests/latest')`. */
  url(path: string, query: Readonly<Record<string, string>> = {}): URL {
    const url = new URL(`/v2/${this.repository}/${path}`, this.#origin)
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
    return url
  }

  /**
   * An address that the registry gave, e.g. of an upload. It has to be http or https, and must not go from https to
   * http.
   */
  location(text: string | null, base: string | URL): URL {
    const given = text === null ? null : URL.parse(text, String(base))
    const url = given === null ? null : this.withOwnScheme(given)
    const secure =
      url?.protocol === 'https:' || (url?.protocol === 'http:' && this.#origin.startsWith('http:'))
    if (url === null || !secure || url.username !== '' || url.password !== '')
      throw new TemperError('network', `${this.place}: the registry gave no usable address to upload to`)
    return url
  }

  /**
   * Corrects the scheme of an address: behind a proxy that terminates TLS, registries write their own address with
   * the wrong one.
   */
  withOwnScheme(url: URL): URL {
    const own = new URL(this.#origin)
    const elsewhere = url.hostname !== own.hostname || (url.port !== '' && url.port !== own.port)
    if (elsewhere || url.protocol === own.protocol || !/^https?:$/.test(url.protocol)) return url
    const moved = new URL(own)
    moved.pathname = url.pathname
    moved.search = url.search
    return moved
  }

  /** From now on tokens are requested with this right. */
  want(scope: Scope): void {
    this.#authorizer.want(scope)
  }

  async request(address: string | URL, init: HttpRequest = {}): Promise<HttpResponse> {
    this.#scheme ??= this.#settleScheme()
    await this.#scheme
    const target = this.withOwnScheme(new URL(address))
    const own = target.origin === new URL(this.#origin).origin
    const isBlob = target.pathname.includes('/blobs/')
    const { expect: _, ...open } = { ...init, isDocument: !isBlob }
    for (let tries = 0; ; tries++) {
      const used = own ? this.#authorizer.authorization : undefined
      const answer = await this.#http.request(target, withAuthorization(open, used))
      const response = isBlob ? answer : withoutCoding(answer)
      // After a redirect it may be another host that asks: it must not learn anything.
      const mine = own && new URL(response.url).origin === new URL(this.#origin).origin
      if (!mine || tries === tokenTries) return this.#expect(response, init)
      if (response.status === 400 && (await this.#authorizer.renewExpired(used))) {
        await response.close()
        continue
      }
      if (response.status === 404 && used === undefined && (await this.#introduce())) {
        await response.close()
        continue
      }
      if (response.status !== 401) {
        this.#authorizer.accepted(used)
        return this.#expect(response, init)
      }
      if (tries === tokenTries - 1) this.#authorizer.dropOptional()
      if (!(await this.#authorizer.answer(response, used))) return this.#expect(response, init)
      await response.close()
    }
  }

  /**
   * Authenticates to a registry that sends no challenge: some hide from strangers that a repository exists, and send
   * a challenge only at their base address, where other clients begin. True when there is something new to try with.
   */
  async #introduce(): Promise<boolean> {
    if (this.#keepsDoorOpen || !(await this.#authorizer.knowsSomebody())) return false
    const door = await this.#http.request(new URL('/v2/', this.#origin), { what: this.place })
    try {
      this.#keepsDoorOpen = door.status !== 401
      return !this.#keepsDoorOpen && (await this.#authorizer.answer(door, undefined))
    } finally {
      await door.close()
    }
  }

  async #settleScheme(): Promise<void> {
    if (this.#origin.startsWith('http:') && (await speaksTls(this.#http, this.#origin)))
      this.#origin = this.#origin.replace(/^http:/, 'https:')
  }

  async #expect(response: HttpResponse, init: HttpRequest): Promise<HttpResponse> {
    if (init.expect === undefined || init.expect.includes(response.status)) return response
    throw await registryError(response, {
      verb: 'read',
      what: init.what ?? this.place,
      method: init.method ?? 'GET',
    })
  }
}

function withAuthorization(init: HttpRequest, authorization: string | undefined): HttpRequest {
  return authorization === undefined ? init : { ...init, headers: { ...init.headers, authorization } }
}

function originOf(registry: string, insecure: readonly string[]): string {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry
  const name = host.replace(/:\d+$/, '')
  const loopback = name === 'localhost' || name === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(name)
  return `${loopback || insecure.some((each) => each.toLowerCase() === registry.toLowerCase()) ? 'http' : 'https'}://${host}`
}
