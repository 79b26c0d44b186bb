import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claimPartial, discardPartial, type PartialFile, releasePartial, writeNote } from './partial-file.ts'

const url = 'https://feeds.example/all.zip'
/** Long after the files that tests leave were written; at the time 0 none of them is old. */
const now = 1_900_000_000_000
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-partial-'))
})
afterEach(() => rm(folder, { recursive: true }))

const place = (more: { readonly url?: string; readonly now?: number } = {}) => ({
  url,
  folder,
  now: 0,
  ...more,
})

/** A file of which `text` was fetched, as a run has it while it goes on. */
async function begun(text: string, { etag = '"one"', name = '.tmp-file-1' } = {}): Promise<PartialFile> {
  const path = join(folder, name)
  await writeFile(path, text)
  return {
    path,
    size: text.length,
    hash: createHash('sha256').update(text),
    ...(etag === '' ? {} : { etag }),
  }
}

const left = async (text: string, options = {}) => releasePartial(place(), await begun(text, options))
const names = async () => (await readdir(folder)).sort()

async function claimed(more = {}): Promise<{ readonly text: string; readonly etag?: string } | undefined> {
  const partial = await claimPartial(place(more))
  if (partial === undefined) return undefined
  const text = await readFile(partial.path, 'utf8')
  expect(partial.size).toBe(text.length)
  expect(partial.hash.copy().digest('hex')).toBe(createHash('sha256').update(text).digest('hex'))
  return { text, ...(partial.etag === undefined ? {} : { etag: partial.etag }) }
}

describe('what a run left of a file', () => {
  it('is taken over once, with what the server called it', async () => {
    await left('first part')
    expect(await claimed()).toEqual({ text: 'first part', etag: '"one"' })
    expect(await claimed()).toBeUndefined()
  })

  it('is not left when nothing came, or nobody can say that it is the same', async () => {
    await left('')
    await left('something', { etag: '' })
    await releasePartial(place(), undefined)
    expect(await names()).toEqual([])
  })

  it('is that of the last run', async () => {
    await left('older')
    await left('newer and longer', { etag: '"two"', name: '.tmp-file-2' })
    expect(await claimed()).toEqual({ text: 'newer and longer', etag: '"two"' })
    expect(await claimed()).toBeUndefined()
  })

  it('is of its address alone', async () => {
    await left('part')
    expect(await claimed({ url: 'https://feeds.example/other.zip' })).toBeUndefined()
    expect(await claimed()).toMatchObject({ text: 'part' })
  })

  it('can be taken by one of several at the same time', async () => {
    await left('part')
    const all = await Promise.all(Array.from({ length: 5 }, () => claimPartial(place())))
    expect(all.filter((each) => each !== undefined)).toHaveLength(1)
  })

  it('goes as far as its note says: what is behind may be anything', async () => {
    const partial = await begun('noted')
    await writeNote(place(), partial)
    await writeFile(partial.path, 'noted, and what a power cut left')
    await utimes(partial.path, 0, 0)
    expect(await claimed({ now })).toEqual({ text: 'noted', etag: '"one"' })
  })

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['is damaged', (path) => writeFile(path, 'fIrst part')],
    ['is shorter than it says', (path) => writeFile(path, 'first')],
    ['has a damaged note', (path) => writeFile(`${path}.json`, '{"url":"https://feeds.example/all.zip"}')],
    ['has an empty note', (path) => writeFile(`${path}.json`, '')],
    ['has no note', (path) => rm(`${path}.json`)],
    ['is gone', (path) => rm(path)],
  ])('is fetched anew when it %s', async (_title, change) => {
    await left('first part')
    const [path] = (await names()).filter((name) => name.endsWith('.part'))
    await change(join(folder, path ?? ''))
    expect(await claimed()).toBeUndefined()
    expect((await names()).filter((name) => name.startsWith('.tmp-'))).toEqual([])
  })

  it('is refused wherever a byte of it or of its note was changed, or says the same', async () => {
    await left('first part')
    const all = await names()
    const whole = new Map(
      await Promise.all(all.map(async (name) => [name, await readFile(join(folder, name))] as const)),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...all),
        fc.nat(400),
        fc.integer({ min: 1, max: 255 }),
        async (name, at, change) => {
          for (const each of await names()) await rm(join(folder, each))
          for (const [each, bytes] of whole) {
            const copy = Buffer.from(bytes)
            if (each === name) copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ change
            await writeFile(join(folder, each), copy)
          }
          const partial = await claimed()
          if (partial !== undefined) expect(partial).toEqual({ text: 'first part', etag: '"one"' })
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('what a run left that did not end', () => {
  const running = async (text: string, seconds: number, more: { readonly url?: string } = {}) => {
    const partial = await begun(text)
    await writeNote(place(more), partial)
    await utimes(partial.path, (now - seconds * 1000) / 1000, (now - seconds * 1000) / 1000)
    return partial
  }

  it('is taken over when nobody has written to it for two minutes', async () => {
    await running('part', 121)
    expect(await claimed({ now })).toMatchObject({ text: 'part' })
  })

  it('is left to who may still write to it', async () => {
    const { path } = await running('part', 119)
    expect(await claimed({ now })).toBeUndefined()
    expect(await readFile(path, 'utf8')).toBe('part')
  })

  it('is left when it is of another address, or has no note', async () => {
    const { path } = await running('part', 500, { url: 'https://feeds.example/other.zip' })
    expect(await claimed({ now })).toBeUndefined()
    await rm(`${path}.json`)
    expect(await claimed({ now })).toBeUndefined()
    expect(await readFile(path, 'utf8')).toBe('part')
  })

  it('is found beside files that are none', async () => {
    await writeFile(join(folder, 'other'), '')
    await writeFile(join(folder, '.tmp-lone.json'), '')
    await running('part', 500)
    expect(await claimed({ now })).toMatchObject({ text: 'part' })
  })
})

it('what is discarded is gone with its note, also when it is gone already', async () => {
  const partial = await begun('part')
  await writeNote(place(), partial)
  expect(await names()).toHaveLength(2)
  await discardPartial(partial)
  await discardPartial(partial)
  await discardPartial(undefined)
  expect(await names()).toEqual([])
})

it('a note that nobody could go on from is not written', async () => {
  await writeNote(place(), await begun('part', { etag: '' }))
  expect(await names()).toEqual(['.tmp-file-1'])
  const [name = ''] = await names()
  await rename(join(folder, name), join(folder, 'kept'))
})
