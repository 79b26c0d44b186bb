import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { takeLock } from '../src/database/lock.ts'
import { Scratch } from '../src/scratch.ts'

/* What killed processes leave, and what those keep that live. */

let folder = ''
const children: ChildProcess[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-remains-'))
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** Another process that has opened one, and what it says. */
async function another(text: string): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  const address = (file: string) => fileURLToPath(new URL(`../src/${file}`, import.meta.url))
  const program = `const { Scratch } = await import(${JSON.stringify(address('scratch.ts'))})
    const { takeLock } = await import(${JSON.stringify(address('database/lock.ts'))})
    ${text}
    setInterval(() => undefined, 1000)`
  const words = ['--conditions=temper-source', '--input-type=module', '-e', program]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('the process ended')))
  const [said] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer]
  ended.catch(() => undefined)
  return { child, said: said.toString().trim() }
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

describe('a folder of a process', () => {
  it.each([
    ['', 'short'],
    ['where the path is too long for a socket ', 'deep/'.repeat(40)],
  ])('is removed %sby the next one once its process was killed, and not before', async (_, below) => {
    const parent = join(folder, below)
    const open = `const made = await Scratch.open(${JSON.stringify(parent)})
      await made.folder('way')
      console.log(made.path)`
    const [dead, alive] = [await another(open), await another(open)]
    await mkdir(join(dead.said, 'shut', 'in'), { recursive: true, mode: 0o500 })
    await kill(dead.child)
    const own = await Scratch.open(parent)
    const there = () => readdir(parent).then((names) => names.sort())
    expect(await there()).toEqual([alive.said, own.path].map((path) => basename(path)).sort())
    expect(await readdir(alive.said)).toContain('alive')
    await own.close()
    await kill(alive.child)
    await (await Scratch.open(parent)).close()
    expect(await there()).toEqual([])
  })

  it('that somebody made to look like one stays, with what it leads to', async () => {
    const parent = join(folder, 'strange')
    await mkdir(join(parent, 'precious'), { recursive: true })
    await writeFile(join(parent, 'precious', 'file'), 'x')
    await symlink(join(parent, 'precious'), join(parent, 'temper-scratch-link'))
    await writeFile(join(parent, 'temper-scratch-file'), 'x')
    // One that is being made has no socket yet; one of long ago never gets any.
    for (const name of ['temper-scratch-young', 'temper-scratch-old']) await mkdir(join(parent, name))
    await utimes(join(parent, 'temper-scratch-old'), 1, 1)
    await (await Scratch.open(parent)).close()
    expect((await readdir(parent)).sort()).toEqual([
      'precious',
      'temper-scratch-file',
      'temper-scratch-link',
      'temper-scratch-young',
    ])
    expect(await readdir(join(parent, 'precious'))).toEqual(['file'])
  })
})

describe('the lock of a folder', () => {
  it('is held by a process, not by whoever has its id later', async () => {
    const path = join(folder, 'lock')
    const { child } = await another(`await takeLock(${JSON.stringify(path)})
      console.log('taken')`)
    await expect(takeLock(path)).rejects.toThrow(`process ${child.pid}`)
    // As a machine finds it after it went down: this process has the id, and began at another time.
    await writeFile(path, `${process.ppid} 00000000-0000-0000-0000-000000000000/1`)
    await (await takeLock(path))()
    await writeFile(path, `${process.ppid}`)
    await expect(takeLock(path)).rejects.toThrow(`process ${process.ppid}`)
    await kill(child)
  })
})
