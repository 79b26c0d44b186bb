import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'

/** Milliseconds between looks at a folder: what network shares notice of changes differs, so it is looked at. */
const lookEvery = 1000

/** Most entries of a folder that are looked at. */
const entryLimit = 100_000

/**
 * Calls when the contents of a folder have changed and then stayed the same until the next check, so that nobody
 * reads a file that is still being written. The first check counts as a change.
 */
export function watchFolder(
  folder: string,
  changed: () => Promise<void>,
  log: Logger,
): { end(): Promise<void> } {
  let [told, last] = ['', '']
  let looking: Promise<void> = Promise.resolve()
  const look = async () => {
    const now = await stateOfFolder(folder)
    const still = now === last
    last = now
    if (!still || now === told) return
    await changed()
    told = now
  }
  const again = () => {
    looking = looking
      .then(look)
      .catch((error: unknown) => log.warn({ err: error, folder }, 'a folder cannot be watched'))
  }
  again()
  const timer = setInterval(again, lookEvery)
  return {
    end: async () => {
      clearInterval(timer)
      await looking
    },
  }
}

/** Names, sizes and times of all that is in it. */
async function stateOfFolder(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).sort().slice(0, entryLimit)
  const hash = createHash('sha256')
  for (const name of names) {
    const stats = await stat(join(folder, name)).catch(() => undefined)
    if (stats?.isFile() === true) hash.update(`${name}\0${stats.size}\0${stats.mtimeMs}\0${stats.ino}\n`)
  }
  return hash.digest('hex')
}
