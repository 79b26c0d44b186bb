import { TemperError } from '../../base/error.ts'
import type { Http } from '../../base/http/http.ts'
import type { JsonObject } from '../../base/json/value.ts'
import { parseDocument } from '../json-document.ts'

/** Addresses of the services that vouch for identities. */
export interface SigstoreAddresses {
  /** Certificate authority. */
  readonly fulcio: string
  /** Transparency log. */
  readonly rekor: string
  /** Timestamp authority: its address, or that of its timestamps (RFC 3161 over HTTP). */
  readonly tsa: string
}

/** The public good instance (docs.sigstore.dev). */
export const publicAddresses: SigstoreAddresses = {
  fulcio: 'https://fulcio.sigstore.dev',
  rekor: 'https://rekor.sigstore.dev',
  tsa: 'https://timestamp.sigstore.dev/api/v1/timestamp',
}

/** Most bytes of an answer: a log entry of an envelope holds its digests only. */
const answerLimit = 4 << 20

/** One request to a service: `what` it is for, in words. */
export interface ServiceRequest {
  readonly http: Http
  readonly url: string
  readonly what: string
  readonly body: Uint8Array | string
  readonly contentType: string
}

/**
 * Posts to a service and returns its answer. A busy service is asked once more, since a second certificate, log entry
 * or timestamp does no harm. Throws `network`, `offline`, and `unauthorized` when the token was refused.
 */
export async function postBytes(request: ServiceRequest): Promise<Uint8Array> {
  const { http, url, what, body, contentType } = request
  const response = await http.request(url, {
    method: 'POST',
    headers: { 'content-type': contentType, accept: 'application/json, application/timestamp-reply' },
    body,
    what,
    retries: 2,
    maxRedirects: 0,
  })
  const bytes = await response.bytes(answerLimit)
  if (response.status === 200 || response.status === 201) return bytes
  const refused = response.status === 401 || response.status === 403
  throw new TemperError(
    refused ? 'unauthorized' : 'network',
    `Cannot get ${what} from ${new URL(url).origin}: it answered ${response.status}${saidIn(bytes)}`,
    {
      hint: refused
        ? 'Check that the identity token was made for the audience "sigstore" and has not expired.'
        : 'Check the address of the service, and try again later.',
      details: { status: response.status },
    },
  )
}

export async function postJson(
  request: Omit<ServiceRequest, 'body' | 'contentType'> & { readonly body: JsonObject },
): Promise<JsonObject> {
  const body = JSON.stringify(request.body)
  const bytes = await postBytes({ ...request, body, contentType: 'application/json' })
  return understoodAnswer(request.url, () => parseDocument(bytes, 'its answer'))
}

/** Reports a bad answer as the service's fault, not as bad input. */
export function understoodAnswer<T>(url: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof TemperError) || error.code === 'network') throw error
    throw new TemperError('network', `Cannot use the answer of ${new URL(url).origin}: ${error.message}`, {
      cause: error,
    })
  }
}

/** `address` with a path below it. */
export function below(address: string, path: string): string {
  return `${address.replace(/\/+$/, '')}${path}`
}

/** The message in an error's body, if there is one that people can read. */
function saidIn(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 2000))
  const message = /"message"\s*:\s*"((?:[^"\\]|\\.){1,300})/.exec(text)?.[1]
  return message === undefined ? '' : `: ${message}`
}
