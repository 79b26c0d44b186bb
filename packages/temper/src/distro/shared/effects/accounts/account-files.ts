import type { Group, User } from '../../../../model/account.ts'

const idPattern = /^\d{1,9}$/

/** Reads passwd(5) lines; lines that are not such are skipped. */
export function readUsers(text: string): readonly User[] {
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid, comment = '', home = '/'] = line.split(':')
    if (!name || !uid || !gid || !idPattern.test(uid) || !idPattern.test(gid)) return []
    return [{ name, uid: Number(uid), gid: Number(gid), home, comment }]
  })
}

/** Reads group(5) lines; lines that are not such are skipped. */
export function readGroups(text: string): readonly Group[] {
  return text.split('\n').flatMap((line) => {
    const [name, , gid, members = ''] = line.split(':')
    if (!name || !gid || !idPattern.test(gid)) return []
    return [{ name, gid: Number(gid), members: members.split(',').filter(Boolean) }]
  })
}
