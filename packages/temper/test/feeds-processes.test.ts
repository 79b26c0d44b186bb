import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ndjson } from '../src/flows/feeds/fixtures/sample.ts'
import { startTemper, temper, temperJson } from './support/temper-cli.ts'

interface Status {
  readonly feeds: readonly { readonly id: string; readonly count: number }[]
}

let folder = ''
let options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> }

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-feeds-'))
  options = { cwd: folder, env: { HOME: folder, TEMPER_CACHE_DIR: join(folder, 'cache') } }
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function counts(): Promise<Readonly<Record<string, number>>> {
  const { feeds } = await temperJson<Status>(['feeds'], options)
  return Object.fromEntries(feeds.map(({ id, count }) => [id, count]))
}

async function partsBeingMade(): Promise<number> {
  const names = await readdir(join(folder, 'cache/feeds/sources'))
  return names.filter((name) => name.startsWith('.tmp-')).length
}

describe('processes that share a store of feeds', () => {
  it('one that is killed in the middle leaves what was there, and the next one succeeds', async () => {
    await writeFile(join(folder, 'a.ndjson'), ndjson(100))
    expect((await temper(['feeds', 'import', 'a.ndjson'], options)).code).toBe(0)
    await writeFile(join(folder, 'a.ndjson'), ndjson(40_000))
    const { child, done } = startTemper(['feeds', 'import', 'a.ndjson'], options)
    let ended = false
    void done.then(() => {
      ended = true
    })
    while (!ended && (await partsBeingMade()) === 0) await delay(2)
    child.kill('SIGKILL')
    expect((await done).code).toBeNull()
    expect(await counts()).toEqual({ a: 100 })
    expect((await temper(['feeds', 'verify'], options)).code).toBe(0)
    expect((await temper(['feeds', 'import', 'a.ndjson'], options)).code).toBe(0)
    expect(await counts()).toEqual({ a: 40_000 })
  }, 60_000)

  it('several that import at once all have their feeds in the end', async () => {
    const names = ['a', 'b', 'c']
    for (const name of names) await writeFile(join(folder, `${name}.ndjson`), ndjson(2000, name))
    const running = names.map((name) => temper(['feeds', 'import', `${name}.ndjson`], options))
    expect((await Promise.all(running)).map(({ code }) => code)).toEqual([0, 0, 0])
    expect(await counts()).toEqual({ a: 2000, b: 2000, c: 2000 })
    const { verified } = await temperJson<{ verified: { rows: { packages: number } }[] }>(
      ['feeds', 'verify'],
      options,
    )
    expect(verified.map(({ rows }) => rows.packages)).toEqual([6000, 2000, 2000, 2000])
  }, 60_000)
})
