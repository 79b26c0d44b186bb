import { readFileSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { TemperError } from '../temper.ts'

/**
 * Makes sure that one process at a time uses a folder; returns a function that releases it. A killed process holds
 * nothing, nor does another one that has got its id since. Throws `bad-configuration` when another process has the folder.
 */
export async function takeLock(path: string): Promise<() => Promise<void>> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await writeFile(path, `${process.pid} ${begunAt(process.pid)}`, { flag: 'wx', mode: 0o600 })
      return () => rm(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const [holder = '', begun = ''] = (await readFile(path, 'utf8').catch(() => '')).split(' ')
    if (isAlive(Number(holder), begun))
      throw new TemperError('bad-configuration', `Another service uses this data folder: process ${holder}`, {
        hint: 'Stop it first, or give this one its own folder.',
      })
    await rm(path, { force: true })
  }
  throw new TemperError('bad-configuration', `The lock ${path} cannot be taken`)
}

function isAlive(pid: number, begun: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  const its = begunAt(pid)
  return begun === '' || its === '' || its === begun
}

/** When a process began, in words of its system: the boot, and ticks since then (proc_pid_stat(5), field 22). Empty where nothing says so. */
function begunAt(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    // Field 2 is a name in brackets, which may have anything in it.
    const [, after = ''] = /^.*\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    const ticks = after.split(' ')[19]
    return ticks === undefined ? '' : `${boot}/${ticks}`
  } catch {
    return ''
  }
}
