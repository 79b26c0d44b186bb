import { chmod, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Digest, sha256 } from './digest.ts'
import { ValueCache } from './value-cache.ts'

let folder = ''
let notes: string[] = []
let cache: ValueCache
const key = sha256('key')

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-values-'))
  notes = []
  cache = new ValueCache(join(folder, 'kind-1'), { note: (text) => notes.push(text) })
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const text = async (of: Digest = key) => {
  const bytes = await cache.get(of)
  return bytes && Buffer.from(bytes).toString()
}

describe('values', () => {
  it('are there after they were put, each under its key', async () => {
    expect(await cache.get(key)).toBeUndefined()
    await cache.put(key, 'one')
    await cache.put(sha256('other'), Buffer.from('two'))
    expect([await text(), await text(sha256('other'))]).toEqual(['one', 'two'])
    await cache.put(key, JSON.stringify({ a: [1] }))
    expect(await cache.getJson(key)).toEqual({ a: [1] })
    await cache.put(key, [Buffer.from('th'), Buffer.from(''), Buffer.from('ree')])
    expect(await text()).toBe('three')
    expect(notes).toEqual([])
  })

  it('that are damaged or lie under another key are missing, and are healed by the next put', async () => {
    await cache.put(key, 'one')
    const path = cache.path(key)
    const sound = await readFile(path)
    for (const bytes of [
      '',
      'one',
      sound.subarray(1),
      Buffer.alloc(sound.length),
      Buffer.concat([sound, sound]),
    ]) {
      await writeFile(path, bytes)
      expect(await cache.get(key)).toBeUndefined()
      await cache.put(key, 'one')
      expect(await text()).toBe('one')
    }
    expect(notes).toEqual(Array(5).fill(`the cached file ${path} is damaged and not used`))
    const elsewhere = cache.path(sha256('other'))
    await mkdir(dirname(elsewhere), { recursive: true })
    await rename(path, elsewhere)
    expect(await cache.get(sha256('other'))).toBeUndefined()
    expect(await cache.get(key)).toBeUndefined()
  })

  it('may be a folder, or lie where there is a file: told, and missing', async () => {
    await mkdir(cache.path(key), { recursive: true })
    expect(await cache.get(key)).toBeUndefined()
    await cache.put(key, 'one')
    await rm(join(folder, 'kind-1'), { recursive: true })
    await writeFile(join(folder, 'kind-1'), 'a file where the folder belongs')
    expect(await cache.get(key)).toBeUndefined()
    await cache.put(key, 'one')
    expect(notes.map((note) => note.replace(/:.*/s, ''))).toEqual([
      'not taken from the cache',
      'not kept for the next time',
      'not taken from the cache',
      'not kept for the next time',
    ])
  })

  it('cost only time where nothing can be written', async () => {
    cache = new ValueCache('/proc/temper-cache', { note: (note) => notes.push(note) })
    await cache.put(key, 'one')
    expect(await cache.get(key)).toBeUndefined()
    expect(notes).toEqual([
      expect.stringMatching(/^not kept for the next time: Cannot write \/proc\/temper-cache/),
    ])
  })

  it('are files that others may read', async () => {
    await cache.put(key, 'one')
    await chmod(cache.path(key), 0o644)
    expect((await stat(cache.path(key))).mode & 0o777).toBe(0o644)
  })

  it('leave errors of the program alone', async () => {
    const broken = { toString: () => 'x' } as unknown as string
    await expect(cache.put(key, broken)).rejects.toBeInstanceOf(TypeError)
  })
})
