import type { Node } from './parse/syntax.ts'
import type { Value } from './world.ts'

/** Variables, positional parameters and functions of a running script; copied for subshells and branches. */
export interface Environment {
  readonly variables: Map<string, Value>
  readonly functions: Map<string, Node>
  positional: readonly Value[]
  /** Set when an unknown file was sourced, which may have set any variable. */
  tainted: boolean
  umask: number
  /** Current folder, undefined when not known. */
  folder: Value
  /** Names of variables that called scripts inherit. */
  exported: ReadonlySet<string>
  /** Command that runs at the end of the script or subshell. */
  atExit: ExitTrap | undefined
  /** In a function: what its local variables were outside; undefined for those that were not set. */
  locals?: Map<string, { readonly value: Value } | undefined> | undefined
}

export interface ExitTrap {
  /** Undefined when not known. */
  readonly text: Value
  /** Whether it certainly runs. */
  readonly certain: boolean
}

export function copyEnvironment(environment: Environment): Environment {
  return {
    ...environment,
    variables: new Map(environment.variables),
    functions: new Map(environment.functions),
  }
}

export function getVariable(environment: Environment, name: string): Value {
  if (environment.variables.has(name)) return environment.variables.get(name)
  return environment.tainted ? undefined : ''
}

/** A path as seen from the current folder; undefined when not known. */
export function absolutePath({ folder }: Environment, path: Value): Value {
  if (path === undefined || path === '' || path.startsWith('/')) return path
  return folder === undefined ? undefined : `${folder === '/' ? '' : folder}/${path}`
}

/** Merges several possible environments into `target`: whatever differs becomes unknown. */
export function mergeInto(target: Environment, branches: readonly Environment[]): void {
  const [first, ...others] = branches
  if (first === undefined) return
  const names = new Set(branches.flatMap((branch) => [...branch.variables.keys()]))
  for (const name of names) {
    const value = getVariable(first, name)
    const same = others.every((other) => getVariable(other, name) === value)
    target.variables.set(name, same ? value : undefined)
  }
  for (const branch of branches) for (const [name, body] of branch.functions) target.functions.set(name, body)
  const same = others.every(
    (other) =>
      other.positional.length === first.positional.length &&
      other.positional.every((value, i) => value === first.positional[i]),
  )
  target.positional = same ? first.positional : first.positional.map(() => undefined)
  target.exported = new Set(branches.flatMap((branch) => [...branch.exported]))
  target.atExit = joinTraps(branches.map((branch) => branch.atExit))
  target.tainted = branches.some((branch) => branch.tainted)
  target.umask = first.umask
  target.folder = others.every((other) => other.folder === first.folder) ? first.folder : undefined
}

function joinTraps(traps: readonly (ExitTrap | undefined)[]): ExitTrap | undefined {
  const [first] = traps
  if (traps.every((trap) => trap?.text === first?.text && trap?.certain === first?.certain)) return first
  const texts = new Set(traps.flatMap((trap) => (trap === undefined ? [] : [trap.text])))
  return { text: texts.size === 1 ? [...texts][0] : undefined, certain: false }
}

/** Restores local variables to their values before the function. */
export function restoreLocals({ variables }: Environment, locals: NonNullable<Environment['locals']>): void {
  for (const [name, before] of locals) {
    if (before === undefined) variables.delete(name)
    else variables.set(name, before.value)
  }
}

/** The environment of a called script: exported variables and its own parameters. */
export function calledEnvironment(caller: Environment, positional: readonly Value[]): Environment {
  const exported = [...caller.variables].filter(
    ([name]) => caller.exported.has(name) || /^(?:HOME|PATH|LANG|LC_|DPKG_|DEB)/.test(name),
  )
  return {
    ...caller,
    variables: new Map(exported),
    functions: new Map(),
    positional,
    tainted: false,
    atExit: undefined,
  }
}
