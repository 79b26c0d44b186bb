import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileError } from '../../base/file.ts'
import { throwIfStopped } from '../../base/stop.ts'
import type { FeedState } from '../../model/advisory/advisory.ts'
import { type Tally, TallyCounter } from '../coverage/tally.ts'
import type { FeedItem, FeedItems, SkippedItem } from '../feed-item.ts'
import { type WrittenIndex, writeIndex } from './index-writer.ts'
import { nameRows, packageRow, recordRow } from './record/advisory-rows.ts'
import { archiveRow } from './record/archive-row.ts'
import { exploitedRow, predictionRow } from './record/threat-rows.ts'
import type { TableName } from './storage/index-file.ts'
import { tableNames } from './storage/index-file.ts'
import { RowSorter } from './storage/row-sorter.ts'

export interface CompileOptions {
  readonly signal?: AbortSignal
  /** RFC 3339; later dates are mistakes and do not count as the newest. */
  readonly until?: string
  /**
   * Bytes of rows that are sorted in memory; beyond that, rows go to temporary files beside the result. Default 96
   * MiB.
   */
  readonly memory?: number
}

/** A compiled feed. */
export interface CompiledFeed {
  /** Number of records that were included. */
  readonly count: number
  readonly skipped: number
  /** The first few of them. */
  readonly skippedItems: readonly SkippedItem[]
  /** The newest date in a record or of the feed itself. */
  readonly date?: string
  /** The oldest publication date of a record. */
  readonly since?: string
  /** What the records are about. */
  readonly tally: Tally
  readonly written: WrittenIndex
}

const defaultMemory = 96 * 1024 * 1024
const keptSkips = 20
/** Items between two looks at memory and signal. */
const stride = 500

/**
 * Writes an index file of one feed to `path`, which must not be there yet. `describe` is called when all records were
 * read, and says what the file is to state about the feed.
 */
export async function compileFeed(
  path: string,
  source: {
    readonly items: FeedItems
    readonly describe: (compiled: Omit<CompiledFeed, 'written'>) => Promise<FeedState> | FeedState
  },
  options: CompileOptions = {},
): Promise<CompiledFeed> {
  const folder = await temporaryFolder(dirname(path))
  try {
    const compiler = new Compiler(folder, { memory: options.memory ?? defaultMemory, until: options.until })
    let seen = 0
    for await (const item of source.items) {
      compiler.add(item)
      if (++seen % stride !== 0) continue
      throwIfStopped(options.signal)
      await compiler.drain()
    }
    const compiled = compiler.summary()
    const feed = await source.describe(compiled)
    const written = await writeIndex(path, { feeds: [feed], rows: (table) => compiler.rows(table) })
    return { ...compiled, written }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function temporaryFolder(parent: string): Promise<string> {
  try {
    return await mkdtemp(join(parent, '.tmp-sort-'))
  } catch (error) {
    throw fileError('write', parent, error)
  }
}

class Compiler {
  readonly #sorters: ReadonlyMap<TableName, RowSorter>
  readonly #skips: SkippedItem[] = []
  readonly #tally = new TallyCounter()
  #count = 0
  #skipped = 0
  #date: string | undefined
  #since: string | undefined
  readonly #until: string | undefined

  constructor(folder: string, options: { readonly memory: number; readonly until: string | undefined }) {
    const budget = options.memory / tableNames.length
    this.#until = options.until
    this.#sorters = new Map(tableNames.map((name) => [name, new RowSorter({ folder, name, budget })]))
  }

  add(item: FeedItem): void {
    this.#tally.add(item)
    switch (item.kind) {
      case 'advisory': {
        const { advisory } = item
        this.#count++
        this.#dated(advisory.modified)
        this.#dated(advisory.published)
        this.#since = earlier(this.#since, advisory.published)
        this.#sorter('records').add(recordRow(advisory))
        for (const row of nameRows(advisory)) this.#sorter('names').add(row)
        for (const affected of advisory.affected) this.#sorter('packages').add(packageRow(advisory, affected))
        break
      }
      case 'exploited':
        this.#count++
        this.#dated(item.value.added)
        this.#sorter('threats').add(exploitedRow(item.id, item.value))
        break
      case 'prediction':
        this.#count++
        this.#sorter('threats').add(predictionRow(item.id, item.value))
        break
      case 'archive':
        this.#count++
        this.#sorter('threats').add(archiveRow(item.sha1, item.value))
        break
      case 'dated':
        this.#dated(item.date)
        break
      case 'skipped':
        this.#skipped++
        if (this.#skips.length < keptSkips) this.#skips.push(item)
    }
  }

  async drain(): Promise<void> {
    for (const sorter of this.#sorters.values()) await sorter.drain()
  }

  summary(): Omit<CompiledFeed, 'written'> {
    return {
      count: this.#count,
      skipped: this.#skipped,
      skippedItems: this.#skips,
      tally: this.#tally,
      ...(this.#date === undefined ? {} : { date: this.#date }),
      ...(this.#since === undefined ? {} : { since: this.#since }),
    }
  }

  rows(table: TableName) {
    return this.#sorter(table).sorted()
  }

  #dated(date: string | undefined): void {
    if (date === undefined || (this.#until !== undefined && date > this.#until)) return
    if (this.#date === undefined || date > this.#date) this.#date = date
  }

  #sorter(table: TableName): RowSorter {
    const sorter = this.#sorters.get(table)
    if (sorter === undefined) throw new RangeError(`no table ${table}`)
    return sorter
  }
}

function earlier(a: string | undefined, b: string | undefined): string | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a
}
