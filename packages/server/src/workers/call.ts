import { type Context, TemperError } from '../temper.ts'

/** Most bytes of an answer: recipes and a lock. */
const answerLimit = 160 << 20

/** Milliseconds in which a service has to be at the end of its answer: the longest ones at four megabits a second. */
const timeLimit = 300_000

export interface Call {
  readonly method: 'POST' | 'PUT'
  readonly token: string
  readonly value: object
  /** Milliseconds in which the service has to be at the end of its answer, however slowly it moves. Default: five minutes. */
  readonly within?: number
}

/**
 * Sends a request to a service on another machine, using the proxies and authorities of this one. Throws `network` when it
 * does not answer, or not in time, and `interrupted` when the context's signal fired.
 */
export async function callService(
  { fetch, signal }: Pick<Context, 'fetch' | 'signal'>,
  address: URL,
  { within = timeLimit, ...call }: Call,
): Promise<{ readonly status: number; readonly text: string }> {
  const late = AbortSignal.timeout(within)
  try {
    return await ask({ fetch, signal: AbortSignal.any([signal, late]) }, address, call)
  } catch (error) {
    const because = { cause: error }
    if (error instanceof TemperError) throw error
    if (signal.aborted) throw new TemperError('interrupted', 'Stopped while waiting for the network', because)
    const why = late.aborted ? `no whole answer in ${within / 1000} s` : (error as Error).message
    throw new TemperError('network', `${address.origin} does not answer: ${why}`, because)
  }
}

async function ask(
  { fetch, signal }: Pick<Context, 'fetch' | 'signal'>,
  address: URL,
  { method, token, value }: Call,
): Promise<{ readonly status: number; readonly text: string }> {
  const answer = await fetch(address, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(value),
    signal,
  })
  // Of a response there is no more to be had than status, headers and the reader of the body.
  const reader = answer.body?.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const part = await reader?.read()
    if (part === undefined || part.done) break
    size += part.value.length
    if (size > answerLimit)
      throw new TemperError(
        'limit-exceeded',
        `${address.origin}: an answer of more than ${answerLimit} bytes`,
      )
    chunks.push(part.value)
  }
  return { status: answer.status, text: Buffer.concat(chunks).toString('utf8') }
}
