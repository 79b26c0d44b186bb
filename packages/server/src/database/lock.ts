import { readFile, rm, writeFile } from 'node:fs/promises'
import { TemperError } from '../temper.ts'

/**
 * Makes sure that one process at a time uses a folder; returns a function that releases it. A killed process holds
 * nothing. Throws `bad-configuration` when another process has the folder.
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 })
      return () => rm(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''))
    if (isAlive(holder))
      throw new TemperError('bad-configuration', `Another service uses this data folder: process ${holder}`, {
        hint: 'Stop it first, or give this one its own folder.',
      })
    await rm(path, { force: true })
  }
  throw new TemperError('bad-configuration', `The lock ${path} cannot be taken`)
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
