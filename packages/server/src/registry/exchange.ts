import type { IncomingMessage, ServerResponse } from 'node:http'
import { RegistryError } from './error.ts'

/** One request to the registry and its answer. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Parameters of the address. */
  readonly query: URLSearchParams
}

export type Headers = Readonly<Record<string, string | number>>

/** Answers with a text, or with a status alone. */
export function answer(
  { request, response }: Exchange,
  status: number,
  { headers = {}, body }: { readonly headers?: Headers; readonly body?: string | Uint8Array | Bytes } = {},
): void {
  // With 204 there is no length (RFC 9110, 8.6).
  const length = status === 204 ? {} : { 'Content-Length': body === undefined ? 0 : lengthOf(body) }
  response.writeHead(status, { ...length, ...headers })
  if (request.method === 'HEAD' || body === undefined) response.end()
  else if (body instanceof Bytes) response.end(body.text, 'latin1')
  else response.end(body)
}

/** Bytes as a text of as many characters: Node sends a text together with the headers, and bytes after them. */
export class Bytes {
  readonly text: string

  constructor(bytes: Uint8Array) {
    this.text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  }
}

function lengthOf(body: string | Uint8Array | Bytes): number {
  return body instanceof Bytes ? body.text.length : Buffer.byteLength(body)
}

export function answerJson(exchange: Exchange, value: unknown, headers: Headers = {}): void {
  answer(exchange, 200, {
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(value),
  })
}

/** A header that may occur only once. */
export function headerOf({ request }: Exchange, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value[0] : value
}

/** The whole body of a request. Throws `SIZE_INVALID` beyond `limit` bytes. */
export async function readBody(exchange: Exchange, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of exchange.request as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > limit) throw new RegistryError('SIZE_INVALID', `expected at most ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Which part of a list to show, by the parameters `n` and `last` (distribution-spec 1.1, "Listing Tags"). */
export interface Page {
  readonly items: readonly string[]
  /** Parameters for the address of the next page. */
  readonly next: string | undefined
}

/** `items` are in the order of their bytes. */
export function pageOf({ query }: Exchange, items: readonly string[], largest: number): Page {
  const last = query.get('last')
  const asked = countOf(query.get('n'))
  const count = Math.min(asked ?? largest, largest)
  const after = last === null ? items : items.filter((item) => item > last)
  const shown = after.slice(0, count)
  const end = shown.at(-1)
  const more = after.length > shown.length && end !== undefined
  return { items: shown, next: more ? `n=${count}&last=${encodeURIComponent(end)}` : undefined }
}

function countOf(text: string | null): number | undefined {
  if (text === null) return undefined
  if (/^[0-9]{1,9}$/.test(text)) return Number(text)
  throw new RegistryError('UNSUPPORTED', `n: expected a number, found "${text.slice(0, 40)}"`, {
    status: 400,
  })
}
