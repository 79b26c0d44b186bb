import { createRequire } from 'node:module'
// The same as the global one. A module that is loaded by name comes with the code that Node keeps compiled for it.
import { ReadableStream as ByName } from 'node:stream/web'

// A CommonJS module whose exports Node cannot tell by name; loaded when first used.
const require = createRequire(import.meta.url)

/**
 * The built-in decoder (XZ Embedded as WebAssembly). A thread decodes one stream at a time; others wait until it has
 * been read to its end or cancelled.
 */
export function wasmDecoder(source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const { XzReadableStream } = require('xz-decompress') as typeof import('xz-decompress')
  return new XzReadableStream(source)
}

/** Decodes bytes that are all there. */
export function decodeBytes(bytes: Uint8Array): ReadableStream<Uint8Array> {
  const source = new ByName<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes)
      controller.close()
    },
  })
  return wasmDecoder(source as ReadableStream<Uint8Array>)
}

/** The return code (XZ Embedded, enum xz_ret) in an error of the decoder. */
export function returnCode(error: unknown): string | undefined {
  return /error code ([0-9]+)/.exec(String(error))?.[1]
}
