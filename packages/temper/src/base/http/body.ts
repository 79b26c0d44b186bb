import type { ByteStream } from '../bytes.ts'
import type { HttpBody } from './message.ts'

/** Fewer bytes than this in one stall window count as nothing: a server that drips is a server that stalls. */
const leastPerWindow = 1024

/** Why a request ends that nobody waits for. Node would make one with a stack for each request, which costs more than the rest of ending it. */
const notNeeded = new DOMException('This operation was aborted', 'AbortError')

/**
 * Watches over one request: aborts it when the caller does, or when (almost) nothing arrived in `stallTimeout`
 * milliseconds of waiting. Time during which the reader itself is busy does not count.
 */
export interface StallGuard {
  readonly signal: AbortSignal
  /** Waits for one step of the request. */
  waitFor<T>(step: Promise<T>, bytesOf?: (value: T) => number): Promise<T>
  /** What the server did wrong, once that has ended the request. */
  fault(): string | undefined
  /** Counts bytes that are sent, since a long upload is not a stall although nothing comes back. */
  progress(bytes: number): void
  /** Ends the request if it has not ended, and stops watching. */
  dispose(): void
}

/** Stall timeouts for which a document is waited for in all: at the least rate alone one of 4 MB would take most of a day. */
const documentTimeouts = 10

export function createStallGuard(
  stallTimeout: number,
  caller: AbortSignal | undefined,
  { isDocument = false }: { readonly isDocument?: boolean | undefined } = {},
): StallGuard {
  const controller = new AbortController()
  const onAbort = () => controller.abort(caller?.reason)
  if (caller?.aborted) onAbort()
  else caller?.addEventListener('abort', onAbort, { once: true })
  let waiting = false
  let received = 0
  let suspected = false
  let windows = 0
  let fault: string | undefined
  const end = (reason: string) => {
    fault ??= reason
    controller.abort(new Error(reason))
  }
  // Two windows in a row: the wait may have begun just before the first one ended.
  const check = () => {
    const idle = waiting && received < leastPerWindow
    received = 0
    if (idle && suspected) end('the server stopped sending')
    suspected = idle
    if (waiting) windows++
    if (isDocument && windows >= 2 * documentTimeouts) end('the server sends too slowly')
  }
  const timer = setInterval(check, stallTimeout / 2)
  timer.unref()
  return {
    signal: controller.signal,
    fault: () => fault,
    progress(bytes) {
      received += bytes
    },
    async waitFor(step, bytesOf) {
      waiting = true
      try {
        const value = await abortable(step, controller.signal)
        received += bytesOf?.(value) ?? leastPerWindow
        return value
      } finally {
        waiting = false
      }
    },
    dispose() {
      clearInterval(timer)
      caller?.removeEventListener('abort', onAbort)
      controller.abort(notNeeded)
    },
  }
}

/** A fetch function that ignores its signal must not hold us. */
function abortable<T>(step: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    step.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/** The body of a response under a guard. `explain` turns what breaks the stream into the error to throw. */
export async function* guardedBody(
  response: Response,
  guard: StallGuard,
  explain: (error: unknown) => unknown,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    const reader = response.body?.getReader()
    while (reader) {
      const { done, value } = await guard.waitFor(reader.read(), (step) => step.value?.length ?? 0)
      if (done) return
      if (value.length > 0) yield value
    }
  } catch (error) {
    throw explain(error)
  } finally {
    guard.dispose()
  }
}

/**
 * A request body in the form that `fetch` takes. A redirect of a streamed body is an error, since the body would have
 * to be sent again.
 */
export function fetchBody(body: HttpBody | undefined, guard: StallGuard): RequestInit {
  if (body === undefined) return {}
  if (typeof body === 'string') return { body }
  if (typeof body !== 'function') return { body: body as Uint8Array<ArrayBuffer> }
  // With any other redirect mode or a window, fetch keeps a copy of the whole stream to send it again.
  return {
    body: ReadableStream.from(counted(body(), guard)),
    duplex: 'half',
    redirect: 'error',
    window: null,
  }
}

async function* counted(body: ByteStream, guard: StallGuard): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of body) {
    guard.progress(chunk.length)
    yield chunk
  }
}
