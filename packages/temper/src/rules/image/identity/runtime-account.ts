import { parseAccountFile } from '../../hardening/accounts-file.ts'
import type { ImageSubject } from '../subject.ts'

/** A line of /etc/passwd (passwd(5)). */
export interface Account {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
}

/**
 * The accounts of a tree; empty where it has none. Lines with invalid numbers are left out, since another rule
 * reports them.
 */
export function accountsOf({ root }: Pick<ImageSubject, 'root'>): Account[] {
  return linesOf(root, 'etc/passwd').flatMap(([name = '', , uid = '', gid = '', , home = '']) =>
    /^\d{1,10}$/.test(uid) ? [{ name, uid: Number(uid), gid: Number(gid), home }] : [],
  )
}

/** A line of /etc/group (group(5)). */
export interface ImageGroup {
  readonly name: string
  readonly gid: number
  readonly members: readonly string[]
}

export function groupsOf({ root }: Pick<ImageSubject, 'root'>): ImageGroup[] {
  return linesOf(root, 'etc/group').flatMap(([name = '', , gid = '', members = '']) =>
    /^\d{1,10}$/.test(gid) ? [{ name, gid: Number(gid), members: members.split(',') }] : [],
  )
}

function linesOf(root: ImageSubject['root'], path: string): string[][] {
  return parseAccountFile(root.resolve(path)?.content ?? new Uint8Array())
}
