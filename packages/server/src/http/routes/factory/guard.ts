import { type Action, may, type Principal } from '../../../auth/principal.ts'
import { ProblemError } from '../../problem.ts'

/** Throws 403 unless somebody may perform an action on an image. */
export function demand(principal: Principal, action: Action, image: string): void {
  if (!may(principal, action, image))
    throw new ProblemError(403, 'Your token does not allow this', `${action} ${image}`)
}

/** Throws 403 unless somebody may perform an action on the service as a whole. */
export function demandAll(principal: Principal, action: Action): void {
  if (!may(principal, action))
    throw new ProblemError(403, 'Your token does not allow this', 'this needs the role in every project')
}

/** Of the given images, those that somebody may see. */
export function visible<T extends { readonly name: string }>(principal: Principal, all: readonly T[]): T[] {
  return all.filter(({ name }) => may(principal, 'pull', name))
}
