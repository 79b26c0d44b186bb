import { TemperError } from '../../../base/error.ts'
import type { ArchiveAccess } from '../../../model/package/package-source.ts'

/** The headers that speak for the person at an address. */
function authorization(access: ArchiveAccess, address: string): Record<string, string> {
  const value = access.authorization?.(new URL(address))
  return value === undefined ? {} : { authorization: value }
}

/** The request options that all fetches share. */
export function requestOptions(
  access: ArchiveAccess,
  address: string,
): { readonly headers: Record<string, string>; readonly signal?: AbortSignal } {
  return {
    headers: authorization(access, address),
    ...(access.signal ? { signal: access.signal } : {}),
  }
}

/** Errors: `offline` when `what` would need the network and may not. */
export function requireNetwork(access: ArchiveAccess, what: string): void {
  if (access.offline) throw offlineError(what)
}

export function offlineError(what: string): TemperError {
  return new TemperError('offline', `${what} is not in the cache, and the network must not be used`, {
    next: { action: 'go-online' },
    details: { what },
  })
}
