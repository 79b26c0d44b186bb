import type { ByteStream } from '../bytes.ts'

/** A request body that can be sent again: bytes, text, or a function that opens the stream anew. */
export type HttpBody = Uint8Array | string | (() => ByteStream)

export interface HttpRequest {
  /** Default GET. */
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: HttpBody
  readonly signal?: AbortSignal
  /** What is wanted, for error messages: "the InRelease file of trixie". */
  readonly what?: string
  /** Statuses that are wanted; any other is an error. Without this, every status is an answer. */
  readonly expect?: readonly number[]
  /** Default: the client's for GET, HEAD, PUT and DELETE, none for other methods. */
  readonly retries?: number
  /** 0: a redirect is an answer like any other. */
  readonly maxRedirects?: number
  readonly stallTimeout?: number
  /** Set where the answer is a small document: it may take ten stall timeouts in all, however steadily it drips. */
  readonly isDocument?: boolean
}

/** An answer. Its body has to be read or closed; otherwise the connection stays open. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Headers
  /** The address that answered, after redirects. May hold secrets: show it only through `redactUrl`. */
  readonly url: string
  /** The proxy that passed on the answer, and may have given it in place of the server; safe to show. */
  readonly through?: string
  readonly body: ByteStream
  bytes(limit: number): Promise<Uint8Array>
  text(limit: number): Promise<string>
  close(): Promise<void>
}
