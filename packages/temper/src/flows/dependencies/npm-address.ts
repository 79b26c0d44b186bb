import { TemperError } from '../../base/error.ts'
import { tarballName } from '../../dependencies/npm/package-lock.ts'
import type { Context } from '../context.ts'

/**
 * The address of a package: at the first mirror, which has the registry's layout; else where the lock file says, else
 * where the host's npm would look.
 */
export async function npmAddress(
  about: {
    readonly name: string
    readonly version: string
    readonly url?: string | undefined
    readonly where: string
  },
  { mirrors, npmRegistry }: Pick<Context, 'mirrors' | 'npmRegistry'>,
): Promise<string> {
  const { name, version, url, where } = about
  if (url !== undefined && !(URL.canParse(url) && /^https?:/.test(url)))
    throw new TemperError(
      'bad-recipe',
      `${where}: expected an address of a tarball, found ${JSON.stringify(url.slice(0, 200))}`,
    )
  const path = url === undefined ? `/${name}/-/${tarballName(name, version)}` : new URL(url).pathname
  const [mirror] = mirrors['npm'] ?? []
  const base = mirror ?? (url === undefined ? await npmRegistry?.() : undefined)
  if (base !== undefined) return `${base.replace(/\/+$/, '')}${path}`
  if (url !== undefined) return url
  throw new TemperError('bad-usage', `${where}: nothing says where to get the package`, {
    hint: 'The lock file has no addresses, and npm, which would know its registry, is not installed: name the registry as mirrors.npm in the configuration.',
  })
}
