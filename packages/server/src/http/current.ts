import { ProblemError } from './problem.ts'
import type { ApiWorld } from './world.ts'

/** What a newer server has made of the database this one cannot read. Its registry needs none. */
export function demandCurrent({ factory }: Pick<ApiWorld, 'factory'>): void {
  const why = factory?.aside.why
  if (why !== undefined)
    throw new ProblemError(503, 'This server is of an earlier version than its database', why)
}
