import type { Command } from 'commander'
import type { Context } from '../../flows/context.ts'
import type { Host } from '../host.ts'
import type { Style } from '../style.ts'

/** What a command hands back: the frame prints one of the two on standard output, never both. */
export interface Outcome {
  /** The object or list that `--json` prints. */
  readonly json: Readonly<Record<string, unknown>> | readonly unknown[]
  /** The same where it is long: its text in pieces, in place of `json`; each holds until the next one is asked for. */
  readonly jsonPieces?: Iterable<string | Uint8Array>
  /**
   * What people read; ends with a line break unless empty. In pieces where it is long: each of whole lines, unless it is a
   * "document".
   */
  readonly text: (style: Style) => string | Iterable<string>
  /**
   * What the text is: a "document" is printed as it is, an "answer" is folded for the terminal, and a "summary" of what
   * was done is left out with `--quiet`. Default: "answer".
   */
  readonly kind?: 'document' | 'answer' | 'summary'
  /** Default 0; 1 when the command did its work and the answer is no. */
  readonly exitCode?: number
}

/** One call of a command, options as commander parsed them. */
export interface Invocation {
  readonly args: readonly (string | undefined)[]
  readonly options: Readonly<Record<string, unknown>>
  /** Options that the command line gives, not a setting: names as in `options`. */
  readonly given: ReadonlySet<string>
  /** Made on first call, so that commands that need no context do not pay for it. */
  context(): Promise<Context>
  readonly host: Host
  /** Prints a line beside the result that everyone should see, unless --quiet. */
  say(text: string): void
  /** The parsed program with every command registered. */
  program(): Promise<Command>
}

/** One command: its place in the help, and what it does. */
export interface CommandDefinition {
  readonly name: string
  readonly summary: string
  /** For programs: in no help. */
  readonly hidden?: boolean
  /** Adds arguments, options and a longer description. */
  configure(command: Command): void
  /** What its texts are unless an outcome says so itself: true makes them a "summary". */
  readonly quietable?: boolean
  /** True when it is about the cache itself: it has to fail where the cache cannot be written to. */
  readonly ownCache?: boolean
  /** Milliseconds that it may take to end when it is asked to; default: 3000. */
  readonly stopsWithin?: number
  readonly examples: readonly { readonly command: string; readonly does: string }[]
  run(invocation: Invocation): Promise<Outcome>
}
