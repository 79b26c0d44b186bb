import { type Action, may, type Principal } from '../../../auth/principal.ts'
import { ProblemError } from '../../problem.ts'

/** Throws 403 unless somebody may do something to an image. */
export function demand(principal: Principal, action: Action, image: string): void {
  if (!may(principal, action, image))
    throw new ProblemError(403, 'Your token does not allow this', `${action} ${image}`)
}

/** The same of the service as a whole. */
export function demandAll(principal: Principal, action: Action): void {
  if (!may(principal, action))
    throw new ProblemError(403, 'Your token does not allow this', 'this needs the role in every project')
}

/** The images that somebody may see, of those that there are. */
export function visible<T extends { readonly name: string }>(principal: Principal, all: readonly T[]): T[] {
  return all.filter(({ name }) => may(principal, 'pull', name))
}
