import type { Value } from '../../scripts/world.ts'
import type { EffectContext } from '../effect.ts'

/**
 * Ids of a user and a group, by name or number; absent for what is not given. An account that the image does not have
 * belongs to a package that it does not have, and root is used instead.
 */
export function ownerIds(
  user: Value,
  group: Value,
  { accounts }: EffectContext,
): { readonly uid?: number; readonly gid?: number } {
  const ids: { uid?: number; gid?: number } = {}
  if (user !== undefined && user !== '')
    ids.uid = /^\d{1,9}$/.test(user) ? Number(user) : (accounts.findUser(user)?.uid ?? 0)
  if (group !== undefined && group !== '')
    ids.gid = /^\d{1,9}$/.test(group) ? Number(group) : (accounts.findGroup(group)?.gid ?? 0)
  return ids
}
