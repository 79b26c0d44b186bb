import type { Environment } from './environment.ts'
import { OutOfFuel } from './fuel.ts'
import { Interpreter } from './interpreter.ts'
import { ShellSyntaxError } from './parse/cursor.ts'
import { parseScript } from './parse/parse.ts'
import type { Dialect } from './shell.ts'
import type { ScriptCommand, ScriptWorld, ScriptWrite, Value } from './world.ts'

/** Longest script that is read. */
const maximumLength = 1 << 20
/**
 * Units of work (see Fuel) for one script. The largest real one, of ca-certificates over a list that is there already, needs six million:
 * it looks for each authority in the text of all. No script takes longer than about a second.
 */
const fuel = 20_000_000

export interface ScriptRun {
  /** `$1` and so on, e.g. ["configure", ""] for a first installation (Debian Policy, section 6.5). */
  readonly arguments: readonly string[]
  /** The environment that the package manager gives. */
  readonly variables: Readonly<Record<string, string>>
  /** What `/bin/sh` is: dash when absent. */
  readonly sh?: Dialect
}

/** Why a script could not be followed to its end. */
export interface ScriptTrouble {
  readonly line: number
  readonly reason: string
}

/**
 * Follows a maintainer script in a world. Never throws for anything that the script says: what cannot be
 * followed is returned as trouble, and what was met before that has been reported to the world.
 */
export function followScript(text: string, world: ScriptWorld, run: ScriptRun): ScriptTrouble | undefined {
  if (text.length > maximumLength)
    return { line: 1, reason: `the script is longer than ${maximumLength} characters` }
  const firstLine = /^[^\n]{0,200}/.exec(text)?.[0] ?? ''
  if (!isShellScript(firstLine))
    return { line: 1, reason: firstLine.startsWith('#!') ? firstLine : 'not a shell script' }
  const interpreter = new Interpreter(world, startEnvironment(run), {
    fuel,
    dialect: dialectOf(firstLine, run),
  })
  try {
    interpreter.runWhole(parseScript(text))
    return failure(interpreter)
  } catch (error) {
    if (error instanceof ShellSyntaxError)
      return { line: error.line, reason: `not understood: ${error.message}` }
    if (error instanceof OutOfFuel) return { line: 1, reason: error.message }
    throw error
  }
}

/** Whether a text begins as a script of a shell does. */
function isShellScript(text: string): boolean {
  const firstLine = /^[^\n]{0,200}/.exec(text)?.[0] ?? ''
  return /^#!\s*(?:\/usr)?\/bin\/(?:ba|da|k)?sh\b|^#!\s*\/usr\/bin\/env\s+(?:ba|da)?sh\b|^#!\s*\/bin\/busybox\s+a?sh\b/.test(
    firstLine,
  )
}

function dialectOf(firstLine: string, { sh = 'dash' }: ScriptRun): Dialect {
  if (/\bdash\b/.test(firstLine)) return 'dash'
  return /\bbash\b|\bbusybox\b|\bksh\b/.test(firstLine) ? 'bash' : sh
}

/** Whether a text is a script of a shell that can be followed. */
export function canFollow(text: string): boolean {
  if (text.length > maximumLength || !isShellScript(text)) return false
  try {
    parseScript(text)
    return true
  } catch (error) {
    if (error instanceof ShellSyntaxError || error instanceof OutOfFuel) return false
    throw error
  }
}

/** A script that fails for sure has met something that is taken to be other than it is. */
function failure({ signal }: Interpreter): ScriptTrouble | undefined {
  if (signal?.kind !== 'exit' || signal.status === undefined || signal.status === 0) return undefined
  return { line: signal.line ?? 1, reason: `exit ${signal.status}: nothing after it is looked at` }
}

function startEnvironment(run: ScriptRun): Environment {
  return {
    variables: new Map<string, Value>(Object.entries(run.variables)),
    functions: new Map(),
    positional: run.arguments,
    tainted: false,
    umask: 0o022,
    exported: new Set(),
    atExit: undefined,
    folder: '/',
  }
}

/** Something that a script may do to the system. */
export type ScriptAction =
  | ({ readonly kind: 'command' } & ScriptCommand)
  | ({ readonly kind: 'write' } & ScriptWrite)
  | ({ readonly kind: 'trouble' } & ScriptTrouble)

/**
 * Everything that a script may do, with nothing known about the system it runs on. Conditions on files, versions and
 * accounts leave both ways open; those on the script's own arguments and variables do not.
 */
export function scanScript(text: string, run: ScriptRun): readonly ScriptAction[] {
  const actions: ScriptAction[] = []
  const world: ScriptWorld = {
    probe: () => undefined,
    glob: () => undefined,
    read: () => undefined,
    find: () => undefined,
    account: () => undefined,
    run: (command) => {
      actions.push({ kind: 'command', ...command })
      return { status: undefined, output: undefined }
    },
    write: (write) => void actions.push({ kind: 'write', ...write }),
  }
  const trouble = followScript(text, world, run)
  if (trouble) actions.push({ kind: 'trouble', ...trouble })
  return actions
}
