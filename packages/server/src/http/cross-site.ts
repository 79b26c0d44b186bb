import type { IncomingHttpHeaders } from 'node:http'

const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Whether a browser sends a request that changes something on behalf of another site's page: the browser adds the
 * password that it remembers (Fetch Metadata; older browsers only state the page's origin). Other programs send
 * neither header.
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
