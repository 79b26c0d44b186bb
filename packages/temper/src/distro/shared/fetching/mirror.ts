import { TemperError } from '../../../base/error.ts'
import { folderAddress, recipeHost } from '../../../base/http/folders.ts'
import { redactUrl } from '../../../base/http/redact.ts'

/** One place that an archive can be fetched from. */
export interface Mirror {
  /** Base address without a slash at its end and without credentials. */
  readonly address: string
  readonly from: 'recipe' | 'configuration' | 'host' | 'lock' | 'snapshot'
  /** The time whose state the address shows; absent: it follows the present. */
  readonly snapshot?: Date
}

/** Checks and normalises a base address. Errors: `bad-configuration`, or `bad-recipe` for one of a recipe. */
export function toMirror(address: string, from: Mirror['from']): Mirror {
  const folder = folderAddress(address) ?? (address.startsWith(`file://${recipeHost}/`) ? address : undefined)
  if (folder !== undefined) return { address: folder.replace(/\/+$/, ''), from }
  const url = URL.parse(address)
  const fail = (found: string) =>
    new TemperError(
      from === 'recipe' ? 'bad-recipe' : 'bad-configuration',
      `${redactUrl(address)}: ${found}`,
      {
        hint: 'Write a base address like "https://mirror.example/debian"; credentials belong in a netrc file.',
      },
    )
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw fail('a repository needs an http or https address, or the path of a folder')
  }
  if (url.username || url.password) throw fail('a repository address must not hold a user or password')
  if (url.search || url.hash) throw fail('a repository address must not have a query or fragment')
  return { address: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, from }
}

/** The first of each address. */
export function withoutDoubles(mirrors: readonly Mirror[]): Mirror[] {
  const byAddress = new Map<string, Mirror>()
  for (const mirror of mirrors) if (!byAddress.has(mirror.address)) byAddress.set(mirror.address, mirror)
  return [...byAddress.values()]
}

/** Address of a file below a mirror's base address. The path must be a safe one. */
export function archiveUrl(mirror: Mirror, path: string): string {
  return `${mirror.address}/${encodeURI(path).replace(/[+~?#]/g, quote)}`
}

/**
 * As apt quotes paths: object storages take a plus for a blank (Ubuntu's bug 1003633), and nothing in a path begins a
 * query.
 */
function quote(character: string): string {
  return `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`
}

/** A relative path of printable ASCII without `.`, `..`, empty parts, and what has a meaning in an address. */
export function isSafePath(path: string): boolean {
  if (path.length > 1024 || !/^[!-~]+$/.test(path) || /[\\?#]/.test(path)) return false
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}
