/**
 * Buffers of one size, used again and again: every allocation outside JavaScript's heap brings the next garbage
 * collection closer, however short its use. The pool holds as many buffers as were ever in use at once.
 */
export class BufferPool {
  readonly #size: number
  readonly #idle: Buffer[] = []

  constructor(size: number) {
    this.#size = size
  }

  /** A buffer, which still holds whatever it held before. */
  take(): Buffer {
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(this.#size)
  }

  /** Gives a buffer back. Neither it nor a view of it may be used any more. */
  give(buffer: Buffer): void {
    this.#idle.push(buffer)
  }
}
