import { join } from 'node:path'
import { type Digest, sha256 } from '../../base/digest.ts'
import { canonicalJson } from '../../base/json/canonical-json.ts'
import { ValueCache } from '../../base/value-cache.ts'
import { temperVersion } from '../../base/version.ts'
import type { Lock } from '../../model/lock.ts'
import type { Architecture } from '../../model/platform.ts'
import type { Context } from '../context.ts'
import type { ChosenPlatform } from './platform.ts'
import type { RecipeTarget } from './recipe-target.ts'

/** Changes whenever the same inputs would give another choice; versions of Temper never share them. */
const choiceFormat = 1

/** What was chosen for a platform, with the messages that have to be shown whenever it is chosen. */
export interface KnownChoice {
  readonly locked: ChosenPlatform
  readonly warnings: readonly string[]
}

/** What a choice depends on besides the recipe. */
export interface ChoiceInputs {
  readonly architecture: Architecture
  /** The signed states of all suites, whose digests cover every index. */
  readonly suites: Lock['suites']
  readonly keep: ReadonlyMap<string, string> | undefined
  readonly compressor: Lock['compressor']
}

function isAsked({ recipe }: RecipeTarget): boolean {
  return recipe.steps !== undefined || recipe.dependencies !== undefined || recipe.base !== undefined
}

/** Choices in the cache, each by everything that it depends on. Signatures and dates of the suites are checked before. */
export class KnownChoices {
  readonly #values: ValueCache
  readonly #context: Pick<Context, 'distributions' | 'sourceDateEpoch' | 'program'>

  constructor(
    context: Pick<Context, 'cacheDir' | 'progress' | 'distributions' | 'sourceDateEpoch' | 'program'>,
  ) {
    this.#values = new ValueCache(join(context.cacheDir, 'choices-1'), context.progress)
    this.#context = context
  }

  /**
   * Undefined when the choice was not made before, and for recipes whose choices are not kept: whose steps have to run,
   * whose dependencies are looked up in an index, or that begin with a base image.
   */
  async get(target: RecipeTarget, inputs: ChoiceInputs): Promise<KnownChoice | undefined> {
    return await this.#values.getJson<KnownChoice>(this.#key(target, inputs))
  }

  async put(target: RecipeTarget, inputs: ChoiceInputs, choice: KnownChoice): Promise<void> {
    if (isAsked(target)) return
    await this.#values.put(this.#key(target, inputs), JSON.stringify(choice))
  }

  #key({ checksum, recipe, lockedFiles }: RecipeTarget, inputs: ChoiceInputs): Digest {
    const { architecture, suites, keep, compressor } = inputs
    const { distributions, sourceDateEpoch, program } = this.#context
    const from = suites.map(({ address: _, ...suite }) => suite)
    return sha256(
      canonicalJson({
        choiceFormat,
        version: temperVersion(),
        program: program?.(),
        checksum,
        distribution: recipe.distribution,
        files: lockedFiles,
        distributions,
        architecture,
        suites: from,
        kept: keep && Object.fromEntries(keep),
        compressor,
        sourceDateEpoch,
      }),
    )
  }
}
