/** What the library's documentation says of it; it brings no types of its own. */
declare module 'spdx-expression-parse' {
  export interface LicenceNode {
    readonly license: string
    readonly plus?: true
    readonly exception?: string
  }
  export interface ConjunctionNode {
    readonly left: ExpressionNode
    readonly conjunction: 'and' | 'or'
    readonly right: ExpressionNode
  }
  export type ExpressionNode = LicenceNode | ConjunctionNode

  /** Throws an Error when the text is no expression over the licences that SPDX lists. */
  export default function parse(text: string): ExpressionNode
}
