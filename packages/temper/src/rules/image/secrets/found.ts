import type { SecretFinding } from '../../../model/advisory/finding.ts'
import type { Fault } from '../../../model/rule.ts'

/** How what is found in an image's configuration is placed; see the finding's location. */
const configured = 'image configuration: '

/** Where a secret is, as far as it matters for what has to be done. */
export type SecretKind = 'history' | 'configuration' | 'deleted' | 'key' | 'password' | 'file'

const keys: ReadonlySet<string> = new Set(['private-key', 'encrypted-private-key', 'age-secret-key'])
/** Hashes of passwords: the rules "account" and "password-file" tell of them. */
const hashes: ReadonlySet<string> = new Set(['shadow-password', 'htpasswd'])

export function kindOf({ location, rule, deleted }: SecretFinding): SecretKind {
  if (location.path.startsWith(`${configured}history`)) return 'history'
  if (location.path.startsWith(configured)) return 'configuration'
  if (deleted) return 'deleted'
  if (keys.has(rule)) return 'key'
  return hashes.has(rule) ? 'password' : 'file'
}

/** Positions, from 1, of the history entries that hold a secret, whose text is never shown. */
export function secretEntries(secrets: readonly SecretFinding[]): ReadonlySet<number> {
  const positions = secrets.flatMap(({ location }) => {
    const [, position] = entryPath.exec(location.path) ?? []
    return position === undefined ? [] : [Number(position)]
  })
  return new Set(positions)
}

const entryPath = /^image configuration: history entry (\d+)$/

/** The fault that reports a secret; its level says how certain it is that somebody can use the secret. */
export function secretFault(secret: SecretFinding): Fault {
  const { place, subject, title, line, level, location } = secret
  const found = location.path.startsWith(configured) ? title : `${title} in line ${line}`
  return { place, subject, level, found }
}
