import * as client from 'openid-client'
import type { Principal } from '../principal.ts'
import { readAnswer } from './answer.ts'
import { principalOf } from './identities.ts'
import type { Flow, Sessions } from './session.ts'
import type { IdentitySettings } from './settings.ts'

/** Seconds that a provider has to answer. */
const patience = 10

export interface SignInProvider {
  readonly settings: IdentitySettings
  /** The secret by which the service proves to a provider who it is. */
  readonly secret: string | undefined
}

/**
 * Signs people in through a provider's page: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0,
 * RFC 9700).
 */
export class SignIn {
  readonly #sessions: Sessions
  readonly #providers: readonly SignInProvider[]
  readonly #fetch: typeof globalThis.fetch
  readonly #known = new Map<string, client.Configuration>()

  constructor(
    providers: readonly SignInProvider[],
    { sessions, fetch }: { readonly sessions: Sessions; readonly fetch: typeof globalThis.fetch },
  ) {
    this.#providers = providers
    this.#sessions = sessions
    this.#fetch = fetch
  }

  /** Addresses of the providers whose pages people may be sent to. */
  get issuers(): readonly string[] {
    return this.#providers.map(({ settings }) => settings.issuer)
  }

  /**
   * The address that a browser is sent to, and what it keeps until it comes back. Undefined when the settings name no
   * such provider.
   */
  async begin(
    issuer: string,
    redirect: string,
  ): Promise<{ readonly to: URL; readonly flow: string } | undefined> {
    const provider = this.#providers.find(({ settings }) => settings.issuer === issuer)
    if (provider === undefined) return undefined
    const config = await this.#configuration(provider)
    const [state, nonce] = [client.randomState(), client.randomNonce()]
    const verifier = client.randomPKCECodeVerifier()
    const to = client.buildAuthorizationUrl(config, {
      redirect_uri: redirect,
      scope: provider.settings.signIn?.scopes.join(' ') ?? 'openid',
      state,
      nonce,
      code_challenge_method: 'S256',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
    })
    return { to, flow: await this.#sessions.sealFlow({ issuer, state, nonce, verifier }) }
  }

  /** The sign-in that a browser began; undefined when it did not begin here, or began too long ago. */
  flowOf(kept: string): Promise<Flow | undefined> {
    return this.#sessions.openFlow(kept)
  }

  /** The person whose session a browser keeps. */
  async find(kept: string): Promise<Principal | undefined> {
    const session = await this.#sessions.openSession(kept)
    const provider = this.#providers.find(({ settings }) => settings.issuer === session?.issuer)
    if (session === undefined || provider === undefined) return undefined
    return principalOf({ ...session.claims, iss: session.issuer }, provider.settings)
  }

  /**
   * The person who came back, and what the browser is to keep. Throws when the answer is wrong; undefined for
   * somebody who may do nothing here.
   */
  async finish(
    address: URL,
    { issuer, state, nonce, verifier }: Flow,
  ): Promise<{ readonly principal: Principal; readonly session: string } | undefined> {
    const provider = this.#providers.find(({ settings }) => settings.issuer === issuer)
    if (provider === undefined) return undefined
    const config = await this.#configuration(provider)
    const tokens = await client.authorizationCodeGrant(config, address, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    })
    const claims = tokens.claims()
    const principal = claims === undefined ? undefined : principalOf(claims, provider.settings)
    if (claims === undefined || principal === undefined) return undefined
    const asked = new Set(['sub', ...provider.settings.grants.flatMap((each) => Object.keys(each.claims))])
    const kept = Object.fromEntries(Object.entries(claims).filter(([name]) => asked.has(name)))
    return { principal, session: await this.#sessions.sealSession({ issuer, claims: kept }) }
  }

  /** As the settings have it reached, bounded, and as an answer of the kind that is expected: Node has several. */
  async #ask(address: string, options: client.CustomFetchOptions): Promise<Response> {
    const { method, headers, body, signal } = options
    const isForm = body instanceof URLSearchParams
    const answer = await this.#fetch(address, {
      method,
      redirect: 'manual',
      headers: { ...(isForm ? { 'content-type': 'application/x-www-form-urlencoded' } : {}), ...headers },
      ...(isForm ? { body: body.toString() } : {}),
      ...(signal === undefined ? {} : { signal }),
    })
    const content = await readAnswer(answer, address)
    const { status } = answer
    const kept = new Headers()
    for (const name of ['content-type', 'www-authenticate']) {
      const value = answer.headers.get(name)
      if (value !== null) kept.set(name, value)
    }
    return new Response(content.length === 0 ? null : content, {
      status,
      headers: kept,
    })
  }

  async #configuration({ settings, secret }: SignInProvider): Promise<client.Configuration> {
    const known = this.#known.get(settings.issuer)
    if (known !== undefined) return known
    const { issuer, signIn } = settings
    const server = new URL(issuer)
    const configuration = await client.discovery(
      server,
      signIn?.clientId ?? '',
      secret,
      secret === undefined ? client.None() : client.ClientSecretBasic(secret),
      {
        timeout: patience,
        [client.customFetch]: (address, options) => this.#ask(address, options),
        // Settings take no such address but of this machine.
        ...(server.protocol === 'http:' ? { execute: [client.allowInsecureRequests] } : {}),
      },
    )
    this.#known.set(issuer, configuration)
    return configuration
  }
}
