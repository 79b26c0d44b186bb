import { TemperError } from '../error.ts'
import { redactText, redactUrl } from './redact.ts'
import { ProxyError } from './tunnel.ts'

/** What went wrong below HTTP, in words; keys are codes of Node and undici. */
const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'the connection timed out',
  EHOSTUNREACH: 'the host is not reachable',
  ENETUNREACH: 'the network is not reachable',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not signed by an authority that is trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not signed by an authority that is trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not signed by an authority that is trusted here',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_HEADERS_TIMEOUT: 'the server did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'the server stopped sending',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_HEADERS_OVERFLOW: 'the answer has too many headers',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the answer was cut short',
  UND_ERR_RESPONSE: 'the server sent something that is not HTTP',
}

/** Whether it was the certificate of the server that was not trusted. */
function isDistrust(code: string | undefined): boolean {
  return code !== undefined && /^(?:UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(code)
}

const trustHint =
  'Install the certificate authority on this machine, or point SSL_CERT_FILE or NODE_EXTRA_CA_CERTS at its file.'

/** The first system or library code in an error's chain of causes. */
export function failureCode(error: unknown): string | undefined {
  let current: unknown = error
  for (let depth = 0; depth < 8 && current instanceof Error; depth++) {
    const code = (current as NodeJS.ErrnoException).code
    if (typeof code === 'string') return code
    current = current.cause
  }
  return undefined
}

/** True when a later try may succeed: not for unknown names, bad certificates or an answer that is not HTTP. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ProxyError) return error.passing
  const code = failureCode(error)
  if (code === undefined) return true
  return code !== 'ENOTFOUND' && !/^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HPE_)/.test(code)
}

export interface Failure {
  readonly method: string
  readonly url: string | URL
  /** What was wanted, for people: "InRelease of trixie". */
  readonly what?: string | undefined
  /** What happened instead, as one clause. */
  readonly found: string
  readonly status?: number
  readonly cause?: unknown
  readonly code?: 'network' | 'unauthorized' | 'limit-exceeded'
}

/** The one error of this layer: who was asked for what, and what came instead. It holds no credentials. */
export function httpError(failure: Failure): TemperError {
  const url = redactUrl(failure.url)
  const subject = failure.what ? `Cannot fetch ${failure.what}` : 'Request failed'
  const code = failure.code ?? 'network'
  return new TemperError(code, `${subject}: ${failure.method} ${url}: ${failure.found}`, {
    hint: isDistrust(failureCode(failure.cause)) ? trustHint : hintFor(code, failure.status),
    details: {
      url,
      reason: failure.found,
      ...(failure.status === undefined ? {} : { status: failure.status }),
      ...(failureCode(failure.cause) === undefined ? {} : { cause: failureCode(failure.cause) }),
    },
    cause: failure.cause,
  })
}

/** The error of a fetch function, in words. */
export function describeFailure(error: unknown): string {
  if (error instanceof ProxyError) return error.message
  const code = failureCode(error)
  const known = code === undefined ? undefined : reasons[code]
  if (known) return `${known} (${code})`
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const text = inner instanceof Error ? inner.message : String(inner)
  return redactText(code && !text.includes(code) ? `${text} (${code})` : text)
}

/** An unwanted status in words, with the proxy that may have given it. */
export function describeStatus({
  status,
  through,
}: {
  readonly status: number
  readonly through?: string | undefined
}): string {
  const names: Readonly<Record<number, string>> = {
    401: 'credentials are needed',
    403: 'access is forbidden',
    404: 'it is not there',
    407: 'the proxy requires a user name and password',
    410: 'it is gone',
    429: 'too many requests',
    500: 'the server failed',
    502: 'a gateway failed',
    503: 'the server is overloaded',
    504: 'a gateway timed out',
  }
  const words = names[status] ? ` (${names[status]})` : ''
  return `status ${status}${words}${through === undefined ? '' : ` through the proxy ${through}`}`
}

function hintFor(code: string, status: number | undefined): string {
  if (code === 'unauthorized') return 'Check the credentials for this host.'
  if (code === 'limit-exceeded') return 'The server sends more than such a file may hold; use another mirror.'
  if (status === 404) return 'Check the address, or use another mirror.'
  return 'Check the network, the proxy settings and the address, then try again.'
}
