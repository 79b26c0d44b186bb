import type { RelaxableRule } from '../../model/recipe.ts'

/** Why a kind of files stays out of a hardened image, in a word or two, and the rule that lets it in. */
export interface Ballast {
  readonly reason: string
  readonly rule: RelaxableRule
  /**
   * Why nothing in a container needs it, as a sentence without a full stop; only where the rule itself does not say
   * so.
   */
  readonly why?: string
  /** Folders stay, since programs expect them with their owners; only their contents go. */
  readonly filesOnly?: boolean
}
