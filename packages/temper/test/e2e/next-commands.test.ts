import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { repositoryRoot } from '../support/source-files.ts'
import { sharedCache } from '../support/temper-cli.ts'

const run = promisify(execFile)
let folder = ''

beforeAll(async () => {
  // A blank and a quote, as folders of people may have them.
  folder = join(await mkdtemp(join(tmpdir(), 'temper-next-')), "it's new")
  await run('mkdir', [folder])
})
afterAll(() => rm(join(folder, '..'), { recursive: true }))

it('prints lines that work as they stand', { timeout: 240_000 }, async () => {
  const options = { cwd: folder, env: { ...process.env, TEMPER_CACHE_DIR: sharedCache(), HOME: folder } }
  const { stdout } = await run(join(repositoryRoot, 'temper'), ['build', 'static'], options)
  const [, first = '', rest = ''] = /^ {2}next +(.*)\n((?: {14}.*\n)*)/m.exec(stdout) ?? []
  const lines = [first, ...rest.trimEnd().split('\n')].map((line) => line.trim())
  expect(lines).toHaveLength(3)
  for (const line of lines) await run('sh', ['-c', line], options)
  expect(await readdir(folder)).toEqual(expect.arrayContaining(['static.cdx.json', 'static.tar']))
})
