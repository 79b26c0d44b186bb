/** The most recently decoded bytes, as far back as matches reach; given out in chunks. */
export class Dictionary {
  readonly #bytes: Uint8Array
  #at = 0
  #taken = 0
  /** Bytes decoded so far. */
  total = 0

  constructor(size: number) {
    this.#bytes = new Uint8Array(size)
  }

  /** The byte `distance` back; 1 is the last one. */
  back(distance: number): number {
    const at = this.#at - distance
    return this.#bytes[at < 0 ? at + this.#bytes.length : at] ?? 0
  }

  /** Whether there is a byte that far back. */
  reaches(distance: number): boolean {
    return distance <= Math.min(this.total, this.#bytes.length)
  }

  put(byte: number): void {
    this.#bytes[this.#at++] = byte
    this.total++
    if (this.#at === this.#bytes.length) this.#at = 0
  }

  /** Number of bytes that were not taken yet. */
  get pending(): number {
    return this.total - this.#taken
  }

  /** A copy of all bytes that were not taken yet; no more than the dictionary holds may be pending. */
  take(): Uint8Array {
    const count = this.pending
    this.#taken = this.total
    const start = this.#at - count
    if (start >= 0) return this.#bytes.slice(start, this.#at)
    const end = this.#bytes.slice(start + this.#bytes.length)
    const result = new Uint8Array(count)
    result.set(end)
    result.set(this.#bytes.subarray(0, this.#at), end.length)
    return result
  }
}
