import { TemperError } from '../base/error.ts'

/** Numbers for "USER" or "USER:GROUP" of an image's configuration, by name or number. */
export interface ResolvedUser {
  readonly uid: number
  readonly gid: number
}

/** Contents of the image's account files; empty when it has none. */
export interface AccountFiles {
  readonly passwd: string
  readonly group: string
}

/** Largest id that Linux gives out: the one above means "none". */
const largest = 2 ** 32 - 2

/**
 * Finds who a process of an image runs as (image-spec config.md, "User"): names are looked up, a user
 * without a group gets its own from /etc/passwd, else 0; nothing means root. Throws `bad-image` for an unknown name.
 */
export function resolveUser(text: string, files: AccountFiles): ResolvedUser {
  const [user = '', group] = text === '' ? ['0'] : text.split(':')
  const account = records(files.passwd).find(([name, , uid]) => name === user || uid === user)
  const uid = number(user) ?? number(account?.[2])
  if (uid === undefined) throw unknown('user', user)
  if (group === undefined) return { uid, gid: number(account?.[3]) ?? 0 }
  const gid = number(group) ?? number(records(files.group).find(([name]) => name === group)?.[2])
  if (gid === undefined) throw unknown('group', group)
  return { uid, gid }
}

function records(file: string): string[][] {
  return file.split('\n').map((line) => line.split(':'))
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) && Number(text) <= largest ? Number(text) : undefined
}

function unknown(kind: string, name: string): TemperError {
  return new TemperError('bad-image', `The image runs as the ${kind} "${name.slice(0, 80)}", which it lacks`)
}
