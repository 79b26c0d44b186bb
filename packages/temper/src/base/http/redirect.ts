import { httpError } from './failure.ts'
import type { HttpRequest } from './message.ts'

/** Headers that speak for a person and belong to one origin only. */
const personal = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-registry-auth'])

/**
 * Where a redirect leads and what to send there (RFC 9110, section 15.4), or undefined when the response is not a
 * redirect. A redirect from https to http, to another scheme, or to an address with credentials is an error.
 */
export function redirectTarget(
  response: { readonly status: number; readonly headers: Headers },
  from: URL,
  init: HttpRequest,
): { readonly url: URL; readonly init: HttpRequest } | undefined {
  const location = response.headers.get('location')
  if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return undefined
  const method = init.method ?? 'GET'
  const url = URL.parse(location, from.href)
  const refuse = (found: string) =>
    httpError({ method, url: from, what: init.what, found, status: response.status })
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw refuse('it redirects to an address that is neither http nor https')
  }
  if (url.username || url.password) throw refuse('it redirects to an address with a user or password')
  if (from.protocol === 'https:' && url.protocol === 'http:') throw refuse('it redirects from https to http')
  const asGet = response.status === 303 || (response.status < 303 && method === 'POST')
  if (!asGet || method === 'HEAD') return { url, init }
  const { body: _, ...rest } = init
  return { url, init: { ...rest, method: 'GET' } }
}

/** The request without anything that must not reach another origin. */
export function originOnly(init: HttpRequest, from: URL, to: URL): HttpRequest {
  if (from.origin === to.origin || !init.headers) return init
  const headers = Object.fromEntries(
    Object.entries(init.headers).filter(([name]) => !personal.has(name.toLowerCase())),
  )
  return { ...init, headers }
}
