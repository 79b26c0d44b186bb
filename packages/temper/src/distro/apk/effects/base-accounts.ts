import type { Group, User } from '../../../model/account.ts'
import { capturedBytes } from '../../../model/package/package-content.ts'
import { readGroups, readUsers } from '../../shared/effects/accounts/account-files.ts'
import type { ScriptHabits } from '../../shared/effects/perform.ts'

/** The fixed accounts: as the package with the base files lists them, else as Temper knows them. */
export function baseAccounts(own: {
  /** Name of the package that has /etc/passwd and /etc/group. */
  readonly package: string
  readonly users: readonly User[]
  readonly groups: readonly Group[]
}): ScriptHabits['baseAccounts'] {
  return (packages) => {
    const content = packages.find((installed) => installed.package.name === own.package)?.content
    const text = (path: string) => {
      const bytes = content && capturedBytes(content, path)
      return bytes === undefined ? '' : Buffer.from(bytes).toString('utf8')
    }
    const [listed, listedGroups] = [readUsers(text('etc/passwd')), readGroups(text('etc/group'))]
    return {
      users: listed.length > 0 ? listed : own.users,
      groups: listedGroups.length > 0 ? listedGroups : own.groups,
    }
  }
}
