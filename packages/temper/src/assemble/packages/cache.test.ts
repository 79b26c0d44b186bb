import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { collect } from '../../base/bytes.ts'
import { sha256 } from '../../base/digest.ts'
import { packageContent } from '../sample.ts'
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

it.each(['', 'null', '7', '{}', '{"digest":"x"}', JSON.stringify({ ...record, size: '7' })])(
  'takes a damaged record for none: %j',
  async (text) => {
    const cache = new AssemblyCache(folder)
    await cache.putLayer(key, record)
    await writeFile(await only('layers-1'), text)
    expect(await cache.layer(key)).toBeUndefined()
    const content = packageContent({ name: 'a', files: [] })
    await cache.putContent(content)
    await writeFile(await only('contents-4'), text)
    expect(await cache.content(content.digest)).toBeUndefined()
  },
)

it('has a segment only when it is committed, and refuses one that was cut', async () => {
  const cache = new AssemblyCache(folder)
  const aborted = await cache.createSegment()
  await aborted.write(Buffer.from('half'))
  await aborted.abort()
  expect(await readdir(join(folder, 'segments-2'))).toEqual([])

  const writer = await cache.createSegment()
  await writer.write(Buffer.from('one'))
  await writer.write(Buffer.from('two'))
  expect(await cache.hasSegment(key)).toBe(false)
  await writer.commit(key)
  expect(await cache.hasSegment(key)).toBe(true)
  const read = () => collect(cache.readSegment(key), { limit: 100, what: 'segment' })
  expect(Buffer.from(await read()).toString()).toBe('onetwo')
  await writeFile(await only('segments-2'), 'one')
  expect(await cache.hasSegment(key)).toBe(false)
  await expect(read()).rejects.toMatchObject({ code: 'file-system' })
})

it('names the file when nothing can be written', async () => {
  await writeFile(join(folder, 'segments-2'), 'a file where the folder belongs')
  await expect(new AssemblyCache(folder).createSegment()).rejects.toMatchObject({ code: 'file-system' })
})
