import { parentPort } from 'node:worker_threads'
import type { FromDecoder, ToDecoder } from './wasm.ts'
import { returnCode, wasmDecoder } from './wasm-module.ts'

/**
 * A thread of wasm.ts: decodes one xz stream after another. It asks for each piece of input, and waits for
 * leave to go on after each piece of output.
 */
const port = parentPort
if (!port) throw new Error('wasm-worker runs in a worker thread only')

const outputBytes = 256 * 1024

// The decoder runs ahead, so a question for input and one for leave to go on can be open together.
let giveInput: (bytes: Uint8Array | undefined) => void = () => {}
let goOn: () => void = () => {}
port.on('message', (message: ToDecoder) => {
  if (message.kind === 'start') void decode()
  else if (message.kind === 'input') giveInput(message.bytes)
  else if (message.kind === 'inputEnd') giveInput(undefined)
  else goOn()
})

function send(message: FromDecoder): void {
  port?.postMessage(message)
}

function needInput(): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    giveInput = resolve
    send({ kind: 'need' })
  })
}

function output(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    goOn = resolve
    send({ kind: 'output', bytes })
  })
}

async function decode(): Promise<void> {
  const input = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const bytes = await needInput()
        if (bytes) controller.enqueue(bytes)
        else controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  try {
    let parts: Uint8Array[] = []
    let size = 0
    const flush = async () => {
      if (size > 0) await output(Buffer.concat(parts))
      parts = []
      size = 0
    }
    for await (const part of wasmDecoder(input)) {
      parts.push(part)
      size += part.length
      if (size >= outputBytes) await flush()
    }
    await flush()
    send({ kind: 'end' })
  } catch (error) {
    send({ kind: 'failed', code: returnCode(error), message: String(error) })
  }
}
