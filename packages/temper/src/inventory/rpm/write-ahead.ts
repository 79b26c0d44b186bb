import { TemperError } from '../../base/error.ts'
import { readSqliteLog } from '../../formats/sqlite/log.ts'
import { rootOf, type SqliteCell, type SqlitePage, SqliteTree } from '../../formats/sqlite/table.ts'

/*
 * A database and its log of changes are two files, of one layer or of two, which are read one at a time. So each is kept as
 * what its pages hold, and the two are put together when all files are known: pages of the log stand for those of the database.
 */

/** What a page holds: numbers of the pages below it, or its rows. */
export type KeptPage<Record> =
  | { readonly below: readonly number[] }
  /** By number of the row; null for one whose content the log does not have, since nothing of it was changed. */
  | { readonly rows: readonly (readonly [number, Record | null])[] }

/** The tree of a table, of a database or as far as a log has it. */
export interface KeptTree<Record> {
  /** The page where it begins; absent in a log that did not change that. */
  readonly root?: number
  readonly pages: readonly (readonly [number, KeptPage<Record>])[]
}

/** Pages of one tree; a database of a hundred thousand packages has fewer. */
const pageLimit = 1_000_000

/**
 * The pages of a log that may be of a table with one blob a row, with the rows that it has whole. Undefined for what is no log.
 * `parse` makes a record of a blob, or throws a `TemperError`.
 */
export function readLog<Record>(
  bytes: Uint8Array,
  table: string,
  { what, parse }: { readonly what: string; readonly parse: (blob: Uint8Array) => Record },
): KeptTree<Record> | undefined {
  const log = readSqliteLog(bytes)
  if (log === undefined) return undefined
  const tree = new SqliteTree(log, what)
  const pages = log.numbers.flatMap((number): (readonly [number, KeptPage<Record>])[] => {
    if (number === 1) return []
    const page = pageOrNone(tree, number)
    if (page?.children !== undefined) return [[number, { below: page.children }]]
    const rows = (page?.rows ?? []).map((cell) => [cell.id, recordOf(cell, parse)] as const)
    // Pages of other tables have rows, too, none of which is a record: those that are asked for are found from the root.
    return page?.rows === undefined ? [] : [[number, { rows }]]
  })
  const root = log.page(1) === undefined ? undefined : rootIn(tree, table)
  return { ...(root === undefined ? {} : { root }), pages }
}

/** Overflow pages and those of indices are no pages of a table. */
function pageOrNone(tree: SqliteTree, number: number): SqlitePage | undefined {
  try {
    return tree.page(number)
  } catch (error) {
    if (error instanceof TemperError) return undefined
    throw error
  }
}

function rootIn(tree: SqliteTree, table: string): number | undefined {
  const first = pageOrNone(tree, 1)
  return first === undefined ? undefined : rootOf([first], table)
}

function recordOf<Record>(cell: SqliteCell, parse: (blob: Uint8Array) => Record): Record | null {
  try {
    const blob = cell.read().find((value) => value instanceof Uint8Array)
    return blob instanceof Uint8Array ? parse(blob) : null
  } catch (error) {
    if (error instanceof TemperError) return null
    throw error
  }
}

/**
 * The records of a database with its log: as for SQLite, a log beside a database belongs to it. Undefined
 * where the two leave a gap.
 */
export function withLog<Record>(
  database: KeptTree<Record> | undefined,
  log: KeptTree<Record>,
): readonly Record[] | undefined {
  const pages = new Map([...(database?.pages ?? []), ...log.pages])
  const before = new Map((database?.pages ?? []).flatMap(([, page]) => ('rows' in page ? page.rows : [])))
  const root = log.root ?? database?.root
  if (root === undefined) return undefined
  const records: Record[] = []
  const open = [root]
  const seen = new Set<number>()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const page = pages.get(next)
    if (page === undefined || seen.has(next) || seen.size > pageLimit) return undefined
    seen.add(next)
    if ('below' in page) {
      for (let index = page.below.length - 1; index >= 0; index--) open.push(page.below[index] ?? 0)
      continue
    }
    for (const [id, record] of page.rows) {
      const current = record ?? before.get(id)
      if (current === undefined || current === null) return undefined
      records.push(current)
    }
  }
  return records
}
