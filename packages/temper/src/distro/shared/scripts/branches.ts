import { type Environment, mergeInto } from './environment.ts'
import type { Signal } from './shell.ts'
import type { Status } from './world.ts'

/** How one of several ways ended. */
export interface BranchEnd {
  readonly environment: Environment
  readonly signal: Signal | undefined
  readonly status: Status
}

export interface JoinedBranches {
  readonly status: Status
  /** All ways end like this. */
  readonly signal: Signal | undefined
  /** Some ways end like this. */
  readonly doubts: readonly Signal['kind'][]
}

/**
 * What holds after one of several ways was taken, it is not known which. `before` becomes the environment
 * after them. A way that ends the script with an error was not taken, unless all do.
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
