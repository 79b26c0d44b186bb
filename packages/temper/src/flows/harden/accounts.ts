import { findRelaxation } from '../../model/hardening/relaxation.ts'
import type { Relaxation } from '../../model/recipe.ts'
import type { TreeNode } from '../../model/tree/file-tree.ts'
import type { MemoryTree } from '../../model/tree/memory-tree.ts'
import { putText, textOf } from './put-file.ts'

const noLogin = /(?:^|\/)(?:nologin|false)$|^\/dev\/null$/

/**
 * Removes the login shell from accounts that do not need one, and locks accounts with a password (passwd(5),
 * shadow(5)). Malformed lines stay as they are; the rule reports them.
 */
export function lockAccounts(
  root: MemoryTree<TreeNode>,
  { allow, mtime }: { readonly allow: readonly Relaxation[]; readonly mtime: number },
): void {
  const edit = (path: string, change: (fields: string[]) => string[]) => {
    if (findRelaxation(allow, 'account', path) !== undefined) return
    const text = textOf(root, path)
    const changed = text
      .split('\n')
      .map((line) => change(line.split(':')).join(':'))
      .join('\n')
    if (changed !== text) putText(root, { path, mode: 0o644, mtime }, changed)
  }
  edit('etc/passwd', (fields) => {
    const [name = '', password = '', , , , , shell = ''] = fields
    if (fields.length !== 7 || name === '') return fields
    const closed = password === 'x' || isLocked(password) ? password : '*'
    return [name, closed, ...fields.slice(2, 6), noLogin.test(shell) ? shell : '/usr/sbin/nologin']
  })
  edit('etc/shadow', (fields) => {
    const [name = '', password = ''] = fields
    return fields.length !== 9 || isLocked(password) ? fields : [name, '*', ...fields.slice(2)]
  })
  const lockGroup = (fields: string[]) => {
    const [name = '', password = ''] = fields
    const isOpen = password !== '' && password !== 'x' && !isLocked(password)
    return fields.length === 4 && isOpen ? [name, '*', ...fields.slice(2)] : fields
  }
  edit('etc/group', lockGroup)
  edit('etc/gshadow', lockGroup)
}

function isLocked(password: string): boolean {
  return password.startsWith('*') || password.startsWith('!')
}
