import { readSync } from 'node:fs'
import type { Row } from '../record/row.ts'
import { type BlockRef, blockRefSize, decodeBlockRef, openBlock, type RowBlock } from './block.ts'
import type { BlockCache } from './block-cache.ts'
import { badIndexFile } from './index-error.ts'
import type { TableRef } from './table-writer.ts'

/** Most bytes of one block, before and after inflating: a block holds at least one row, which readers bound. */
const blockLimit = 64 * 1024 * 1024

/** Most levels: with the smallest sensible fan-out enough for any file. */
const levelLimit = 12

/** The file that tables lie in. */
export interface OpenFile {
  readonly path: string
  readonly descriptor: number
  /** Blocks end before this byte. */
  readonly end: number
  readonly cache: BlockCache
}

interface Wanted {
  /** What keys begin with. */
  readonly start: Buffer
  readonly visit: (rest: string, value: Buffer) => void
}

/** One table of an open index file. Look-ups read a few blocks each, synchronously. */
export class Table {
  readonly rows: number
  readonly #file: OpenFile
  readonly #ref: TableRef

  constructor(file: OpenFile, ref: TableRef) {
    this.#file = file
    this.#ref = ref
    this.rows = ref.rows
    if (ref.levels > levelLimit) throw badIndexFile(file.path, `a table of ${ref.levels} levels`)
  }

  /** Calls `visit` with the rows whose keys begin with `prefix`, in order: with what follows it, and the value. */
  each(prefix: string, visit: (rest: string, value: Buffer) => void): void {
    const { root, levels } = this.#ref
    if (root !== undefined) this.#visit(root, levels, { start: Buffer.from(prefix, 'latin1'), visit })
  }

  /** All rows, one block after the other. */
  *blocks(): Generator<readonly Row[], void, void> {
    const { root, levels } = this.#ref
    if (root !== undefined) yield* this.#walk(root, levels)
  }

  /** False when the rows wanted end here. */
  #visit(ref: BlockRef, level: number, wanted: Wanted): boolean {
    const block = this.#open(ref)
    if (level === 1) return block.startingWith(wanted.start, wanted.visit)
    return block.notBelow(wanted.start, (value) => this.#visit(this.#refOf(value), level - 1, wanted))
  }

  *#walk(ref: BlockRef, level: number): Generator<readonly Row[], void, void> {
    // Every block is wanted once: keeping them would drive out what look-ups use.
    const rows = this.#read(ref).rows()
    if (level === 1) yield rows
    else for (const { value } of rows) yield* this.#walk(this.#refOf(value), level - 1)
  }

  #refOf(value: Uint8Array): BlockRef {
    if (value.length !== blockRefSize) throw badIndexFile(this.#file.path, 'an inner block is damaged')
    return decodeBlockRef(Buffer.from(value.buffer, value.byteOffset, value.length))
  }

  #open(ref: BlockRef): RowBlock {
    const { cache } = this.#file
    const kept = cache.get(ref.offset)
    if (kept !== undefined) return kept
    const block = this.#read(ref)
    cache.put(ref.offset, block, ref.size)
    return block
  }

  #read(ref: BlockRef): RowBlock {
    const { path, descriptor, end } = this.#file
    if (ref.stored > blockLimit || ref.size > blockLimit || ref.offset + ref.stored > end)
      throw badIndexFile(path, `a block lies outside the file or is too large (byte ${ref.offset})`)
    const stored = Buffer.allocUnsafe(ref.stored)
    try {
      const read = readSync(descriptor, stored, 0, ref.stored, ref.offset)
      if (read !== ref.stored) throw new RangeError('the file is cut off')
      return openBlock(stored, ref)
    } catch (error) {
      throw badIndexFile(path, error instanceof Error ? error.message : 'it cannot be read')
    }
  }
}
