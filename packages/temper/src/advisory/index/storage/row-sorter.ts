import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { mergeRows } from '../merge-rows.ts'
import { compareRows, type Row } from '../record/row.ts'
import { readRun, writeRun } from './run-file.ts'

/** Rows in batches, so that waiting costs little for each. */
export type RowBatches = AsyncIterable<readonly Row[]>

const rowOverhead = 120
const batch = 2000

/**
 * Sorts any number of rows in bounded memory: beyond `budget` bytes, sorted rows go to files in `folder`, which are
 * merged at the end.
 */
export class RowSorter {
  readonly #folder: string
  readonly #name: string
  readonly #budget: number
  #rows: Row[] = []
  #size = 0
  #runs: string[] = []

  constructor(options: { readonly folder: string; readonly name: string; readonly budget: number }) {
    this.#folder = options.folder
    this.#name = options.name
    this.#budget = options.budget
  }

  add(row: Row): void {
    this.#rows.push(row)
    this.#size += row.key.length + row.value.length + rowOverhead
  }

  /** Writes a run when memory is full. Call it between two steps of the work. */
  async drain(): Promise<void> {
    if (this.#size < this.#budget) return
    const path = join(this.#folder, `${this.#name}-${this.#runs.length}.run`)
    this.#runs.push(path)
    await writeRun(path, this.#take())
  }

  /** All rows in order, each only once. To be read once; the runs are removed then. */
  async *sorted(): AsyncGenerator<readonly Row[], void, void> {
    const sources = [...this.#runs.map(readRun), inBatches(this.#take())]
    try {
      yield* distinct(sources.length === 1 && sources[0] ? sources[0] : mergeRows(sources))
    } finally {
      await Promise.all(this.#runs.map((path) => rm(path, { force: true })))
      this.#runs = []
    }
  }

  #take(): Row[] {
    const rows = this.#rows.sort(compareRows)
    this.#rows = []
    this.#size = 0
    return rows
  }
}

async function* inBatches(rows: readonly Row[]): AsyncGenerator<readonly Row[], void, void> {
  for (let at = 0; at < rows.length; at += batch) yield rows.slice(at, at + batch)
}

async function* distinct(batches: RowBatches): AsyncGenerator<readonly Row[], void, void> {
  let last: Row | undefined
  for await (const rows of batches) {
    const kept: Row[] = []
    for (const row of rows) {
      if (last !== undefined && compareRows(last, row) === 0) continue
      kept.push(row)
      last = row
    }
    yield kept
  }
}
