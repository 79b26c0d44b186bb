import type { Group, User } from '../../../model/account.ts'
import type { EffectPackage } from '../../../model/distro.ts'
import { capturedBytes } from '../../../model/package/package-content.ts'
import { readGroups, readUsers } from '../../shared/effects/accounts/account-files.ts'
import type { ScriptHabits } from '../../shared/effects/perform.ts'

/** Accounts that every Alpine has (alpine-baselayout-data), for images without that package. */
const users: readonly User[] = [
  { name: 'root', uid: 0, gid: 0, home: '/root', comment: 'root' },
  { name: 'nobody', uid: 65534, gid: 65534, home: '/', comment: 'nobody' },
]

const groups: readonly Group[] = (
  [
    ['root', 0],
    ['adm', 4],
    ['tty', 5],
    ['shadow', 42],
    ['www-data', 82],
    ['users', 100],
    ['nogroup', 65533],
    ['nobody', 65534],
  ] as const
).map(([name, gid]) => ({ name, gid, members: [] }))

/** The fixed accounts: as alpine-baselayout-data lists them, else as Temper knows them. */
export const baseAccounts: ScriptHabits['baseAccounts'] = (packages: readonly EffectPackage[]) => {
  const content = packages.find((found) => found.package.name === 'alpine-baselayout-data')?.content
  const text = (path: string) => {
    const bytes = content && capturedBytes(content, path)
    return bytes === undefined ? '' : Buffer.from(bytes).toString('utf8')
  }
  const [listed, listedGroups] = [readUsers(text('etc/passwd')), readGroups(text('etc/group'))]
  return {
    users: listed.length > 0 ? listed : users,
    groups: listedGroups.length > 0 ? listedGroups : groups,
  }
}
