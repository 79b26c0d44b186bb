import type { PolicyInput } from '../facts/schema.ts'
import type { ExpressionScope } from '../file/policy.ts'

/** What the thread says when it has loaded what it needs, and begins to answer. */
export const ready = 'ready'

/** An expression, and what it is asked of. */
export interface ExpressionQuestion {
  readonly id: string
  readonly each: ExpressionScope
  /** In CEL. */
  readonly text: string
}

/** What a worker thread is given; without input expressions are only understood, not asked. */
export interface ExpressionJob {
  readonly questions: readonly ExpressionQuestion[]
  readonly input?: PolicyInput
}

export interface ExpressionAnswer {
  readonly id: string
  /** Indices of what it is true of; 0 for the image. */
  readonly met: readonly number[]
  /** What had no answer: the first of them. Without index: whatever it would be asked of. */
  readonly faults: readonly { readonly index?: number; readonly message: string }[]
  /** Why the expression cannot be understood: nothing was asked. */
  readonly wrong?: string
}
