import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { collect } from '../../base/bytes.ts'
import { sha256 } from '../../base/digest.ts'
import { packageContent } from '../fixtures/sample.ts'
import { AssemblyCache } from './cache.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-cache-'))
})
afterEach(() => rm(folder, { recursive: true }))

const key = sha256('key')
const record = { digest: sha256('layer'), diffId: sha256('tar'), size: 7 }

async function only(kind: string): Promise<string> {
  const entries = await readdir(join(folder, kind), { recursive: true, withFileTypes: true })
  const [file] = entries.filter((entry) => entry.isFile())
  if (!file) throw new Error('no file')
  return join(file.parentPath, file.name)
}

it('gives back what it was given', async () => {
  const cache = new AssemblyCache(folder)
  const content = packageContent({ name: 'a', files: ['usr/bin/a'] })
  await cache.putContent(content)
  await cache.putLayer(key, record)
  expect(await cache.content(content.digest)).toEqual(content)
  expect(await cache.layer(key)).toEqual(record)
  expect(await cache.content(sha256('other'))).toBeUndefined()
})

it.each(['', 'null', '7', '{}', '{"digest":"x"}', JSON.stringify(record)])(
  'takes a damaged record for none: %j',
  async (text) => {
    const cache = new AssemblyCache(folder)
    await cache.putLayer(key, record)
    await writeFile(await only('layers-3'), text)
    expect(await cache.layer(key)).toBeUndefined()
    const content = packageContent({ name: 'a', files: [] })
    await cache.putContent(content)
    await writeFile(await only('contents-15'), text)
    expect(await cache.content(content.digest)).toBeUndefined()
  },
)

const notMade = () => Promise.reject(new Error('made although it is there'))

/** Writes a segment of three members. */
async function writeSegment(cache: AssemblyCache): Promise<void> {
  const writer = await cache.createSegment()
  for (const member of ['one', 'two', 'three']) await writer.write(Buffer.from(member))
  await writer.commit(key)
}

async function readSegment(cache: AssemblyCache, make: () => Promise<void> = notMade): Promise<string> {
  const bytes = await collect(
    cache.readSegment(key, async () => make),
    { limit: 100, what: 'segment' },
  )
  return Buffer.from(bytes).toString()
}

it('has a segment only when it is committed', async () => {
  const cache = new AssemblyCache(folder)
  const aborted = await cache.createSegment()
  await aborted.write(Buffer.from('half'))
  await aborted.abort()
  expect(await readdir(join(folder, 'segments-4'))).toEqual([])
  expect(await cache.hasSegment(key)).toBe(false)
  await writeSegment(cache)
  expect(await cache.hasSegment(key)).toBe(true)
  expect(await readSegment(cache)).toBe('onetwothree')
})

it('makes a damaged segment again while it is read, and goes on where it was', async () => {
  const cache = new AssemblyCache(folder)
  await writeSegment(cache)
  const path = await only('segments-4')
  const sound = await readFile(path)
  for (let at = 0; at < sound.length; at += 5) {
    const bytes = Buffer.from(sound)
    bytes[at] = (bytes[at] ?? 0) ^ 4
    for (const damaged of [
      bytes,
      sound.subarray(0, at),
      Buffer.concat([sound.subarray(0, at), Buffer.alloc(sound.length - at)]),
    ]) {
      await writeFile(path, damaged)
      expect(await readSegment(cache, () => writeSegment(cache))).toBe('onetwothree')
      expect(await readFile(path)).toEqual(sound)
    }
  }
})

it('is made again once for several readers, none of whom takes it away from another', async () => {
  const cache = new AssemblyCache(folder)
  for (let round = 0; round < 20; round++) {
    await writeSegment(cache)
    const path = await only('segments-4')
    const bytes = await readFile(path)
    await writeFile(path, bytes.fill(0, 1, 4))
    let made = 0
    const make = async () => {
      made++
      await new Promise((resolve) => setImmediate(resolve))
      await writeSegment(cache)
    }
    // The second cache is another part of the same process.
    const readers = [cache, cache, new AssemblyCache(folder), cache].map((each) => readSegment(each, make))
    expect(await Promise.all(readers)).toEqual(Array.from({ length: 4 }, () => 'onetwothree'))
    expect(made).toBe(1)
  }
})

it('names the file when a segment is damaged as soon as it was made', async () => {
  const cache = new AssemblyCache(folder)
  await expect(readSegment(cache, async () => {})).rejects.toMatchObject({
    code: 'file-system',
    message: expect.stringContaining(join(folder, 'segments-4')),
  })
})

it('names the file when nothing can be written', async () => {
  await writeFile(join(folder, 'segments-4'), 'a file where the folder belongs')
  await expect(new AssemblyCache(folder).createSegment()).rejects.toMatchObject({ code: 'file-system' })
})
