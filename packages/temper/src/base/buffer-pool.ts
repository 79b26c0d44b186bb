/**
 * Buffers of one size, used again and again: memory outside JavaScript's heap makes the garbage collector
 * run as it is taken, not as it is used. Holds as many as were ever in use at once.
 */
export class BufferPool {
  readonly #size: number
  readonly #idle: Buffer[] = []

  constructor(size: number) {
    this.#size = size
  }

  /** A buffer with whatever it held before. */
  take(): Buffer {
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(this.#size)
  }

  /** Gives a buffer back; nobody may use it any more, nor a view of it. */
  give(buffer: Buffer): void {
    this.#idle.push(buffer)
  }
}
