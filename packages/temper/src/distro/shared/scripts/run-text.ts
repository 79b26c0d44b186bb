import { calledEnvironment, type ExitTrap } from './environment.ts'
import { ShellSyntaxError } from './parse/cursor.ts'
import { parseScript } from './parse/parse.ts'
import type { Node } from './parse/syntax.ts'
import type { CommandSource, Shell } from './shell.ts'
import type { Status, Value } from './world.ts'

/**
 * Runs another text; its actions are reported at the line that asked for it. A text that is not understood may set
 * anything.
 */
export function runText(
  text: string,
  shell: Shell,
  { source, run }: { readonly source: CommandSource; run(node: Node): Status },
): Status {
  shell.fuel.spend(text.length)
  const outer = shell.sourceLine
  shell.sourceLine ??= source.line
  try {
    return run(parseScript(text))
  } catch (error) {
    if (!(error instanceof ShellSyntaxError)) throw error
    shell.environment.tainted = true
    return undefined
  } finally {
    shell.sourceLine = outer
  }
}

/** Follows a called script, which gets only exported variables from its caller. */
export function followText(
  text: string,
  shell: Shell,
  called: {
    readonly positional: readonly Value[]
    /** `$0`. */
    readonly path: Value
    readonly source: CommandSource
    run(node: Node): Status
  },
): Status {
  const { environment } = shell
  shell.environment = calledEnvironment(environment, called.positional)
  if (called.path !== undefined) shell.environment.variables.set('0', called.path)
  try {
    return runText(text, shell, called)
  } finally {
    shell.environment = environment
  }
}

/** Runs the exit trap of a script; an unknown one is reported as a command of unknown name. */
export function runExitTrap({ text }: ExitTrap, shell: Shell): Status {
  const source = { line: 1, text: 'trap … EXIT' }
  if (text === undefined) return shell.command(source, [undefined])
  return runText(text, shell, { source, run: (node) => shell.run(node) })
}
