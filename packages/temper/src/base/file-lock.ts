import { type FileHandle, link, open, rename, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { TemperError } from './error.ts'
import { fileError, temporaryPath } from './file.ts'

export interface FileLockOptions {
  /** Milliseconds after which a lock that its holder has not renewed counts as abandoned. */
  readonly lease?: number
  /** Milliseconds to wait for a holder that is at work. */
  readonly patience?: number
}

/** Milliseconds between tries. */
const interval = 20
/** How often a holder renews its lock, and how often whoever waits looks whether it did, within one lease. */
const beats = 10

/**
 * Runs `work` while this process alone holds the lock file at `path`, in any container and on any host that shares
 * the folder. The lock is a lease: its holder renews it by writing to it, and one that was not renewed for `lease` is
 * taken over, whoever it belonged to. Nothing is concluded from process ids, host names or what is in the file: every
 * container has a process 1, and a full disk leaves an empty file. Times are compared as the file system gives them,
 * so clocks of hosts may differ. `work` gets a function that fails when the lock has been lost meanwhile; call it
 * right before the change becomes visible. After such a failure the work is done again, since several processes that
 * take over an old lock at once may take it from each other.
 */
export async function withFileLock<T>(
  path: string,
  work: (assertHeld: () => Promise<void>) => Promise<T>,
  { lease = 10_000, patience = 60_000 }: FileLockOptions = {},
): Promise<T> {
  for (let loss = 1; ; loss++) {
    try {
      return await workLocked(path, work, { lease, patience })
    } catch (error) {
      if (!(error instanceof LostLock) || loss === mostLosses) throw error
    }
  }
}

/** How often a lock may be lost: whoever loses it loses it to somebody whose work goes on. */
const mostLosses = 5

class LostLock extends TemperError {
  constructor(path: string) {
    super('file-system', `Lost the lock ${path} to another process`)
  }
}

async function workLocked<T>(
  path: string,
  work: (assertHeld: () => Promise<void>) => Promise<T>,
  { lease, patience }: Required<FileLockOptions>,
): Promise<T> {
  const file = await acquire(path, { lease, patience })
  let renewed = Promise.resolve()
  const renewal = setInterval(() => {
    renewed = renewed.then(() => renew(file))
  }, lease / beats)
  renewal.unref()
  try {
    return await work(async () => {
      if (!(await isAt(path, file))) throw new LostLock(path)
    })
  } finally {
    clearInterval(renewal)
    await renewed
    // While the file is open no other one can have its inode.
    if (await isAt(path, file)) await rm(path, { force: true })
    await file.close()
  }
}

/** A full disk must not end the work: at worst another process takes the lock over, which is noticed. */
async function renew(file: FileHandle): Promise<void> {
  try {
    await file.write('held', 0)
    await file.sync()
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error
  }
}

async function acquire(path: string, { lease, patience }: Required<FileLockOptions>): Promise<FileHandle> {
  const tries = Math.ceil(patience / interval)
  const triesInBeat = Math.ceil(lease / beats / interval)
  for (let i = 0; i < tries; i++) {
    try {
      return await open(path, 'wx+', 0o644)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError('write', path, error)
    }
    if (i % triesInBeat === 0 && (await removeStale(path, lease))) continue
    await sleep(interval)
  }
  throw new TemperError('file-system', `Another process holds the lock ${path}`, {
    hint: 'Wait for it to finish, then try again.',
  })
}

/** Removes a lock that its holder has stopped to renew, and no other one. True: the way may be free. */
async function removeStale(path: string, lease: number): Promise<boolean> {
  const aside = temporaryPath(path)
  try {
    const held = await identityOf(path)
    if (held === undefined) return true
    if ((await timeThere(aside)) - held.changed < lease) return false
    await rename(path, aside)
    // Another one may have removed it meanwhile, and this is already the next holder's: it goes back. Where there are no
    // links, or a third one was faster, that holder finds its lock lost.
    if ((await identityOf(aside))?.name !== held.name) await link(aside, path).catch(() => {})
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true
    throw fileError('write', path, error)
  } finally {
    await rm(aside, { force: true })
  }
}

/** The file system's time in milliseconds: when it says that a new file was written. */
async function timeThere(path: string): Promise<number> {
  const file = await open(path, 'wx')
  try {
    return (await file.stat()).mtimeMs
  } finally {
    await file.close()
  }
}

/** Which lock a file is. Inodes are used again, but a stale lock is older than any that has come since. */
async function identityOf(path: string): Promise<{ name: string; changed: number } | undefined> {
  // Opened, since network file systems ask for times anew only then.
  const file = await openIfThere(path)
  if (file === undefined) return undefined
  try {
    const { dev, ino, mtimeNs, mtimeMs } = await file.stat({ bigint: true })
    return { name: `${dev}:${ino}:${mtimeNs}`, changed: Number(mtimeMs) }
  } finally {
    await file.close()
  }
}

async function isAt(path: string, held: FileHandle): Promise<boolean> {
  const file = await openIfThere(path)
  if (file === undefined) return false
  try {
    const [there, mine] = await Promise.all([file.stat({ bigint: true }), held.stat({ bigint: true })])
    return there.dev === mine.dev && there.ino === mine.ino
  } finally {
    await file.close()
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fileError('read', path, error)
  }
}
