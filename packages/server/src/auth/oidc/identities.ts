import { decode, verifyWithJwks } from 'hono/utils/jwt/jwt'
import { LRUCache } from 'lru-cache'
import { matchesTag as matches } from '../../registry/rules/tag-pattern.ts'
import type { Grant, Principal } from '../principal.ts'
import { hashOf } from '../token.ts'
import { ProviderKeys } from './keys.ts'
import type { IdentitySettings } from './settings.ts'

/** Tokens whose proof is remembered, and for how many milliseconds at most. */
const [remembered, rememberedFor] = [10_000, 60_000]
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const
const pattern = /^[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}$/

type Claims = Readonly<Record<string, unknown>>

/**
 * Identifies who presents a token of an identity provider. Keys are only ever requested from providers that the
 * settings name.
 */
export class Identities {
  readonly #providers: ReadonlyMap<
    string,
    { readonly settings: IdentitySettings; readonly keys: ProviderKeys }
  >
  readonly #proved = new LRUCache<string, Principal>({ max: remembered })

  constructor(settings: readonly IdentitySettings[], fetch: typeof globalThis.fetch) {
    this.#providers = new Map(
      settings.map((each) => [each.issuer, { settings: each, keys: new ProviderKeys(each.issuer, fetch) }]),
    )
  }

  /** Undefined when the text is no such token, when it is not valid, or when its owner may do nothing. */
  async find(token: string, now: Date): Promise<Principal | undefined> {
    if (this.#providers.size === 0 || !pattern.test(token)) return undefined
    const hash = hashOf(token)
    const known = this.#proved.get(hash)
    if (known !== undefined) return known
    const claims = await this.#proven(token).catch(() => undefined)
    if (claims === undefined) return undefined
    const { exp, iss } = claims
    // A token that never ends is none.
    if (typeof exp !== 'number' || typeof iss !== 'string') return undefined
    const left = exp * 1000 - now.getTime()
    const provider = this.#providers.get(iss)
    const principal = provider === undefined ? undefined : principalOf(claims, provider.settings)
    if (left <= 0 || principal === undefined) return undefined
    this.#proved.set(hash, principal, { ttl: Math.max(1, Math.min(left, rememberedFor)) })
    return principal
  }

  async #proven(token: string): Promise<Claims | undefined> {
    const { header, payload } = decode(token)
    const provider = this.#providers.get(String(payload['iss']))
    if (provider === undefined || header.kid === undefined) return undefined
    const { issuer, audience } = provider.settings
    return verifyWithJwks(token, {
      keys: [...(await provider.keys.of(header.kid))],
      allowedAlgorithms: algorithms,
      // When it was made is no matter: clocks differ.
      verification: { iss: issuer, aud: audience, iat: false },
    })
  }
}

/** The principal that a provider's claims describe; undefined for somebody who may do nothing. */
export function principalOf(
  claims: Claims,
  { issuer, grants: all }: Pick<IdentitySettings, 'issuer' | 'grants'>,
): Principal | undefined {
  const { sub } = claims
  const grants = grantsOf(claims, all)
  if (typeof sub !== 'string' || sub === '' || grants.length === 0) return undefined
  return { name: `${new URL(issuer).host}/${sub.slice(0, 200)}`, grants }
}

function grantsOf(claims: Claims, all: IdentitySettings['grants']): readonly Grant[] {
  return all
    .filter((each) => Object.entries(each.claims).every(([name, wanted]) => holds(claims, name, wanted)))
    .map(({ project, role }) => ({ project, role }))
}

function holds(claims: Claims, name: string, wanted: string): boolean {
  if (!Object.hasOwn(claims, name)) return false
  const value = claims[name]
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.some(
    (each) => ['string', 'number', 'boolean'].includes(typeof each) && matches(wanted, String(each)),
  )
}
