import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inject } from 'vitest'

/**
 * Does something once in a run, whichever test file asks first; the others wait until it is done. When it fails, it
 * fails for all.
 */
export async function once(name: string, work: () => Promise<void>): Promise<void> {
  const state = join(inject('sharedFolder'), 'once')
  const [done, failed] = [join(state, `${name}.done`), join(state, `${name}.failed`)]
  await mkdir(state, { recursive: true })
  if (existsSync(done)) return
  if (await isFirst(join(state, name))) {
    try {
      await work()
      await writeFile(done, '')
    } catch (error) {
      await writeFile(failed, '')
      throw error
    }
    return
  }
  while (!existsSync(done)) {
    if (existsSync(failed)) throw new Error(`${name} failed in another test file`)
    await sleep(100)
  }
}

async function isFirst(path: string): Promise<boolean> {
  try {
    await mkdir(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}
