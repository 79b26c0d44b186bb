/** Most characters of an Authorization header that are looked at. */
const headerLimit = 4096

/**
 * The token of a request: a bearer token (RFC 6750), or the password of any user (RFC 7617), because registry clients
 * can only be given a password. Undefined when there is none.
 */
export function tokenOf(authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length > headerLimit) return undefined
  const [scheme = '', value = ''] = authorization.split(' ', 2)
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return value
    case 'basic': {
      const pair = Buffer.from(value, 'base64').toString('utf8')
      const colon = pair.indexOf(':')
      return colon < 0 ? undefined : pair.slice(colon + 1)
    }
    default:
      return undefined
  }
}
