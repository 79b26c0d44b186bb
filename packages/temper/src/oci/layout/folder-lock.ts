import { randomBytes } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { TemperError } from '../../base/error.ts'
import { fileError } from '../../base/file.ts'

/** Milliseconds between tries, and how many: 30 seconds in all for a holder that writes a few kilobytes. */
const interval = 20
const tries = 1500

/** Milliseconds after which a lock taken over from a dead process is looked at again. */
const settle = 100

/**
 * Runs `work` while this process alone holds the lock file at `path`. The file holds the owner, so that a
 * lock left by a process that died is taken over: at once when it ran on this host, else an error says
 * which file to remove. `work` gets a function that fails when the lock was lost meanwhile; call it
 * right before the change becomes visible.
 */
export async function withFileLock<T>(
  path: string,
  work: (assertHeld: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const mine = `${process.pid} ${hostname()} ${randomBytes(8).toString('hex')}\n`
  await acquire(path, mine)
  const held = async () => (await ownerOf(path)) === mine
  try {
    return await work(async () => {
      if (!(await held())) throw new TemperError('file-system', `Lost the lock ${path} to another process`)
    })
  } finally {
    if (await held()) await rm(path, { force: true })
  }
}

async function acquire(path: string, mine: string): Promise<void> {
  for (let i = 0; i < tries; i++) {
    try {
      await writeFile(path, mine, { flag: 'wx' })
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fileError('write', path, error)
    }
    const owner = await ownerOf(path)
    if (owner !== undefined && isDead(owner) && (await takeOver(path, mine, owner))) return
    await sleep(interval)
  }
  throw new TemperError('file-system', `Another process holds the lock ${path}`, {
    hint: `Wait for it to end. If no process writes there, remove ${path} and try again.`,
  })
}

/**
 * Puts this process's lock in the place of a dead one's. Several may try at the same time: the last
 * rename wins, and each looks again after a moment that is long against the others' decision.
 */
async function takeOver(path: string, mine: string, dead: string): Promise<boolean> {
  const next = `${path}.${randomBytes(6).toString('hex')}`
  try {
    await writeFile(next, mine, { flag: 'wx' })
    if ((await ownerOf(path)) !== dead) return false
    await rename(next, path)
    await sleep(settle)
    return (await ownerOf(path)) === mine
  } catch (error) {
    throw fileError('write', path, error)
  } finally {
    await rm(next, { force: true })
  }
}

async function ownerOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw fileError('read', path, error)
  }
}

/** An owner of this host whose process is gone. An empty file is one whose writer is just about to fill it. */
function isDead(owner: string): boolean {
  const match = /^([0-9]{1,10}) (\S+) [0-9a-f]{16}\n$/.exec(owner)
  if (match === null || match[2] !== hostname()) return false
  try {
    process.kill(Number(match[1]), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
