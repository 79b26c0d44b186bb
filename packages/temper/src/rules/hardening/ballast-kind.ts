import type { RelaxableRule } from '../../model/recipe.ts'

/** Why a kind of files stays out of a hardened image, in a word or two, and the rule that lets it in. */
export interface Ballast {
  readonly reason: string
  readonly rule: RelaxableRule
  /** Why nobody in a container needs it, as a sentence without its end; where the rule itself does not say it. */
  readonly why?: string
  /** Folders stay (programs expect them, with their owners), only what is in them goes. */
  readonly filesOnly?: boolean
}
