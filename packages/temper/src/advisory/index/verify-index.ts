import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { TemperError } from '../../base/error.ts'
import { parseEcosystem } from '../ecosystem.ts'
import { decodeAffected } from './record/entry-code.ts'
import { feedOfKey, partsOfKey } from './record/keys.ts'
import { decodeRecord } from './record/record-code.ts'
import type { Row } from './record/row.ts'
import { badIndexFile } from './storage/index-error.ts'
import { headerSize, type TableName, tableNames } from './storage/index-file.ts'
import { type IndexFile, openIndexFile } from './storage/open-file.ts'

/** The facts about an intact index. */
export interface VerifiedIndex {
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** SHA-256 in hex of its description, which holds the digest of the rest. */
  readonly digest: string
  /** Rows of each table. */
  readonly rows: Readonly<Record<TableName, number>>
}

/** One row of so many is looked up as a scan would do it. */
const sampleEvery = 997

/**
 * Reads an index file as a whole: its digests, the order and shape of every row, the numbers that its description states,
 * and that look-ups find what is there. Throws `bad-index`.
 */
export async function verifyIndex(path: string): Promise<VerifiedIndex> {
  const file = openIndexFile(path)
  try {
    const end = file.size - file.metaSize
    if ((await digestOfBlocks(path, end)) !== file.meta.blocks)
      throw badIndexFile(path, 'its digest is wrong')
    const rows = Object.fromEntries(tableNames.map((table) => [table, checkTable(file, table)]))
    return { path, size: file.size, digest: file.digest, rows: rows as Record<TableName, number> }
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError || error instanceof TypeError)
      throw badIndexFile(path, error.message)
    throw error
  } finally {
    file.close()
  }
}

/** Whether a file is there, with all its bytes as they were written, and of this digest. Nothing is decoded. */
export async function isWholeIndex(path: string, digest: string): Promise<boolean> {
  try {
    const file = openIndexFile(path)
    file.close()
    return (
      file.digest === digest && (await digestOfBlocks(path, file.size - file.metaSize)) === file.meta.blocks
    )
  } catch (error) {
    if (error instanceof TemperError) return false
    throw error
  }
}

/** The header counts as zeros: it holds the digest of the description, which holds this one. */
async function digestOfBlocks(path: string, end: number): Promise<string> {
  const hash = createHash('sha256').update(Buffer.alloc(headerSize))
  if (end > headerSize) {
    const options = { start: headerSize, end: end - 1, highWaterMark: 1024 * 1024 }
    for await (const chunk of createReadStream(path, options)) hash.update(chunk as Buffer)
  }
  return hash.digest('hex')
}

function checkTable(file: IndexFile, name: TableName): number {
  const table = file.tables[name]
  const feeds = file.meta.feeds.length
  const ecosystems = new Set(file.meta.ecosystems)
  let count = 0
  let last = ''
  for (const rows of table.blocks()) {
    for (const row of rows) {
      if (row.key < last) throw badIndexFile(file.path, `its rows of ${name} are not in order`)
      if (feedOfKey(row.key) < 0 || feedOfKey(row.key) >= feeds)
        throw badIndexFile(file.path, `a row of ${name} is of no feed`)
      checkRow(row, { name, ecosystems, path: file.path })
      last = row.key
      if (count++ % sampleEvery === 0) sample(file, name, row)
    }
  }
  if (count !== table.rows) throw badIndexFile(file.path, `${name} has ${count} rows, not ${table.rows}`)
  return count
}

/** Decodes a row, or throws. */
function checkRow(
  { key, value }: Row,
  of: { readonly name: TableName; readonly ecosystems: ReadonlySet<string>; readonly path: string },
): void {
  const { name } = of
  const bytes = Buffer.from(value.buffer, value.byteOffset, value.length)
  if (name === 'records') decodeRecord(bytes)
  else if (name === 'threats') JSON.parse(bytes.toString('utf8'))
  else if (name === 'packages') {
    const [ecosystem = ''] = partsOfKey(key)
    if (!of.ecosystems.has(ecosystem)) throw badIndexFile(of.path, `it does not list ${ecosystem}`)
    decodeAffected(bytes, parseEcosystem(ecosystem).scheme)
  }
}

function sample(file: IndexFile, name: TableName, { key }: Row): void {
  let isReachable = false
  file.tables[name].each(key, () => {
    isReachable = true
  })
  if (!isReachable) throw badIndexFile(file.path, `a row of ${name} cannot be found by its key`)
}
