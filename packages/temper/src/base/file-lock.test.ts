import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { withFileLock } from './file-lock.ts'

let folder = ''
let path = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-lock-'))
  path = join(folder, 'lock')
})
afterEach(() => rm(folder, { recursive: true }))

const short = { lease: 1000 }
/** Longer than a test may take: whoever waits for it in vain fails. */
const long = { lease: 600_000 }

/** A process that runs `body` with the lock in hand; `word` settles when it has said something. */
function holder(body: string, options: { readonly lease: number } = short, before: readonly string[] = []) {
  const script = `
    import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    import { withFileLock } from ${JSON.stringify(join(import.meta.dirname, 'file-lock.ts'))}
    const [path, counter, log] = process.argv.slice(1)
    const locked = (work) => withFileLock(path, work, ${JSON.stringify(options)})
    ${body}`
  const [program = '', ...args] = [...before, process.execPath]
  const child = spawn(
    program,
    [
      ...args,
      '--disable-warning=ExperimentalWarning',
      '--input-type=module',
      '-e',
      script,
      path,
      join(folder, 'counter'),
      join(folder, 'log'),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  return { child, word: new Promise((resolve) => child.stdout.once('data', resolve)), ended: ended(child) }
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', resolve))
}

/** Process 1 of its own namespace, which ends when the program around it does. */
const isolated = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc']
const canUnshare = spawnSync(isolated[0] ?? '', [...isolated.slice(1), 'true']).status === 0

const forever = 'await locked(async () => { process.stdout.write("held"); await sleep(600_000) })'

describe('a lock', () => {
  test('is held by one at a time, and gone afterwards', async () => {
    let holders = 0
    const seen: number[] = []
    const work = async () => {
      seen.push(++holders)
      await sleep(2)
      holders--
    }
    await Promise.all(Array.from({ length: 8 }, () => withFileLock(path, work)))
    expect(seen).toEqual(Array(8).fill(1))
    expect(await readdir(folder)).toEqual([])
  })

  test('is given back when the work fails', async () => {
    await expect(withFileLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await readdir(folder)).toEqual([])
  })

  test('of a holder at work for longer than the lease stays its own', async () => {
    const { child, word, ended } = holder(forever)
    await word
    const impatient = { ...short, patience: 2.5 * short.lease }
    await expect(withFileLock(path, async () => 'taken', impatient)).rejects.toMatchObject({
      code: 'file-system',
      message: expect.stringContaining(path),
    })
    expect(await readdir(folder)).toEqual(['lock'])
    child.kill('SIGKILL')
    await ended
  })

  test('ends with its holder, killed or stopped', async () => {
    for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
      const { child, word, ended } = holder(forever)
      await word
      child.kill(signal)
      expect(await withFileLock(path, async () => 'taken', short)).toBe('taken')
      child.kill('SIGKILL')
      await ended
    }
    expect(await readdir(folder)).toEqual([])
  })

  /** As in two containers that share a volume: each is process 1 of its own, and says so in the lock if it says anything. */
  test.skipIf(!canUnshare)('ends with its holder in a container, where each is process 1', async () => {
    const first = holder(`process.stdout.write(process.pid + ' '); ${forever}`, short, isolated)
    expect(String(await first.word)).toMatch(/^1 /)
    while (!(await readdir(folder)).includes('lock')) await sleep(20)
    first.child.kill('SIGKILL')
    await first.ended
    expect(await readdir(folder)).toContain('lock')
    const second = holder(
      `await locked(async () => process.stdout.write(process.pid + ' taken'))`,
      short,
      isolated,
    )
    expect(String(await second.word)).toBe('1 taken')
    expect(await second.ended).toBe(0)
    expect(await readdir(folder)).toEqual([])
  })

  test('that was not renewed for a lease is taken over at once, whatever is in it', async () => {
    for (const content of ['', 'held', `${process.pid} host 0000\n`]) {
      await writeFile(path, content)
      const { mtimeMs } = await stat(path)
      await utimes(path, new Date(mtimeMs), new Date(mtimeMs - long.lease))
      expect(await withFileLock(path, async () => 'taken', long)).toBe('taken')
      await writeFile(path, content)
      await utimes(path, new Date(mtimeMs), new Date(mtimeMs - long.lease + 60_000))
      await expect(withFileLock(path, async () => 'taken', { ...long, patience: 100 })).rejects.toThrow()
      await rm(path)
    }
  })

  test('that was lost is noticed before anything is done with it', async () => {
    let runs = 0
    const work = async (assertHeld: () => Promise<void>) => {
      runs++
      await assertHeld()
      await rm(path)
      await writeFile(path, 'held')
      await assertHeld()
    }
    // Another one holds it now, who is at work.
    await expect(withFileLock(path, work, { patience: 100 })).rejects.toMatchObject({
      code: 'file-system',
      message: expect.stringContaining('Another process holds the lock'),
    })
    expect([runs, await readFile(path, 'utf8')]).toEqual([1, 'held'])
  })

  test('that was lost and is free again is taken again, and the work is done again', async () => {
    const losing = (times: number) => {
      let runs = 0
      return withFileLock(path, async (assertHeld) => {
        if (++runs <= times) await rm(path)
        await assertHeld()
        return runs
      })
    }
    expect(await losing(1)).toBe(2)
    expect(await losing(4)).toBe(5)
    await expect(losing(5)).rejects.toThrow('Lost the lock')
  })

  test('that cannot be made is an error of its path', async () => {
    await mkdir(join(folder, 'inner'))
    path = join(folder, 'nowhere', 'lock')
    await expect(withFileLock(path, async () => {})).rejects.toMatchObject({
      code: 'file-system',
      details: { path },
    })
  })
})

describe('processes that are killed at any moment', () => {
  /** Adds one, slowly enough to be seen in the middle, and notes it when it is done. */
  const counting = `
    for (;;) await locked(async (assertHeld) => {
      const before = Number(readFileSync(counter, 'utf8'))
      await sleep(Math.random() * 3)
      await assertHeld()
      writeFileSync(counter + '.' + process.pid, String(before + 1))
      renameSync(counter + '.' + process.pid, counter)
      appendFileSync(log, String(before + 1) + '\\n')
      process.stdout.write('.')
    })`

  test('never stand in the way of others, and never count the same twice', async () => {
    await writeFile(join(folder, 'counter'), '0')
    await writeFile(join(folder, 'log'), '')
    for (let round = 0; round < 4; round++) {
      const all = [holder(counting), holder(counting)]
      await Promise.any(all.map(({ word }) => word))
      await sleep(17 * round)
      for (const { child } of all) child.kill('SIGKILL')
      await Promise.all(all.map((each) => each.ended))
    }
    const count = await withFileLock(path, () => readFile(join(folder, 'counter'), 'utf8'), short)
    const numbers = (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n').map(Number)
    expect(new Set(numbers).size).toBe(numbers.length)
    // One that is killed between its two writes has counted and not noted it.
    expect(Number(count) - numbers.length).toBeLessThanOrEqual(4)
    expect(await readdir(folder)).not.toContain('lock')
  }, 30_000)
})
