import type { Distro, EffectPackage, ExistingSystem } from '../../../model/distro.ts'
import { capturedBytes } from '../../../model/package/package-content.ts'
import { readGroups, readUsers } from '../../shared/effects/accounts/account-files.ts'
import type { Effect } from '../../shared/effects/effect.ts'
import { performEffects, type ScriptHabits } from '../../shared/effects/perform.ts'
import { baseGroups, baseUsers } from './base-accounts.ts'
import { effects } from './effects.ts'
import { followScripts } from './follow-scripts.ts'
import { debianReaders } from './readers.ts'

const habits: ScriptHabits = {
  effects,
  baseAccounts,
  readers: debianReaders,
  followScripts,
}

/**
 * Does what the maintainer scripts of the kept packages would do. `root` holds the kept packages' files after usr-merge
 * path mapping.
 */
export const applyEffects: Distro['applyEffects'] = (packages, root, options) =>
  performEffects(packages, root, {
    ...options,
    habits: options.system === undefined ? habits : habitsOn(options.system),
  })

/** What is done on a system that is there: its accounts are known, and what every new system gets it has. */
function habitsOn(system: ExistingSystem): ScriptHabits {
  const { passwd, group } = system
  const baseAccounts = () => ({ users: readUsers(passwd), groups: readGroups(group) })
  if (system.mayLack) return { ...habits, baseAccounts }
  return {
    ...habits,
    effects: [...effects.filter(({ id }) => !onlyNew.has(id)), pamAsBefore(system)],
    baseAccounts,
  }
}

/** The stacks of PAM follow from its profiles: where those are what they were, so are the stacks. */
function pamAsBefore({ isSame }: ExistingSystem): Effect {
  return {
    id: 'pam-as-before',
    title: 'Stacks of PAM on a system that is there',
    why: 'Programs ask PAM who somebody is.',
    source: 'pam-auth-update(8)',
    start({ stage }) {
      const folder = 'usr/share/pam-configs'
      const same = stage.list(folder).every((name) => isSame(`${folder}/${name}`))
      return same ? { commands: { 'pam-auth-update': () => ({ status: 0, output: '' }) } } : {}
    },
  }
}

const onlyNew: ReadonlySet<string> = new Set([
  'usr-merge',
  'base-folders',
  'debian-version',
  'name-service',
  'time-zone',
  'locale',
  'compiled-locales',
  'ld-so-conf',
  'pam-profiles',
])

/** The fixed accounts: as base-passwd of this release lists them, else as Temper knows them. */
function baseAccounts(packages: readonly EffectPackage[]): ReturnType<ScriptHabits['baseAccounts']> {
  const content = packages.find((installed) => installed.package.name === 'base-passwd')?.content
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
