import type { RowBlock } from './block.ts'

interface Kept {
  readonly block: RowBlock
  readonly size: number
}

/** Keeps the most recently used blocks, up to a number of inflated bytes. */
export class BlockCache {
  readonly #limit: number
  readonly #kept = new Map<number, Kept>()
  #size = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  get(place: number): RowBlock | undefined {
    const kept = this.#kept.get(place)
    if (kept === undefined) return undefined
    // Maps keep the order of insertion: the first one is the one that was not used for longest.
    this.#kept.delete(place)
    this.#kept.set(place, kept)
    return kept.block
  }

  put(place: number, block: RowBlock, size: number): void {
    this.#size += size - (this.#kept.get(place)?.size ?? 0)
    this.#kept.set(place, { block, size })
    for (const [oldest, kept] of this.#kept) {
      if (this.#size <= this.#limit) break
      this.#kept.delete(oldest)
      this.#size -= kept.size
    }
  }
}
