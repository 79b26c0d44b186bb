import type { Distro } from '../../../model/distro.ts'
import { readGroups, readUsers } from '../../shared/effects/accounts/account-files.ts'
import { caBundle } from '../../shared/effects/certificates/ca-bundle.ts'
import type { Effect } from '../../shared/effects/effect.ts'
import { literalCommands } from '../../shared/effects/files/literal-commands.ts'
import type { OrderNames } from '../../shared/effects/order.ts'
import { performEffects, type ScriptHabits } from '../../shared/effects/perform.ts'
import { glibSchemas } from '../../shared/effects/settings/glib-schemas.ts'
import { pixbufLoaders } from '../../shared/effects/settings/pixbuf-loaders.ts'
import { relationsOf } from '../archive/data.ts'
import { busyboxAccounts } from './accounts.ts'
import { busyboxLinks } from './busybox.ts'
import { followScripts } from './follow-scripts.ts'

/**
 * The effects of every distribution with apk packages, in the order in which they start and finish; if two handle one
 * command, the later one does.
 */
export const apkEffects: readonly Effect[] = [
  literalCommands(),
  caBundle('etc/ssl'),
  glibSchemas,
  pixbufLoaders,
  busyboxLinks,
  busyboxAccounts,
]

export const apkOrder: OrderNames = {
  needs: ({ content }) =>
    relationsOf(content).depends.flatMap((dependency) => dependency.map(({ name }) => name)),
  gives: ({ content }) => relationsOf(content).provides.map(({ name }) => name),
}

/** Does what the scripts of the kept packages would do. */
export function applyEffects(own: Pick<ScriptHabits, 'effects' | 'baseAccounts'>): Distro['applyEffects'] {
  const habits: ScriptHabits = { ...own, readers: () => ({}), followScripts }
  return (packages, root, options) => {
    const { system } = options
    if (system === undefined) return performEffects(packages, root, { ...options, habits })
    // A system that is there has its accounts.
    const accounts = { users: readUsers(system.passwd), groups: readGroups(system.group) }
    return performEffects(packages, root, { ...options, habits: { ...habits, baseAccounts: () => accounts } })
  }
}
