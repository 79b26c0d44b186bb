import type { Group, User } from '../../../model/account.ts'

/**
 * Accounts with ids that the Debian project assigns for all systems (Debian Policy 9.2.2, ids 0 to 99 and
 * 65534). Used when the base-passwd package, which has the list, is not among the packages.
 */
const users: readonly (readonly [name: string, uid: number, gid: number, home: string])[] = [
  ['root', 0, 0, '/root'],
  ['daemon', 1, 1, '/usr/sbin'],
  ['bin', 2, 2, '/bin'],
  ['sys', 3, 3, '/dev'],
  ['sync', 4, 65534, '/bin'],
  ['games', 5, 60, '/usr/games'],
  ['man', 6, 12, '/var/cache/man'],
  ['lp', 7, 7, '/var/spool/lpd'],
  ['mail', 8, 8, '/var/mail'],
  ['news', 9, 9, '/var/spool/news'],
  ['uucp', 10, 10, '/var/spool/uucp'],
  ['proxy', 13, 13, '/bin'],
  ['www-data', 33, 33, '/var/www'],
  ['backup', 34, 34, '/var/backups'],
  ['list', 38, 38, '/var/list'],
  ['irc', 39, 39, '/run/ircd'],
  ['_apt', 42, 65534, '/nonexistent'],
  ['nobody', 65534, 65534, '/nonexistent'],
]

const groups: readonly (readonly [name: string, gid: number])[] = [
  ['root', 0],
  ['daemon', 1],
  ['bin', 2],
  ['sys', 3],
  ['adm', 4],
  ['tty', 5],
  ['disk', 6],
  ['lp', 7],
  ['mail', 8],
  ['news', 9],
  ['uucp', 10],
  ['man', 12],
  ['proxy', 13],
  ['kmem', 15],
  ['dialout', 20],
  ['fax', 21],
  ['voice', 22],
  ['cdrom', 24],
  ['floppy', 25],
  ['tape', 26],
  ['sudo', 27],
  ['audio', 29],
  ['dip', 30],
  ['www-data', 33],
  ['backup', 34],
  ['operator', 37],
  ['list', 38],
  ['irc', 39],
  ['src', 40],
  ['shadow', 42],
  ['utmp', 43],
  ['video', 44],
  ['sasl', 45],
  ['plugdev', 46],
  ['staff', 50],
  ['games', 60],
  ['users', 100],
  ['nogroup', 65534],
]

export const baseUsers: readonly User[] = users.map(([name, uid, gid, home]) => ({
  name,
  uid,
  gid,
  home,
  comment: name,
}))

export const baseGroups: readonly Group[] = groups.map(([name, gid]) => ({ name, gid, members: [] }))
