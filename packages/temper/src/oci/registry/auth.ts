import { singleFlight } from '../../base/concurrency.ts'
import { TemperError } from '../../base/error.ts'
import type { Http, HttpResponse } from '../../base/http/http.ts'
import { tryJson } from '../../base/json/parse.ts'
import { memberOf } from '../../base/json/value.ts'
import type { Credentials } from '../../model/credentials.ts'
import { type Challenge, parseChallenges } from './challenge.ts'
import { registryError } from './error.ts'
import { type Scope, Scopes } from './scopes.ts'

const answerLimit = 512 << 10
const tokenLimit = 64 << 10

export interface AuthorizerOptions {
  readonly http: Http
  /** Where the registry is, e.g. "https://registry.example". */
  origin(): string
  /** The name of the registry in errors. */
  readonly registry: string
  credentials(): Promise<Credentials | undefined>
}

/**
 * Answers a registry's challenges: Basic, and Bearer with tokens from the service that the challenge names (the
 * Docker token specification). Tokens are kept until the registry refuses them, and only one request for a token is
 * made at a time. Credentials go only to the registry itself and to its token service over https; over http only when
 * the registry is spoken to over http too and the service is on the same host.
 */
export class Authorizer {
  readonly #options: AuthorizerOptions
  readonly #scopes = new Scopes()
  readonly #once = singleFlight<void>()
  #authorization: string | undefined
  /** The service that issued the token; it stays the right one even if the registry names another service later. */
  #proven: Challenge | undefined
  #asked: Challenge | undefined
  /** The authorization that was accepted last. */
  #accepted: string | undefined

  constructor(options: AuthorizerOptions) {
    this.#options = options
  }

  /** The Authorization header, as far as it is known, for requests to the registry's own origin only. */
  get authorization(): string | undefined {
    return this.#authorization
  }

  /** From now on also asks for this right, e.g. to mount from another repository. */
  want(scope: Scope): void {
    if (this.#scopes.add(scope) && this.#authorization?.startsWith('Bearer ')) this.#authorization = undefined
  }

  /** Gives up the optional rights, since a token that includes them may not work for anything else. */
  dropOptional(): void {
    this.#scopes.dropOptional()
  }

  /**
   * Prepares a new try after an answer with status 401 to a request that carried `used`. False when there is
   * nothing more to try.
   */
  async answer(response: HttpResponse, used: string | undefined): Promise<boolean> {
    if (this.#authorization !== used) return true
    const challenges = parseChallenges(response.headers.get('www-authenticate') ?? '')
    const bearer = challenges.find((each) => each.scheme === 'bearer')
    const basic = challenges.find((each) => each.scheme === 'basic')
    if (bearer !== undefined) return this.#renew(bearer, used)
    if (basic === undefined) return false
    const credentials = await this.#options.credentials()
    if (credentials?.kind !== 'password') return false
    this.#authorization = basicHeader(credentials)
    return this.#authorization !== used
  }

  /** Notes that a request with this authorization was accepted. */
  accepted(used: string | undefined): void {
    if (used === undefined || used !== this.#authorization) return
    this.#proven = this.#asked
    this.#accepted = used
  }

  /**
   * The same as `answer` for status 400 without a challenge, which some registries send for an expired token. Only
   * for a token that worked before, and once for each.
   */
  async renewExpired(used: string | undefined): Promise<boolean> {
    if (used === undefined) return false
    if (this.#authorization !== used) return true
    return this.#proven !== undefined && this.#accepted === used && this.#renew(this.#proven, used)
  }

  /** Whether there are credentials to identify ourselves with. */
  async knowsSomebody(): Promise<boolean> {
    return (await this.#options.credentials()) !== undefined
  }

  async #renew(challenge: Challenge, used: string | undefined): Promise<boolean> {
    const before = this.#proven
    await this.#once('token', async () => {
      if (this.#authorization !== used) return
      this.#asked = challenge
      this.#authorization = `Bearer ${await this.#fetchToken(challenge).catch((error: unknown) => {
        if (before === undefined || before.parameters['realm'] === challenge.parameters['realm']) throw error
        this.#asked = before
        return this.#fetchToken(before)
      })}`
    })
    return this.#authorization !== used
  }

  async #fetchToken(challenge: Challenge): Promise<string> {
    const credentials = await this.#options.credentials()
    if (credentials?.kind === 'bearer') return checkToken(credentials.token, this.#options.registry)
    const { realm, service, scope } = challenge.parameters
    const url = this.#realm(realm, credentials)
    this.#scopes.addText(scope ?? '')
    const what = `a token for ${this.#options.registry}`
    for (;;) {
      const response =
        credentials?.kind === 'identity'
          ? await this.#exchange(url, { service, token: credentials.token, what })
          : await this.#ask(new URL(url), { service, credentials, what })
      if (response.status === 200) return tokenOf(await response.text(answerLimit), this.#options.registry)
      const error = await registryError(response, { verb: 'get', what, method: 'GET' })
      // Some services refuse a token for several repositories, or for one of them.
      if (response.status >= 500 || !this.#scopes.dropOptional()) throw error
    }
  }

  #ask(
    url: URL,
    {
      service,
      credentials,
      what,
    }: { service?: string | undefined; credentials: Credentials | undefined; what: string },
  ): Promise<HttpResponse> {
    if (service !== undefined) url.searchParams.set('service', service)
    for (const scope of this.#scopes.list()) url.searchParams.append('scope', scope)
    const headers: Record<string, string> = {}
    if (credentials?.kind === 'password') headers['authorization'] = basicHeader(credentials)
    return this.#options.http.request(url, { headers, what, isDocument: true })
  }

  /**
   * OAuth 2: exchanges a refresh token for an access token. Redirects are not followed, since they would carry the
   * body along.
   */
  #exchange(
    url: URL,
    { service, token, what }: { service?: string | undefined; token: string; what: string },
  ): Promise<HttpResponse> {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: token,
      client_id: 'temper',
      scope: this.#scopes.list().join(' '),
      ...(service === undefined ? {} : { service }),
    })
    return this.#options.http.request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
      maxRedirects: 0,
      retries: 2,
      isDocument: true,
      what,
    })
  }

  /** The address of the token service, if it may be asked. */
  #realm(realm: string | undefined, credentials: Credentials | undefined): URL {
    const { registry } = this.#options
    const origin = this.#options.origin()
    const url = realm === undefined ? null : URL.parse(realm, origin)
    if (
      url === null ||
      (url.protocol !== 'https:' && url.protocol !== 'http:') ||
      url.username ||
      url.password
    )
      throw new TemperError(
        'unauthorized',
        `${registry} asks for a token but names no service that issues one`,
      )
    const home = new URL(origin)
    const sameHost = home.protocol === 'http:' && home.hostname === url.hostname
    if (url.protocol === 'http:' && !sameHost && (home.protocol === 'https:' || credentials !== undefined))
      throw new TemperError(
        'unauthorized',
        `${registry} asks to get a token from ${url.host} over plain http, where credentials could be read`,
        { hint: 'Nothing was sent there. Ask whoever runs the registry to use https for its token service.' },
      )
    return url
  }
}

function tokenOf(text: string, registry: string): string {
  const answer = tryJson(text)
  // An empty one beside the other is no answer.
  const [token] = ['token', 'access_token']
    .map((name) => memberOf(answer, name))
    .filter((value) => value !== undefined && value !== '')
  if (typeof token !== 'string' || token === '')
    throw new TemperError('unauthorized', `The token service of ${registry} answered without a token`)
  return checkToken(token, registry)
}

function checkToken(token: string, registry: string): string {
  if (token.length > tokenLimit || !/^[\x21-\x7e]+$/.test(token))
    throw new TemperError(
      'unauthorized',
      `The token for ${registry} is malformed or longer than ${tokenLimit} bytes`,
    )
  return token
}

function basicHeader(credentials: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
}
