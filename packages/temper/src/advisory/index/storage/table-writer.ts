import type { Row } from '../record/row.ts'
import { BlockBuilder, type BlockRef, encodeBlockRef } from './block.ts'
import type { FileSink } from './file-sink.ts'

/** A table in an index file: a tree of blocks; the inner ones hold the last key of each block below and where it is. */
export interface TableRef {
  /** Absent in an empty table. */
  readonly root?: BlockRef
  /** Levels of blocks; 1: the root holds rows. */
  readonly levels: number
  readonly rows: number
}

/** Bytes of rows after which a block is closed. Measured in docs/decisions/0014. */
const blockSize = 4 * 1024

/** Writes rows, which must come in order, as one table. */
export class TableWriter {
  readonly #sink: FileSink
  readonly #levels: BlockBuilder[] = [new BlockBuilder()]
  #rows = 0
  #last = ''

  constructor(sink: FileSink) {
    this.#sink = sink
  }

  /** Adds a row; its key must not be below the one before. */
  add({ key, value }: Row): void {
    if (key < this.#last) throw new RangeError('rows of a table must come in order')
    this.#last = key
    this.#rows++
    this.#add(0, key, value)
  }

  /** Writes what is open. The table must have been given all its rows. */
  finish(): TableRef {
    if (this.#rows === 0) return { levels: 0, rows: 0 }
    for (let level = 0; ; level++) {
      const block = this.#levels[level]
      const isRoot = level === this.#levels.length - 1
      if (block === undefined) throw new RangeError('a table without root')
      if (isRoot) return { root: this.#write(block), levels: level + 1, rows: this.#rows }
      if (block.rows > 0) this.#close(level, block)
    }
  }

  #add(level: number, key: string, value: Uint8Array): void {
    const block = this.#levels[level] ?? new BlockBuilder()
    this.#levels[level] = block
    block.add(key, value)
    if (block.size >= blockSize) this.#close(level, block)
  }

  /** Writes a block, and its place into the level above. */
  #close(level: number, block: BlockBuilder): void {
    const key = block.lastKey
    this.#add(level + 1, key, encodeBlockRef(this.#write(block)))
  }

  #write(block: BlockBuilder): BlockRef {
    const { bytes, size, checksum } = block.finish()
    return { offset: this.#sink.add(bytes), stored: bytes.length, size, checksum }
  }
}
