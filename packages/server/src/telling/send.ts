import { lookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from '../public-address.ts'
import { type Context, TemperError } from '../temper.ts'
import { unproven } from './certificate.ts'

/** Milliseconds in which a receiver has to move, and those in which it has to be at its end. */
const [idleLimit, timeLimit] = [20_000, 60_000]
/** Bytes of its answer that are read. */
const answerLimit = 1 << 20

export interface Sending {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Whether the address may be one that only this network reaches. */
  readonly allowPrivate: boolean
  /** What TLS with a host and port trusts; absent: what Node does. */
  readonly secureContextFor?: Context['secureContextFor']
  /** Milliseconds in which the receiver has to be at its end, however slowly it moves; default: a minute. */
  readonly within?: number
}

export interface Answer {
  readonly status: number
  readonly text: string
}

/**
 * Sends something to the address from the settings. The resolved address is checked when the connection is made, so
 * that the checked address is the one reached; redirects are not followed. Throws `network`, and `bad-configuration`
 * for an address that must not be reached.
 */
export async function send(
  address: string,
  { method = 'POST', headers = {}, body, allowPrivate, secureContextFor, within = timeLimit }: Sending,
): Promise<Answer> {
  const url = new URL(address)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0) refusePrivate(host, { host, allowPrivate })
  const open = url.protocol === 'https:' ? requestHttps : requestHttp
  const secureContext = url.protocol === 'https:' ? secureContextFor?.(url.host) : undefined
  return await new Promise<Answer>((resolve, reject) => {
    const fail = (error: Error) =>
      reject(
        error instanceof TemperError
          ? error
          : (unproven(url.host, error, (error as NodeJS.ErrnoException).code) ??
              new TemperError('network', `${url.origin} does not answer: ${error.message}`, {
                cause: error,
              })),
      )
    const sending = open(
      url,
      {
        method,
        lookup: guarded(host, allowPrivate),
        timeout: idleLimit,
        ...(secureContext === undefined ? {} : { secureContext }),
        headers: {
          'User-Agent': 'temper',
          ...headers,
          ...(body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
        },
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          if (text.length < answerLimit) text += chunk
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
        answer.on('error', fail)
      },
    )
    sending.on('timeout', () => sending.destroy(new Error(`no answer for ${idleLimit / 1000} s`)))
    const late = setTimeout(() => sending.destroy(new Error(`no whole answer in ${within / 1000} s`)), within)
    sending.on('close', () => clearTimeout(late))
    sending.on('error', fail)
    sending.end(body)
  })
}

/** Looks a name up, and lets nothing pass that must not be reached. */
function guarded(host: string, allowPrivate: boolean): LookupFunction {
  return (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '', 4)
      const all = allowPrivate ? addresses : addresses.filter(({ address }) => isPublicAddress(address))
      const [first] = all
      if (first === undefined) return done(privateAddress(host, addresses[0]?.address ?? ''), '', 4)
      // Node asks for all of them or for one.
      if (options.all === true) (done as unknown as (error: null, all: typeof addresses) => void)(null, all)
      else done(null, first.address, first.family)
    })
  }
}

function refusePrivate(
  address: string,
  { host, allowPrivate }: { readonly host: string; readonly allowPrivate: boolean },
): void {
  if (!allowPrivate && !isPublicAddress(address)) throw privateAddress(host, address)
}

function privateAddress(host: string, address: string): TemperError {
  return new TemperError('bad-configuration', `${host} is ${address}, an address of a private network`, {
    hint: 'If that is intended, allow private addresses in the setting of the channel.',
  })
}

/** Throws `network` unless the receiver accepted it: 5xx, 408 and 429 may pass. */
export function taken(answer: Answer, where: string): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer
  const passing = answer.status >= 500 || answer.status === 408 || answer.status === 429
  throw new TemperError(
    passing ? 'network' : 'bad-configuration',
    `${where} answered ${answer.status}: ${answer.text.slice(0, 300)}`,
  )
}
