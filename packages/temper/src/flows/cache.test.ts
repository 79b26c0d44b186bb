import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cacheInfo, pruneCache } from './cache.ts'

const now = new Date('2026-06-01T12:00:00Z')
const hour = 3600
let cacheDir = ''

beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'temper-cache-'))
})
afterEach(() => rm(cacheDir, { recursive: true }))

async function put(path: string, options: { size: number; age: number }): Promise<void> {
  const file = join(cacheDir, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, 'x'.repeat(options.size))
  const time = now.getTime() / 1000 - options.age
  await utimes(file, time, time)
}

function context() {
  return { cacheDir, now: () => now, signal: new AbortController().signal }
}

async function remaining(): Promise<string[]> {
  const entries = await readdir(cacheDir, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort()
}

describe('cache', () => {
  it('is empty when there is none', async () => {
    expect(await cacheInfo({ cacheDir: join(cacheDir, 'none') })).toMatchObject({
      size: 0,
      files: 0,
      kinds: [],
    })
  })

  it('is counted by kind', async () => {
    await put('packages/aa/1', { size: 10, age: 0 })
    await put('packages/bb/2', { size: 20, age: 0 })
    await put('segments/3', { size: 5, age: 0 })
    await put('compressors.json', { size: 1, age: 0 })
    expect(await cacheInfo({ cacheDir })).toEqual({
      path: cacheDir,
      size: 36,
      files: 4,
      kinds: [
        { kind: 'other', files: 1, size: 1 },
        { kind: 'packages', files: 2, size: 30 },
        { kind: 'segments', files: 1, size: 5 },
      ],
    })
  })

  it('loses what an interrupted write left, unless it may still go on', async () => {
    await put('segments-4/.tmp-1-aa', { size: 10, age: 2 * hour })
    await put('segments-4/.tmp-2-bb', { size: 10, age: 0 })
    expect(await pruneCache({}, context())).toMatchObject({ removedFiles: 1 })
    expect(await remaining()).toEqual(['.tmp-2-bb'])
  })

  it('loses folders that an interrupted write left with all that is in them, also beside the kinds', async () => {
    await put('.tmp-1-aa', { size: 10, age: 72 * hour })
    await put('.tmp-2-bb/deep/page', { size: 10, age: 72 * hour })
    await put('.tmp-3-cc/page', { size: 10, age: 0 })
    await put('segments-4/.tmp-4-dd/page', { size: 10, age: 72 * hour })
    await put('segments-4/page', { size: 10, age: 72 * hour })
    await put('feeds/.tmp-sort-ee/rows', { size: 10, age: 9 * 24 * hour })
    await put('versions/1.2.3.tmp-Ab12Cd/package/index.js', { size: 10, age: 9 * 24 * hour })
    await put('versions/1.2.4.tmp-Ab12Cd/package/index.js', { size: 10, age: 72 * hour })
    await put('versions/1.2.2/package/index.js', { size: 10, age: 90 * 24 * hour })
    for (const name of ['.tmp-5-empty', '.tmp-6-empty', 'feeds/.tmp-sort-empty', 'feeds/.tmp-sort-begun'])
      await mkdir(join(cacheDir, name), { recursive: true })
    const aged = [
      ['.tmp-2-bb/deep', 72],
      ['.tmp-2-bb', 72],
      ['.tmp-5-empty', 72],
      ['segments-4/.tmp-4-dd', 72],
      ['feeds/.tmp-sort-ee', 9 * 24],
      ['feeds/.tmp-sort-empty', 9 * 24],
      ['feeds/.tmp-sort-begun', 72],
      ['versions/1.2.3.tmp-Ab12Cd/package', 9 * 24],
      ['versions/1.2.3.tmp-Ab12Cd', 9 * 24],
      ['versions/1.2.4.tmp-Ab12Cd', 72],
      ['.tmp-3-cc', 0],
      ['.tmp-6-empty', 0],
    ] as const
    for (const [name, age] of aged) {
      const time = now.getTime() / 1000 - age * hour
      await utimes(join(cacheDir, name), time, time)
    }
    expect(await pruneCache({}, context())).toMatchObject({ removedFiles: 5 })
    expect((await readdir(cacheDir, { recursive: true })).sort()).toEqual([
      '.tmp-3-cc',
      '.tmp-3-cc/page',
      '.tmp-6-empty',
      'feeds',
      'feeds/.tmp-sort-begun',
      'segments-4',
      'segments-4/page',
      'versions',
      'versions/1.2.2',
      'versions/1.2.2/package',
      'versions/1.2.2/package/index.js',
      'versions/1.2.4.tmp-Ab12Cd',
      'versions/1.2.4.tmp-Ab12Cd/package',
      'versions/1.2.4.tmp-Ab12Cd/package/index.js',
    ])
  })

  it('loses half of a feed only when nobody can still want to go on with it', async () => {
    await put('feeds/downloads/.tmp-1-aa', { size: 10, age: 8 * 24 * hour })
    await put('feeds/downloads/.tmp-1-bb', { size: 10, age: 6 * 24 * hour })
    await put('feeds/sources/whole.part', { size: 10, age: 900 * hour })
    expect(await pruneCache({}, context())).toMatchObject({ removedFiles: 1 })
    expect(await remaining()).toEqual(['.tmp-1-bb', 'whole.part'])
  })

  it('leaves alone what Temper did not put there', async () => {
    await put('letters/dear', { size: 10, age: 100 * hour })
    await put('photo.jpg', { size: 10, age: 100 * hour })
    await put('packages/aa/old', { size: 10, age: 100 * hour })
    expect(await pruneCache({ all: true }, context())).toMatchObject({ removedFiles: 1, keptFiles: 0 })
    expect(await remaining()).toEqual(['dear', 'photo.jpg'])
  })

  it('loses what is too old, and empty folders with it', async () => {
    await put('packages/aa/old', { size: 10, age: 100 * hour })
    await put('packages/bb/new', { size: 20, age: 10 * hour })
    expect(await pruneCache({ olderThan: 50 * hour }, context())).toEqual({
      removedFiles: 1,
      removedSize: 10,
      keptFiles: 1,
      keptSize: 20,
    })
    expect(await readdir(join(cacheDir, 'packages'))).toEqual(['bb'])
  })

  it('loses the least recently used above a size, never what may be in use', async () => {
    await put('packages/a', { size: 10, age: 30 * hour })
    await put('packages/b', { size: 10, age: 20 * hour })
    await put('packages/c', { size: 10, age: 10 * hour })
    await put('packages/d', { size: 10, age: 0.5 * hour })
    await pruneCache({ maxSize: 25 }, context())
    expect(await remaining()).toEqual(['c', 'd'])
    await pruneCache({ maxSize: 0 }, context())
    expect(await remaining()).toEqual(['d'])
  })

  it('keeps the memory of suites and of the trusted root even when everything goes', async () => {
    await put('seen/suite', { size: 10, age: 900 * hour })
    await put('sigstore/root.json', { size: 10, age: 900 * hour })
    await put('packages/a', { size: 10, age: 0 })
    await pruneCache({ all: true }, context())
    expect(await remaining()).toEqual(['root.json', 'suite'])
    expect((await cacheInfo(context())).kinds.map(({ kind }) => kind)).toEqual(['seen', 'sigstore'])
  })

  it('only tells with dryRun', async () => {
    await put('packages/a', { size: 10, age: 30 * hour })
    expect(await pruneCache({ olderThan: 0, dryRun: true }, context())).toMatchObject({ removedFiles: 1 })
    expect(await remaining()).toEqual(['a'])
  })

  it('survives a file that another process removes meanwhile', async () => {
    for (let i = 0; i < 40; i++) await put(`packages/${i}`, { size: 1, age: 30 * hour })
    const both = [pruneCache({ all: true }, context()), pruneCache({ all: true }, context())]
    await Promise.all(both)
    expect(await remaining()).toEqual([])
  })
})
