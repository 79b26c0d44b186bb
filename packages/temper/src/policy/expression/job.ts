import type { PolicyInput } from '../facts/schema.ts'
import type { ExpressionScope } from '../file/policy.ts'

/** The message of the thread that it has loaded what it needs and begins to answer. */
export const ready = 'ready'

/** An expression, and what it is evaluated for. */
export interface ExpressionQuestion {
  readonly id: string
  readonly each: ExpressionScope
  /** In CEL. */
  readonly text: string
}

/** What a worker thread is given; without input, expressions are only parsed, not evaluated. */
export interface ExpressionJob {
  readonly questions: readonly ExpressionQuestion[]
  readonly input?: PolicyInput
}

export interface ExpressionAnswer {
  readonly id: string
  /** Indices of the items for which it is true; 0 for the image. */
  readonly met: readonly number[]
  /** The first item for which there was no answer; without index, there is none for any. */
  readonly faults: readonly { readonly index?: number; readonly message: string }[]
  /** Why the expression cannot be understood; it was not evaluated then. */
  readonly wrong?: string
}
