import type { IncomingMessage, ServerResponse } from 'node:http'
import { problem, problemType } from './problem.ts'

interface Asked {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly surface: 'registry' | 'api'
  readonly waitsFor: readonly string[]
}

/** Answers requests that come before the service is ready: it lives, and says what it is waiting for. */
export function answerWhileStarting({ request, response, surface, waitsFor }: Asked): void {
  if (request.url === '/healthz') {
    response.writeHead(200, { 'Content-Type': 'application/json' })
    return void response.end('{"status":"ok"}')
  }
  const isRegistry = surface === 'registry'
  const title = 'The service is starting'
  const detail = waitsFor.length === 0 ? {} : { detail: `It is waiting for ${waitsFor.join(', ')}.` }
  response.writeHead(503, {
    'Content-Type': isRegistry ? 'application/json' : problemType,
    'Retry-After': 1,
    // Its body is not read.
    Connection: 'close',
  })
  const told = isRegistry
    ? { errors: [{ code: 'UNAVAILABLE', message: title }] }
    : problem({ title, status: 503, ...detail })
  response.end(JSON.stringify(told))
}
