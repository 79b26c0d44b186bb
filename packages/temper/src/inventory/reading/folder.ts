import type { Stats } from 'node:fs'
import { join } from 'node:path'
import { mapLimit } from '../../base/concurrency.ts'
import { withPlainFile } from '../../base/folder/plain-file.ts'
import { unreadable, type WalkedObject, walkFolder } from '../../base/folder/walk.ts'
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

/** Files that are read at once: waiting for the disk takes longer than hashing. */
const filesAtOnce = 8

/**
 * Reads what is in a root file system on disk. Links are never followed while reading, so nothing outside the
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
  const attributes = observers.some((observer) => observer.attributes === true)
  const reading: ReadFileOptions & Wanted = {
    attributes,
    readers: [...ownReaders, ...cataloguers, ...observers],
    extraHash: options.sha1 === true ? 'sha1' : 'none',
    reserve: memoryGate(),
  }
  const files = walked.objects.filter(({ stats }) => stats.isFile())
  const total = files.reduce((sum, { stats }) => sum + stats.size, 0)
  const task = (options.progress ?? silentProgress).start('Reading files', { total, unit: 'bytes' })
  const entries = walked.objects.flatMap((object) => entryOf(object, { attributes }))
  const facts: LayerFact[] = []
  const notes: LayerNote[] = [...walked.notes]
  try {
    const results = await mapLimit(files, filesAtOnce, async ({ path, stats }) => {
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

interface Wanted {
  /** Whether owners, permissions and times are kept, and pipes and devices too. */
  readonly attributes: boolean
}

/** What is no file; sockets are left out. */
function entryOf({ path, stats, target }: WalkedObject, { attributes }: Wanted): LayerEntry[] {
  const more = attributes ? attributesOf(stats) : {}
  if (stats.isDirectory()) return [{ path, type: 'directory', ...more }]
  if (target !== undefined) return [{ path, type: 'symlink', target, ...more }]
  if (!attributes) return []
  if (stats.isCharacterDevice()) return [{ path, type: 'character', ...more }]
  if (stats.isBlockDevice()) return [{ path, type: 'block', ...more }]
  return stats.isFIFO() ? [{ path, type: 'fifo', ...more }] : []
}

function attributesOf({ mode, uid, gid, mtimeMs }: Stats) {
  return { mode: mode & 0o7777, uid, gid, mtime: Math.floor(mtimeMs / 1000) }
}

interface OneFile {
  readonly entry?: LayerEntry
  readonly facts: readonly LayerFact[]
  readonly notes: readonly LayerNote[]
}

async function readOne(root: string, path: string, options: ReadFileOptions & Wanted): Promise<OneFile> {
  try {
    const read = await withPlainFile(join(root, path), async (stats, content): Promise<OneFile> => {
      const { size, mode } = stats
      const { hashes, facts, notes } = await readFile({ path, size, mode: mode & 0o7777 }, content, options)
      const more = options.attributes ? attributesOf(stats) : {}
      return { entry: { path, type: 'file', size, ...more, ...hashes }, facts, notes }
    })
    return read ?? { facts: [], notes: [] }
  } catch (error) {
    return { facts: [], notes: [unreadable(path, error)] }
  }
}
