import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError } from '../../../base/file.ts'
import { snapshotDay } from './names.ts'

/** Which indices of earlier days are kept, for scans as of those days. */
export interface Retention {
  /** Bytes that all of them may take. */
  readonly size: number
}

const day = 86_400_000
/** Every day, then one a week, then one a month, by age in days. */
const daily = 14
const weekly = 92
/** Whatever was written more recently than this may be about to be named by another process. */
const fresh = 3_600_000

interface Snapshot {
  readonly name: string
  readonly size: number
  readonly modified: number
}

/**
 * Removes surplus indices: the last one of each day stays, after 14 days one per week, after three months one per
 * month, and the oldest go first when they exceed the budget. The present one always stays.
 */
export async function pruneSnapshots(
  folder: string,
  options: { readonly now: Date; readonly retention: Retention; readonly keep: string | undefined },
): Promise<void> {
  const now = options.now.getTime()
  const seen = new Set<string>()
  let left = options.retention.size
  for (const { name, size, modified } of await snapshots(folder)) {
    const period = periodOf(name, now)
    const wanted = name === options.keep || now - modified < fresh || (!seen.has(period) && size <= left)
    seen.add(period)
    if (wanted) left -= size
    else await rm(join(folder, name), { force: true })
  }
}

function periodOf(name: string, now: number): string {
  const date = snapshotDay(name) ?? ''
  const time = Date.parse(date)
  const age = (now - time) / day
  if (age <= daily) return date
  return age <= weekly ? `week ${Math.floor(time / (7 * day))}` : `month ${date.slice(0, 7)}`
}

/** Newest first. */
async function snapshots(folder: string): Promise<readonly Snapshot[]> {
  const onDisk: Snapshot[] = []
  for (const name of await names(folder)) {
    if (snapshotDay(name) === undefined) continue
    try {
      const { size, mtimeMs } = await stat(join(folder, name))
      onDisk.push({ name, size, modified: mtimeMs })
    } catch (error) {
      // Another process was quicker.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        throw fileError('read', join(folder, name), error)
    }
  }
  return onDisk.sort((a, b) => (a.name < b.name ? 1 : -1))
}

async function names(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw fileError('read', folder, error)
  }
}
