import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { mapLimit } from '../../base/concurrency.ts'
import { silentProgress } from '../../base/progress.ts'
import type { Inventory } from '../../model/inventory.ts'
import { allCataloguers } from '../cataloguers.ts'
import { ownReaders } from '../own-readers.ts'
import { summarise } from '../summary/summarise.ts'
import { type ReadFileOptions, readFile } from './file.ts'
import type { LayerEntry, LayerFact, LayerNote } from './layer-reading.ts'
import { defaultLimits } from './limits.ts'
import { memoryGate } from './memory-gate.ts'
import type { InventoryOptions } from './options.ts'
import { unreadable, walkFolder } from './walk-folder.ts'

/** Files that are read at once: waiting for the disk takes longer than hashing. */
const filesAtOnce = 8

const chunkSize = 256 << 10

/**
 * Reads what is in a root file system on disk. Links are never followed while reading, so nothing outside of the
 * folder is seen. Unreadable files become notes. `cacheDir` is not used: nothing tells that a folder is unchanged.
 * Errors: `not-found`, `bad-usage` when it is no folder, `file-system`, `limit-exceeded`.
 */
export async function readFolderInventory(root: string, options: InventoryOptions = {}): Promise<Inventory> {
  const limits = { ...defaultLimits, ...options.limits }
  const { signal } = options
  const walked = await walkFolder(root, {
    entries: limits.entries,
    ...(signal === undefined ? {} : { signal }),
  })
  const cataloguers = options.cataloguers ?? allCataloguers
  const observers = options.observers ?? []
  const reading: ReadFileOptions = {
    readers: [...ownReaders, ...cataloguers, ...observers],
    extraHash: options.sha1 === true ? 'sha1' : 'none',
    reserve: memoryGate(),
  }
  const total = walked.files.reduce((sum, { stats }) => sum + stats.size, 0)
  const task = (options.progress ?? silentProgress).start('Reading files', { total, unit: 'bytes' })
  const entries: LayerEntry[] = [...walked.entries]
  const facts: LayerFact[] = []
  const notes: LayerNote[] = [...walked.notes]
  try {
    const results = await mapLimit(walked.files, filesAtOnce, async ({ path, stats }) => {
      signal?.throwIfAborted()
      const result = await readOne(root, path, reading)
      task.advance(stats.size)
      return result
    })
    for (const result of results) {
      if (result.entry !== undefined) entries.push(result.entry)
      facts.push(...result.facts)
      notes.push(...result.notes)
    }
  } finally {
    task.done()
  }
  const layer = { whiteouts: [], entries, facts, notes }
  return summarise([layer], { cataloguers, observers, limits, layers: [] })
}

interface OneFile {
  readonly entry?: LayerEntry
  readonly facts: readonly LayerFact[]
  readonly notes: readonly LayerNote[]
}

async function readOne(root: string, path: string, options: ReadFileOptions): Promise<OneFile> {
  let file: FileHandle
  try {
    // A link that took the file's place since it was listed is refused, a pipe does not block.
    file = await open(join(root, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    return { facts: [], notes: [unreadable(path, error)] }
  }
  try {
    const stats = await file.stat()
    if (!stats.isFile()) return { facts: [], notes: [] }
    const { size } = stats
    const content = contentOf(file, size)
    const read = await readFile({ path, size, mode: stats.mode & 0o7777 }, content, options)
    return { entry: { path, type: 'file', size, ...read.hashes }, facts: read.facts, notes: read.notes }
  } catch (error) {
    return { facts: [], notes: [unreadable(path, error)] }
  } finally {
    await file.close()
  }
}

/** The bytes that the file had when it was opened, or as many as are left of them. */
async function* contentOf(file: FileHandle, size: number): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < size; ) {
    const buffer = Buffer.allocUnsafeSlow(Math.min(chunkSize, size - at))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    at += bytesRead
  }
}
