import { Worker } from 'node:worker_threads'
import type { ByteStream } from '../../base/bytes.ts'
import { TemperError } from '../../base/error.ts'
import { bounded, type DecompressOptions, notValid } from '../compress/decompress-fault.ts'
import { workerAddress } from '../compress/worker-address.ts'

/** Messages to a decoder thread. */
export type ToDecoder =
  | { readonly kind: 'start' }
  | { readonly kind: 'input'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'inputEnd' }
  | { readonly kind: 'continue' }

/** Messages from a decoder thread. */
export type FromDecoder =
  | { readonly kind: 'need' }
  | { readonly kind: 'output'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly code: string | undefined; readonly message: string }

/**
 * Decodes with the built-in decoder in a worker thread. Limits: no BCJ filters, no dictionaries over 64 MiB,
 * no SHA-256 checks.
 */
export function decodeWithWasm(source: ByteStream, options: DecompressOptions): AsyncGenerator<Uint8Array> {
  return bounded(run(source, options), options)
}

/** Threads that have finished their stream, for the next one. */
const idle: Worker[] = []
const mostIdle = 2

async function* run(source: ByteStream, options: DecompressOptions): AsyncGenerator<Uint8Array> {
  const worker = idle.pop() ?? startWorker()
  worker.ref()
  const inbox = new Inbox(worker)
  const input = source[Symbol.asyncIterator]()
  const send = (message: ToDecoder) =>
    worker.postMessage(message, message.kind === 'input' ? [message.bytes.buffer] : [])
  let finished = false
  let given = 0
  try {
    send({ kind: 'start' })
    for (;;) {
      const message = await inbox.next()
      if (message.kind === 'need') {
        const next = await nextPiece(input)
        if (!next && given === 0) throw notValid('xz', 'it is empty', options)
        given += next?.length ?? 0
        // A copy of these bytes alone: a view would take all of its buffer along.
        send(next ? { kind: 'input', bytes: new Uint8Array(next) } : { kind: 'inputEnd' })
      } else if (message.kind === 'output') {
        yield message.bytes
        send({ kind: 'continue' })
      } else {
        finished = true
        if (message.kind === 'end') return
        throw explain(message, options)
      }
    }
  } finally {
    inbox.close()
    await input.return?.()
    if (finished && idle.length < mostIdle) {
      worker.unref()
      idle.push(worker)
    } else await worker.terminate()
  }
}

/** The next piece that is not empty. */
async function nextPiece(input: AsyncIterator<Uint8Array>): Promise<Uint8Array | undefined> {
  for (;;) {
    const next = await input.next()
    if (next.done) return undefined
    if (next.value.length > 0) return next.value
  }
}

/** The messages of one worker, to be waited for one at a time. */
class Inbox {
  readonly #worker: Worker
  readonly #messages: FromDecoder[] = []
  #failure: unknown
  #wake: () => void = () => {}

  constructor(worker: Worker) {
    this.#worker = worker
    worker.on('message', this.#onMessage)
    worker.on('error', this.#onError)
  }

  readonly #onMessage = (message: FromDecoder) => {
    this.#messages.push(message)
    this.#wake()
  }

  readonly #onError = (error: unknown) => {
    this.#failure = error
    this.#wake()
  }

  async next(): Promise<FromDecoder> {
    for (;;) {
      const message = this.#messages.shift()
      if (message) return message
      if (this.#failure !== undefined) {
        throw new TemperError('internal', 'The built-in xz decoder failed', { cause: this.#failure })
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  close(): void {
    this.#worker.off('message', this.#onMessage)
    this.#worker.off('error', this.#onError)
  }
}

function startWorker(): Worker {
  const worker = new Worker(workerAddress('wasm-worker', import.meta.url))
  // A failure between two uses would otherwise end the process.
  worker.on('error', () => {
    const at = idle.indexOf(worker)
    if (at !== -1) idle.splice(at, 1)
  })
  return worker
}

/** Return codes of XZ Embedded (xz.h, enum xz_ret). */
const reasons: Readonly<Record<string, string>> = {
  5: 'it does not start as xz data do, or something else follows it',
  7: 'it is corrupt',
  8: 'it is cut off or corrupt',
}

const unsupported: Readonly<Record<string, string>> = {
  2: 'its kind of check',
  3: 'a dictionary that does not fit into memory',
  4: 'a dictionary over 64 MiB',
  6: 'filters other than LZMA2 and checks other than CRC32 and CRC64',
}

function explain(
  { code = '', message }: { readonly code: string | undefined; readonly message: string },
  options: DecompressOptions,
): TemperError {
  const missing = unsupported[code]
  if (missing === undefined) return notValid('xz', reasons[code] ?? message, options)
  return new TemperError(
    'tool-missing',
    `${options.what}: the built-in xz decoder does not support ${missing}`,
    { hint: 'Install xz (package xz-utils): Temper then uses it.' },
  )
}
