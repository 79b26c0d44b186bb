import type { IncomingMessage, ServerResponse } from 'node:http'
import { isCrossSite } from './cross-site.ts'
import { problem, problemType } from './problem.ts'

interface Asked {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly surface: 'registry' | 'api'
  /** Seconds. */
  readonly wait: number
}

/** Answers requests that are refused whoever sends them; returns whether it did. */
export function refuse({ request, response, surface, wait }: Asked): boolean {
  const crossSite = isCrossSite(request.method ?? '', request.headers)
  if (wait === 0 && !crossSite) return false
  const [status, code, title] = crossSite
    ? ([403, 'DENIED', 'A page of another site asked for this'] as const)
    : ([429, 'TOOMANYREQUESTS', 'Too many requests, or too many wrong passwords, in a minute'] as const)
  const isRegistry = surface === 'registry'
  response.writeHead(status, {
    'Content-Type': isRegistry ? 'application/json' : problemType,
    ...(wait === 0 ? {} : { 'Retry-After': wait }),
    // Its body is not read.
    Connection: 'close',
  })
  response.end(
    JSON.stringify(isRegistry ? { errors: [{ code, message: title }] } : problem({ title, status })),
  )
  return true
}
