import { accountId } from '../../../model/assess/account-id.ts'
import { type Fault, nodePlace } from '../../../model/rule.ts'
import type { FileTree } from '../../../model/tree/file-tree.ts'
import { parseAccountFile } from '../../hardening/accounts-file.ts'
import { type HardeningRule, hardeningRule } from '../../hardening/subject.ts'

/** Programs that end a login at once (nologin(8), false(1)), and those of accounts that Unix always had, which do one thing. */
const noLogin = new Set(
  (
    '/usr/sbin/nologin /sbin/nologin /usr/bin/nologin /bin/nologin /usr/bin/false /bin/false /dev/null ' +
    '/bin/sync /usr/bin/sync /sbin/halt /usr/sbin/halt /sbin/shutdown /usr/sbin/shutdown'
  ).split(' '),
)

export const account: HardeningRule = hardeningRule({
  id: 'account',
  title: 'Accounts have no login shell and no password, and only root is uid 0',
  why: 'Nobody logs in to a container. An account that allows it is a door that nobody watches.',
  fix: 'lock the account ("*" for its password), and give it the shell /usr/sbin/nologin',
  level: 'error',
  aspect: 'user-and-permissions',
  tier: 'hardened',
  *check({ root }) {
    yield* checkFile(root, 'etc/passwd', { fields: 7, check: checkPasswd })
    yield* checkFile(root, 'etc/shadow', { fields: 9, check: checkShadow })
    yield* checkFile(root, 'etc/group', { fields: 4, check: checkGroup })
    yield* checkFile(root, 'etc/gshadow', { fields: 4, check: checkGroup })
  },
})

interface FileRule {
  readonly fields: number
  check(fields: readonly string[]): Iterable<string>
}

function* checkFile(root: FileTree, name: string, rule: FileRule): Generator<Fault> {
  const node = root.resolve(name)
  if (!node) return
  const place = nodePlace({ ...node, path: name })
  if (!node.content) {
    yield { place, found: 'comes unchanged from a package, so its accounts are not known' }
    return
  }
  for (const fields of parseAccountFile(node.content)) {
    const who = fields[0] || '(no name)'
    if (fields.length !== rule.fields) {
      yield { place, found: `"${who}" has ${fields.length} fields instead of ${rule.fields}` }
      continue
    }
    for (const fault of rule.check(fields)) yield { place, found: `"${who}" ${fault}` }
  }
}

function* checkPasswd([name, password = '', uid, , , , shell = '']: readonly string[]): Generator<string> {
  if (password !== 'x' && !isLocked(password)) yield describePassword(password)
  if (accountId(uid) === 0 && name !== 'root') yield 'has the uid of root'
  if (!noLogin.has(shell))
    yield shell === '' ? 'has no shell, which means /bin/sh' : `has the login shell ${shell}`
}

function* checkShadow([, password = '']: readonly string[]): Generator<string> {
  if (!isLocked(password)) yield describePassword(password)
}

function* checkGroup([, password = '']: readonly string[]): Generator<string> {
  if (password !== 'x' && password !== '' && !isLocked(password)) yield 'has a group password'
}

/** `*` and anything that starts with `!` matches no password (shadow(5)). */
function isLocked(password: string): boolean {
  return password.startsWith('*') || password.startsWith('!')
}

function describePassword(password: string): string {
  return password === '' ? 'needs no password' : 'has a password'
}
