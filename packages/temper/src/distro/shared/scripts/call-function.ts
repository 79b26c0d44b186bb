import { type Environment, restoreLocals } from './environment.ts'
import type { Shell } from './shell.ts'
import type { Status, Value } from './world.ts'

/** Calls a function: with parameters, local variables and loops of its own, and up to its `return`. */
export function callFunction(
  shell: Shell & { loops: number },
  positional: readonly Value[],
  body: () => Status,
): Status {
  const { environment, loops } = shell
  const { positional: caller, locals: outer } = environment
  const locals: NonNullable<Environment['locals']> = new Map()
  shell.loops = 0
  environment.positional = positional
  environment.locals = locals
  const status = body()
  shell.loops = loops
  shell.environment.positional = caller
  shell.environment.locals = outer
  restoreLocals(shell.environment, locals)
  if (shell.signal?.kind !== 'return') return status
  const returned = shell.signal.status
  shell.signal = undefined
  return returned
}
