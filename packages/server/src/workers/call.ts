import { type Context, TemperError } from '../temper.ts'

/** Most bytes of an answer: recipes and a lock. */
const answerLimit = 160 << 20

/** Sends a request to a service on another machine, using the proxies and authorities of this one. */
export async function callService(
  { fetch, signal }: Pick<Context, 'fetch' | 'signal'>,
  address: URL,
  {
    method,
    token,
    value,
  }: { readonly method: 'POST' | 'PUT'; readonly token: string; readonly value: object },
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
