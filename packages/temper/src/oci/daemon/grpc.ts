import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2'
import { connect as connectSocket } from 'node:net'
import { TemperError } from '../../base/error.ts'
import { printableLine } from '../../base/printable.ts'

/** Longest message of an answer: containerd sends contents in pieces of 1 MiB. */
const messageLimit = 16 << 20
/** Milliseconds without a byte. */
const silenceLimit = 60_000

/** A call that was answered with a status other than OK (grpc.io, "Status codes": 5 is NOT_FOUND). */
export class GrpcError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'GrpcError'
    this.status = status
  }
}

/** A client of gRPC over HTTP/2 on a Unix socket (grpc.io, "gRPC over HTTP2"), without encryption and compression. */
export class GrpcClient {
  readonly #session: ClientHttp2Session

  private constructor(session: ClientHttp2Session) {
    this.#session = session
  }

  /** Rejects with the error of the socket when nobody listens there. */
  static open(socket: string): Promise<GrpcClient> {
    return new Promise((resolve, reject) => {
      const session = connect('http://localhost', { createConnection: () => connectSocket(socket) })
      session.once('error', reject)
      session.once('connect', () => {
        session.on('error', () => {})
        resolve(new GrpcClient(session))
      })
    })
  }

  /** The messages of the answer, as they come. */
  async *call(
    method: string,
    message: Uint8Array,
    headers: Readonly<Record<string, string>>,
  ): AsyncGenerator<Uint8Array, void, void> {
    const stream = this.#session.request({
      ':method': 'POST',
      ':path': `/${method}`,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    })
    stream.setTimeout(silenceLimit, () => stream.destroy(new Error('no answer within a minute')))
    const status = statusOf(stream)
    stream.end(framed(message))
    try {
      yield* messages(stream)
    } finally {
      stream.close()
    }
    const { code, text } = await status
    if (code !== 0) throw new GrpcError(code, printableLine(text, { most: 200 }))
  }

  async one(...call: Parameters<GrpcClient['call']>): Promise<Uint8Array> {
    let reply: Uint8Array | undefined
    for await (const message of this.call(...call)) reply ??= message
    return reply ?? new Uint8Array()
  }

  close(): void {
    this.#session.close()
  }
}

/** A flag for compression (none), the length in four bytes, the message. */
function framed(message: Uint8Array): Uint8Array {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}

/** From the trailers, or from the headers of an answer that has nothing else. */
function statusOf(stream: ClientHttp2Stream): Promise<{ code: number; text: string }> {
  return new Promise((resolve) => {
    const take = (headers: Readonly<Record<string, unknown>>) => {
      if (headers['grpc-status'] === undefined) return
      resolve({ code: Number(headers['grpc-status']), text: decoded(String(headers['grpc-message'] ?? '')) })
    }
    stream.once('response', take)
    stream.once('trailers', take)
    stream.once('close', () => resolve({ code: 14, text: 'the connection ended' }))
  })
}

/** Messages come percent-encoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

async function* messages(stream: ClientHttp2Stream): AsyncGenerator<Uint8Array, void, void> {
  let held = Buffer.alloc(0)
  for await (const chunk of stream) {
    held = Buffer.concat([held, chunk])
    while (held.length >= 5) {
      const length = held.readUInt32BE(1)
      if (held[0] !== 0 || length > messageLimit)
        throw new TemperError(
          'bad-image',
          'containerd answered with a message that is compressed or too long',
        )
      if (held.length < 5 + length) break
      yield held.subarray(5, 5 + length)
      held = held.subarray(5 + length)
    }
  }
}
