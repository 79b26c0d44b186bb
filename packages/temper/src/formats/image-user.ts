import { TemperError } from '../base/error.ts'
import { accountId } from '../model/assess/account-id.ts'

/** The numeric ids for "USER" or "USER:GROUP" in an image's configuration. */
export interface ResolvedUser {
  readonly uid: number
  readonly gid: number
}

/** Contents of the image's account files; empty for missing ones. */
export interface AccountFiles {
  readonly passwd: string
  readonly group: string
}

/**
 * Finds who a process of an image runs as (image-spec config.md, "User"): names are looked up, a user without a group
 * ("web" or "web:") gets its own from /etc/passwd, else 0; no user means root. Throws `bad-image` for an unknown
 * name.
 */
export function resolveUser(text: string, files: AccountFiles): ResolvedUser {
  const [user = '', group = ''] = text === '' ? ['0'] : text.split(':')
  const id = accountId(user)
  const account = records(files.passwd).find(([name, , uid]) =>
    id === undefined ? name === user : accountId(uid) === id,
  )
  const uid = id ?? accountId(account?.[2])
  if (uid === undefined || user === '') throw unknown('user', user)
  if (group === '') return { uid, gid: accountId(account?.[3]) ?? 0 }
  const gid = accountId(group) ?? accountId(records(files.group).find(([name]) => name === group)?.[2])
  if (gid === undefined) throw unknown('group', group)
  return { uid, gid }
}

/** Whether the text also names a group; the process then belongs to no other group. */
export function namesGroup(text: string): boolean {
  return /:./s.test(text)
}

function records(file: string): string[][] {
  return file.split('\n').map((line) => line.split(':'))
}

function unknown(kind: string, name: string): TemperError {
  return new TemperError('bad-image', `The image runs as the ${kind} "${name.slice(0, 80)}", which it lacks`)
}
