import { TemperError } from '../base/error.ts'

/** One machine of a netrc-style file, as curl and apt (apt_auth.conf(5)) read them. */
export interface NetrcEntry {
  /** "http" or "https" when stated; otherwise only https is meant. */
  readonly scheme?: string
  /** Lower-case host name; "*" for `default`. */
  readonly host: string
  readonly port?: string
  /** Path prefix with leading slash; "" for all paths. */
  readonly path: string
  readonly login: string
  readonly password: string
}

const limit = 10_000

/**
 * Reads `machine [http[s]://]HOST[:PORT][/PATH] login NAME password SECRET`, with any white space; `default` stands
 * for every host, `#` starts a comment line, `account` and `macdef` are skipped. Errors (`bad-configuration`) never
 * show a secret.
 */
export function parseNetrc(text: string, what: string): NetrcEntry[] {
  const entries: NetrcEntry[] = []
  const lines = text.replace(/^macdef[^\n]*\n(?:[^\n]+(?:\n|$))*/gm, '').split('\n')
  const words = lines
    .filter((line) => !/^\s*#/.test(line))
    .flatMap((line) => line.split(/\s+/).filter(Boolean))
  const fail = (found: string) =>
    new TemperError('bad-configuration', `${what}: ${found}`, {
      hint: 'Write lines like "machine mirror.example login NAME password SECRET".',
    })
  for (let i = 0; i < words.length; ) {
    const keyword = words[i++]
    if (keyword !== 'machine' && keyword !== 'default') {
      throw fail(`expected "machine" or "default" as entry ${entries.length + 1}`)
    }
    const machine = keyword === 'default' ? '*' : words[i++]
    if (machine === undefined) throw fail('"machine" without a host name at the end')
    const values: Record<string, string> = {}
    while (i < words.length && ['login', 'password', 'account'].includes(words[i] ?? '')) {
      const value = words[i + 1]
      if (value === undefined) throw fail(`"${words[i]}" without a value at the end`)
      values[words[i] ?? ''] = value
      i += 2
    }
    entries.push(toEntry(machine, values))
    if (entries.length > limit) throw fail(`more than ${limit} machines`)
  }
  return entries
}

function toEntry(machine: string, values: Readonly<Record<string, string>>): NetrcEntry {
  const match = /^(?:(https?):\/\/)?(\[[^\]]*\]|[^:/]*)(?::(\d+))?(\/.*)?$/i.exec(machine)
  return {
    ...(match?.[1] ? { scheme: match[1].toLowerCase() } : {}),
    host: (match?.[2] ?? machine).toLowerCase(),
    ...(match?.[3] ? { port: match[3] } : {}),
    path: match?.[4] ?? '',
    login: values['login'] ?? '',
    password: values['password'] ?? '',
  }
}

/**
 * The Authorization header for an address, from the first entry that matches. As with apt, an entry that does not say
 * `http://` is used over https only, and `default` over https only.
 */
export function authorizationFor(entries: readonly NetrcEntry[], url: URL): string | undefined {
  const match = entries.find((entry) => fits(entry, url))
  if (!match) return undefined
  return `Basic ${Buffer.from(`${match.login}:${match.password}`).toString('base64')}`
}

function fits(entry: NetrcEntry, url: URL): boolean {
  if (url.protocol !== `${entry.scheme ?? 'https'}:`) return false
  if (entry.host === '*') return true
  if (entry.host !== url.hostname.toLowerCase()) return false
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  if (entry.port !== undefined && entry.port !== port) return false
  const path = entry.path.replace(/\/+$/, '')
  return path === '' || url.pathname === path || url.pathname.startsWith(`${path}/`)
}
