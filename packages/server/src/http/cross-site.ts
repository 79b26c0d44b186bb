import type { IncomingHttpHeaders } from 'node:http'

const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether a browser sends a request that changes something for a page of somebody else: it adds the password that it remembers
 * by itself (Fetch Metadata; older browsers say the page's origin alone). Programs send neither header.
 */
export function isCrossSite(
  method: string,
  headers: Pick<IncomingHttpHeaders, 'origin' | 'host'> & {
    readonly 'sec-fetch-site'?: string | string[] | undefined
  },
): boolean {
  if (safe.has(method)) return false
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const { origin, host } = headers
  if (origin === undefined) return false
  return !URL.canParse(origin) || new URL(origin).host !== host
}
