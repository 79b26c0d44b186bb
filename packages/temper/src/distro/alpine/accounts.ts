import type { Group, User } from '../../model/account.ts'

/** Accounts that every Alpine has (alpine-baselayout-data), for images without that package. */
export const users: readonly User[] = [
  { name: 'root', uid: 0, gid: 0, home: '/root', comment: 'root' },
  { name: 'nobody', uid: 65534, gid: 65534, home: '/', comment: 'nobody' },
]

export const groups: readonly Group[] = (
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
