import { join } from 'node:path'
import type { KnownEffects } from '../../assemble/root/known-effects.ts'
import { type Digest, sha256 } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { ValueCache } from '../../base/value-cache.ts'
import { temperVersion } from '../../base/version.ts'
import type { Distro } from '../../model/distro.ts'
import type { LockedPlatform } from '../../model/lock.ts'
import type { Architecture } from '../../model/platform.ts'
import type { Recipe } from '../../model/recipe.ts'
import type { RootChange } from '../../model/root.ts'
import type { Context } from '../context.ts'

/** As JSON holds it: contents in base64. */
type KeptChange = Exclude<RootChange, { kind: 'put' }> | KeptPut
interface KeptPut extends Omit<Extract<RootChange, { kind: 'put' }>, 'content'> {
  readonly content?: string
}

interface KeptEffects extends Omit<KnownEffects, 'outcome'> {
  readonly outcome: Omit<KnownEffects['outcome'], 'changes'> & { readonly changes: readonly KeptChange[] }
}

/** What an image is made of, as far as it decides which outcome may be its own. */
interface Subject {
  readonly recipe: Pick<Recipe, 'name' | 'variant'>
  readonly architecture: Architecture
  readonly locked: Pick<LockedPlatform, 'packages'>
}

/**
 * The earlier results of effects for packages of these names, in the cache. Most package updates change nothing that
 * effects look at, so the effects need not run again.
 */
export class EffectMemory {
  readonly #values: ValueCache
  readonly #key: Digest

  constructor(
    { recipe, architecture, locked }: Subject,
    {
      context,
      distro,
    }: {
      readonly context: Pick<Context, 'cacheDir' | 'progress' | 'program'>
      readonly distro: Pick<Distro, 'id' | 'release'>
    },
  ) {
    this.#values = new ValueCache(join(context.cacheDir, 'effects-1'), context.progress)
    const program = [temperVersion(), context.program?.() ?? '']
    const names = locked.packages.map(({ name }) => name)
    const release = [distro.id, distro.release.id, architecture]
    this.#key = sha256(canonicalJson([program, release, recipe.name, recipe.variant ?? '', names]))
  }

  async recall(): Promise<KnownEffects | undefined> {
    const kept = await this.#values.getJson<KeptEffects>(this.#key)
    if (kept === undefined) return undefined
    const changes = kept.outcome.changes.map((change): RootChange => {
      if (change.kind !== 'put') return change
      const { content, ...rest } = change
      return content === undefined ? rest : { ...rest, content: Buffer.from(content, 'base64') }
    })
    return { ...kept, outcome: { ...kept.outcome, changes } }
  }

  async keep(known: KnownEffects): Promise<void> {
    const changes = known.outcome.changes.map((change): KeptChange => {
      if (change.kind !== 'put') return change
      const { content, ...rest } = change
      return content === undefined ? rest : { ...rest, content: Buffer.from(content).toString('base64') }
    })
    const kept: KeptEffects = { ...known, outcome: { ...known.outcome, changes } }
    await this.#values.put(this.#key, JSON.stringify(kept))
  }
}
