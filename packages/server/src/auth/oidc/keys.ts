import { z } from 'zod'
import { parseJson } from '../../temper.ts'
import { readAnswer } from './answer.ts'

/** Milliseconds for which keys are believed, and between two looks for one that is not among them. */
const [freshFor, lookEvery] = [600_000, 30_000]
/** Deepest nesting of one: providers name their algorithms and keys in lists. */
const documentDepth = 16
/** Milliseconds that a provider has to answer. */
const patience = 10_000

const discovery = z.looseObject({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) })
const keySet = z.looseObject({
  keys: z
    .array(
      z.looseObject({ kid: z.string().exactOptional(), kty: z.string(), alg: z.string().exactOptional() }),
    )
    .max(100),
})

export type ProviderKey = z.output<typeof keySet>['keys'][number]

/** The keys that one provider publishes (OpenID Connect Discovery 1.0). */
export class ProviderKeys {
  readonly #issuer: string
  readonly #fetch: typeof globalThis.fetch
  #known: { readonly keys: readonly ProviderKey[]; readonly at: number } | undefined
  #looked = -Infinity
  #looking: Promise<void> | undefined

  constructor(issuer: string, fetch: typeof globalThis.fetch) {
    this.#issuer = issuer
    this.#fetch = fetch
  }

  /**
   * The known keys, requested again when they are old or one is missing. If the provider does not answer, the earlier
   * keys are returned.
   */
  async of(kid: string): Promise<readonly ProviderKey[]> {
    const has = this.#known?.keys.some((key) => key.kid === kid) ?? false
    const isFresh = this.#known !== undefined && performance.now() - this.#known.at < freshFor
    // Whoever's key is known does not wait for what others are looked up for.
    if (has && isFresh) return this.#known?.keys ?? []
    if (performance.now() - this.#looked >= lookEvery) {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = undefined
      })
    }
    await this.#looking
    return this.#known?.keys ?? []
  }

  async #look(): Promise<void> {
    this.#looked = performance.now()
    try {
      const address = `${this.#issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
      const { issuer, jwks_uri: keysAt } = discovery.parse(await this.#document(address))
      // Somebody else's keys are not this provider's.
      if (issuer !== this.#issuer || new URL(keysAt).protocol !== new URL(this.#issuer).protocol) return
      this.#known = { keys: keySet.parse(await this.#document(keysAt)).keys, at: performance.now() }
    } catch {
      // Whoever signs in meanwhile is held against what was known.
    }
  }

  async #document(address: string): Promise<unknown> {
    const answer = await this.#fetch(address, {
      redirect: 'error',
      headers: { Accept: 'application/json' },
      signal: AbortSignal.timeout(patience),
    })
    if (answer.status !== 200 || answer.body === null) throw new Error(`${address}: ${answer.status}`)
    return parseJson(Buffer.from(await readAnswer(answer, address)), {
      where: address,
      depth: documentDepth,
      refuse: (found) => new Error(`${address}: ${found}`),
    })
  }
}
