import { createRequire } from 'node:module'
import { parentPort } from 'node:worker_threads'
import type { FromDecoder, ToDecoder } from './wasm.ts'

// A CommonJS module whose exports Node cannot tell by name.
const require = createRequire(import.meta.url)
const { XzReadableStream } = require('xz-decompress') as typeof import('xz-decompress')

/**
 * A thread of wasm.ts: decodes one xz stream after another. It asks for each piece of input, and waits for
 * leave to go on after each piece of output.
 */
const port = parentPort
if (!port) throw new Error('wasm-worker runs in a worker thread only')

const outputBytes = 256 * 1024

let answer: (message: ToDecoder) => void = () => {}
port.on('message', (message: ToDecoder) => {
  if (message.kind === 'start') void decode()
  else answer(message)
})

/** Sends a message and waits for the answer; there is one question at a time. */
function ask(message: FromDecoder): Promise<ToDecoder> {
  return new Promise((resolve) => {
    answer = resolve
    port?.postMessage(message)
  })
}

async function decode(): Promise<void> {
  const input = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const reply = await ask({ kind: 'need' })
        if (reply.kind === 'input') controller.enqueue(reply.bytes)
        else controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  try {
    let parts: Uint8Array[] = []
    let size = 0
    const flush = async () => {
      if (size > 0) await ask({ kind: 'output', bytes: Buffer.concat(parts) })
      parts = []
      size = 0
    }
    for await (const part of new XzReadableStream(input) as AsyncIterable<Uint8Array>) {
      parts.push(part)
      size += part.length
      if (size >= outputBytes) await flush()
    }
    await flush()
    port?.postMessage({ kind: 'end' } satisfies FromDecoder)
  } catch (error) {
    port?.postMessage({ kind: 'failed', message: String(error) } satisfies FromDecoder)
  }
}
