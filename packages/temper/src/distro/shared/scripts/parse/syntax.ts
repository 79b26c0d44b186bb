/** A shell script as a tree (POSIX.1-2024, Shell Command Language, section 2.10), reduced to what following it needs. */

export type WordPart =
  /** Literal text; quoted text is neither split nor matched against file names. */
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'parameter'
      readonly name: string
      /** `:-`, `-`, `:=`, `=`, `:?`, `?`, `:+`, `+`, `#`, `##`, `%`, `%%`, `length`, or `other` for what POSIX does not have. */
      readonly operator: string | undefined
      readonly argument: Word
      readonly quoted: boolean
    }
  | { readonly kind: 'command'; readonly body: Node; readonly quoted: boolean }
  /** Something whose value cannot be told: bash extensions. */
  | {
      readonly kind: 'arithmetic'
      /** As it is written, for the names that it assigns. */
      readonly text: string
      /** What is computed once parameters and commands in it are expanded. */
      readonly expression: Word
      readonly quoted: boolean
    }
  /** `~name`; without a name that of who runs the script. */
  | { readonly kind: 'home'; readonly of: string; readonly quoted: true }
  | { readonly kind: 'unknown'; readonly quoted: boolean }

export type Word = readonly WordPart[]

export interface Redirect {
  /** File descriptor that is redirected. */
  readonly descriptor: number
  readonly operator: '<' | '>' | '>>' | '<<' | '<&' | '>&' | '<>'
  /** File name, descriptor, or the text of a here-document. */
  target: Word
}

export interface Assignment {
  readonly name: string
  readonly value: Word
  /** `name+=value` */
  readonly append: boolean
}

export interface SimpleCommand {
  readonly kind: 'simple'
  readonly line: number
  /** As written, white space collapsed, shortened. */
  readonly text: string
  readonly assignments: readonly Assignment[]
  readonly words: readonly Word[]
  readonly redirects: readonly Redirect[]
}

export interface Redirected {
  readonly kind: 'redirected'
  readonly line: number
  readonly text: string
  readonly body: Node
  readonly redirects: readonly Redirect[]
}

export type Node =
  | SimpleCommand
  | Redirected
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'pipeline'; readonly negated: boolean; readonly stages: readonly Node[] }
  | {
      readonly kind: 'chain'
      readonly first: Node
      /** Each runs when what came before succeeded (`and`) or failed (`or`). */
      readonly rest: readonly { readonly operator: 'and' | 'or'; readonly node: Node }[]
    }
  | {
      readonly kind: 'if'
      readonly arms: readonly { readonly condition: Node; readonly body: Node }[]
      readonly otherwise: Node | undefined
    }
  | {
      readonly kind: 'case'
      readonly subject: Word
      readonly arms: readonly { readonly patterns: readonly Word[]; readonly body: Node }[]
    }
  | {
      readonly kind: 'for'
      readonly variable: string
      /** Absent: the positional parameters. */
      readonly words: readonly Word[] | undefined
      readonly body: Node
    }
  | { readonly kind: 'while'; readonly until: boolean; readonly condition: Node; readonly body: Node }
  | { readonly kind: 'subshell'; readonly body: Node }
  | { readonly kind: 'function'; readonly name: string; readonly body: Node }
  /** Something that is no POSIX shell and that was skipped: `((…))`. */
  | { readonly kind: 'opaque'; readonly line: number; readonly text: string }
