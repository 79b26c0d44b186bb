/** Something in a program of awk that is not followed: what it prints is not known. */
export class AwkError extends Error {}

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'regexp'; readonly source: string }
  | { readonly kind: 'group'; readonly of: Expression }
  | AwkPlace
  | { readonly kind: 'unary'; readonly operator: string; readonly of: Expression }
  | { readonly kind: 'step'; readonly by: 1 | -1; readonly before: boolean; readonly place: AwkPlace }
  | {
      readonly kind: 'binary'
      readonly operator: string
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'in'; readonly keys: readonly Expression[]; readonly array: string }
  | { readonly kind: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | {
      readonly kind: 'assign'
      readonly operator: string
      readonly place: AwkPlace
      readonly value: Expression
    }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }

/** What can be assigned to. */
export type AwkPlace =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'element'; readonly name: string; readonly keys: readonly Expression[] }
  | { readonly kind: 'field'; readonly index: Expression }

export type AwkStatement =
  | { readonly kind: 'block'; readonly body: readonly AwkStatement[] }
  | { readonly kind: 'expression'; readonly of: Expression }
  | { readonly kind: 'print'; readonly values: readonly Expression[]; readonly format: boolean }
  | {
      readonly kind: 'if'
      readonly test: Expression
      readonly yes: AwkStatement
      readonly no: AwkStatement | undefined
    }
  | {
      readonly kind: 'loop'
      readonly start: AwkStatement | undefined
      readonly test: Expression | undefined
      readonly step: AwkStatement | undefined
      readonly body: AwkStatement
      /** `do … while`: the body comes before the first test. */
      readonly late: boolean
    }
  | { readonly kind: 'each'; readonly variable: string; readonly array: string; readonly body: AwkStatement }
  | { readonly kind: 'delete'; readonly array: string; readonly keys: readonly Expression[] | undefined }
  | { readonly kind: 'leave'; readonly how: 'next' | 'break' | 'continue' }
  | { readonly kind: 'exit'; readonly status: Expression | undefined }

/** A pattern and what is done with the records that it fits. */
export interface AwkRule {
  readonly when: 'begin' | 'end' | readonly Expression[]
  /** Absent: the record is printed. */
  readonly body: AwkStatement | undefined
}
