import type { Distro, EffectPackage } from '../../../model/distro.ts'
import { capturedBytes } from '../../../model/package/package-content.ts'
import { readGroups, readUsers } from '../../shared/effects/accounts/account-files.ts'
import { performEffects, type ScriptHabits } from '../../shared/effects/perform.ts'
import { baseGroups, baseUsers } from './base-accounts.ts'
import { effects } from './effects.ts'
import { followScripts } from './follow-scripts.ts'
import { orderNames } from './order-names.ts'
import { debianReaders } from './readers.ts'

const habits: ScriptHabits = {
  effects,
  order: orderNames,
  baseAccounts,
  readers: debianReaders,
  followScripts,
}

/**
 * Does what the maintainer scripts of the kept packages would do. `root` holds the kept packages' files after usr-merge
 * path mapping.
 */
export const applyEffects: Distro['applyEffects'] = (packages, root, options) =>
  performEffects(packages, root, { ...options, habits })

/** The fixed accounts: as base-passwd of this release lists them, else as Temper knows them. */
function baseAccounts(packages: readonly EffectPackage[]): ReturnType<ScriptHabits['baseAccounts']> {
  const content = packages.find((found) => found.package.name === 'base-passwd')?.content
  const text = (name: string) => {
    const bytes = content && capturedBytes(content, `usr/share/base-passwd/${name}.master`)
    return bytes === undefined ? '' : Buffer.from(bytes).toString('utf8')
  }
  const users = readUsers(text('passwd'))
  const groups = readGroups(text('group'))
  return {
    users: users.length > 0 ? users : baseUsers,
    groups: groups.length > 0 ? groups : baseGroups,
  }
}
