import { TemperError } from '../../base/error.ts'
import type { Rootfs } from '../../model/tree/rootfs.ts'

export interface RuntimeUser {
  /** As the image's configuration names it: a number, so that orchestrators can check it. */
  readonly user: string
  readonly uid: number
  readonly gid: number
  readonly home: string
}

/** Finds the user that the image runs as in the finished /etc/passwd; a number needs no entry. */
export function runtimeUser(root: Rootfs, runAs: string): RuntimeUser {
  const text = new TextDecoder().decode(root.get('etc/passwd')?.content ?? new Uint8Array())
  const users = text.split('\n').flatMap((line) => {
    const [name, , uid, gid, , home] = line.split(':')
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid), home: home || '/' }] : []
  })
  const account = users.find((user) => user.name === runAs || String(user.uid) === runAs)
  if (account) return { user: String(account.uid), uid: account.uid, gid: account.gid, home: account.home }
  if (/^\d{1,9}$/.test(runAs))
    return { user: `${runAs}:${runAs}`, uid: Number(runAs), gid: Number(runAs), home: '/' }
  throw new TemperError('bad-recipe', `accounts.run-as: the image has no user "${runAs}"`, {
    hint: `It has: ${users.map((user) => user.name).join(', ')}. Declare it under accounts.users.`,
    details: { user: runAs },
  })
}
