import type { Environment } from './environment.ts'
import type { Fuel } from './fuel.ts'
import type { Node } from './parse/syntax.ts'
import type { ScriptWorld, Status, Value } from './world.ts'

/** How a command ended the sequence it is in. */
export interface Signal {
  readonly kind: 'exit' | 'return' | 'loop'
  readonly status: Status
  /** `loop`: go on with the next round. */
  readonly next?: boolean
  /** `loop`: how many loops it is about, the innermost first; 1 when absent. */
  readonly loops?: number
  /** Line of the script that caused it. */
  readonly line?: number
}

export interface CommandSource {
  readonly line: number
  readonly text: string
}

/** The shell that a script is for, where what it says means something else in another: `bash` stands for busybox, too. */
export type Dialect = 'dash' | 'bash'

export interface ShellOptions {
  /** Units of work (see Fuel). */
  readonly fuel: number
  readonly dialect: Dialect
}

/** The interpreter as built-in commands see it. */
export interface Shell {
  environment: Environment
  readonly world: ScriptWorld
  readonly fuel: Fuel
  readonly dialect: Dialect
  /** Line of the script that sources the present text; undefined in the script itself. */
  sourceLine: number | undefined
  /** Standard input that is left, when it is known. */
  input: Value
  signal: Signal | undefined
  /** Number of running loops in the present function or script. */
  readonly loops: number
  /** Who runs the present command, for `test -O`. */
  user: { readonly uid: number; readonly gid: number } | undefined
  /** A path of the script as an absolute one; undefined when not known. */
  absolute(path: Value): Value
  /** Adds to standard output. */
  emit(text: Value): void
  run(node: Node): Status
  /** Runs a command whose words are known as far as they can be; without functions for `command`. */
  command(source: CommandSource, words: readonly Value[], options?: { readonly functions: boolean }): Status
}

/** Whether a loop ends after a round with this signal, and the remaining signal for the enclosing code. */
export function endOfRound(signal: Signal | undefined): {
  readonly over: boolean
  readonly signal: Signal | undefined
} {
  if (signal?.kind !== 'loop') return { over: signal !== undefined, signal }
  const { next, loops = 1 } = signal
  if (loops > 1) return { over: true, signal: { ...signal, loops: loops - 1 } }
  return { over: !next, signal: undefined }
}

/** A command of the shell itself; "external" when it is not that after all. */
export type Builtin = (words: readonly Value[], shell: Shell, node: CommandSource) => Status | 'external'
