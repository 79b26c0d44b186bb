import { BufferPool } from '../../base/buffer-pool.ts'
import type { MemberCompressor } from '../../formats/compress/compress.ts'

/** Uncompressed bytes of one member. Part of the format: another size gives other layer bytes. */
export const memberSize = 1024 * 1024

/** Members being compressed at once for one stream: enough to keep a few cores busy, little memory. */
const inFlight = 3

const buffers = new BufferPool(memberSize)

/**
 * Divides a byte stream into members that are compressed independently and in parallel, and passes them on in order.
 * The result depends on the bytes alone, not on how they were written.
 */
export class MemberWriter {
  readonly #compressor: MemberCompressor
  readonly #sink: (bytes: Uint8Array) => Promise<void>
  readonly #pending: Promise<Uint8Array>[] = []
  #buffer = buffers.take()
  #filled = 0
  #uncompressed = 0

  constructor(compressor: MemberCompressor, sink: (bytes: Uint8Array) => Promise<void>) {
    this.#compressor = compressor
    this.#sink = sink
  }

  /** Bytes written so far, before compression. */
  get uncompressedSize(): number {
    return this.#uncompressed
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#uncompressed += bytes.length
    let offset = 0
    while (offset < bytes.length) {
      const count = Math.min(bytes.length - offset, memberSize - this.#filled)
      this.#buffer.set(count === bytes.length ? bytes : bytes.subarray(offset, offset + count), this.#filled)
      this.#filled += count
      offset += count
      if (this.#filled === memberSize) await this.#flush()
    }
  }

  /** Compresses what is left and waits until the sink has everything. Nothing can be written after this. */
  async end(): Promise<void> {
    if (this.#filled > 0) this.#compressBuffer()
    else buffers.give(this.#buffer)
    while (this.#pending.length > 0) await this.#drainOne()
  }

  async #flush(): Promise<void> {
    this.#compressBuffer()
    this.#buffer = buffers.take()
    this.#filled = 0
    if (this.#pending.length >= inFlight) await this.#drainOne()
  }

  #compressBuffer(): void {
    const full = this.#buffer
    const compressed = this.#compressor.compress(full.subarray(0, this.#filled)).then((bytes) => {
      buffers.give(full)
      return bytes
    })
    // The error is reported by #drainOne; without this a failure before then would count as unhandled.
    compressed.catch(() => {})
    this.#pending.push(compressed)
  }

  async #drainOne(): Promise<void> {
    const next = this.#pending.shift()
    if (next) await this.#sink(await next)
  }
}
