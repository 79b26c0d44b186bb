import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { silentProgress } from '../base/progress.ts'
import { sweepDaily } from './sweep.ts'

const day = 86_400_000
const start = Date.UTC(2026, 5, 1)
let cacheDir = ''
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'temper-sweep-'))
  await mkdir(join(cacheDir, 'contents-5/ab'), { recursive: true })
})
afterEach(() => rm(cacheDir, { recursive: true }))

async function put(name: string, time: number): Promise<void> {
  await writeFile(join(cacheDir, name), '')
  await utimes(join(cacheDir, name), time / 1000, time / 1000)
}

async function sweep(time: number): Promise<readonly string[]> {
  const { signal } = new AbortController()
  await sweepDaily({ cacheDir, now: () => new Date(time), signal, progress: silentProgress })
  return (await readdir(join(cacheDir, 'contents-5'), { recursive: true })).sort()
}

it('removes what stopped runs left, once a day, and nothing else', async () => {
  await put('contents-5/ab/.tmp-1-aa', start - 2 * 3_600_000)
  await put('contents-5/ab/.tmp-1-bb', start - 1000)
  await put('contents-5/ab/value', start - 900 * day)
  expect(await sweep(start)).toEqual(['ab', 'ab/.tmp-1-bb', 'ab/value'])
  await put('.swept', start)
  expect(await sweep(start + day - 1)).toEqual(['ab', 'ab/.tmp-1-bb', 'ab/value'])
  expect(await sweep(start + day)).toEqual(['ab', 'ab/value'])
})

it('is not held up by a marker of a clock that went wrong', async () => {
  await put('contents-5/ab/.tmp-1-aa', start - 2 * 3_600_000)
  await put('.swept', start + 900 * day)
  expect(await sweep(start)).toEqual([])
})

it('makes no cache where there is none', async () => {
  const missing = join(cacheDir, 'none')
  const { signal } = new AbortController()
  await sweepDaily({ cacheDir: missing, now: () => new Date(start), signal, progress: silentProgress })
  expect(await readdir(cacheDir)).toEqual(['contents-5'])
})
