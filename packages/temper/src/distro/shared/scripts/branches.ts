import { type Environment, mergeInto } from './environment.ts'
import type { Signal } from './shell.ts'
import type { Status } from './world.ts'

/** How one of several branches ended. */
export interface BranchEnd {
  readonly environment: Environment
  readonly signal: Signal | undefined
  readonly status: Status
}

export interface JoinedBranches {
  readonly status: Status
  /** Set when all branches end like this. */
  readonly signal: Signal | undefined
  /** Set when some branches end like this. */
  readonly doubts: readonly Signal['kind'][]
}

/**
 * Joins the states after several branches, of which an unknown one was taken. `before` becomes the environment after
 * them. A branch that ends the script with an error was not taken, unless all do.
 */
export function joinBranches(before: Environment, ends: readonly BranchEnd[]): JoinedBranches {
  const taken = ends.filter(({ signal }) => signal?.kind !== 'exit' || (signal.status ?? 0) === 0)
  const possible = taken.length > 0 ? taken : ends
  const environments = possible.map((end) => end.environment)
  mergeInto(before, environments)
  const signals = possible.map((end) => end.signal)
  const [first] = possible
  const status = possible.every((end) => end.status === first?.status) ? first?.status : undefined
  const shared = first?.signal
  if (shared && signals.every((signal) => signal?.kind === shared.kind && signal.next === shared.next)) {
    const same = signals.every((signal) => signal?.status === shared.status)
    return { status, signal: same ? shared : { ...shared, status: undefined }, doubts: [] }
  }
  return { status, signal: undefined, doubts: signals.flatMap((signal) => signal?.kind ?? []) }
}
