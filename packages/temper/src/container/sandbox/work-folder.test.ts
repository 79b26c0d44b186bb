import { mkdir, mkdtemp, readFile, readlink, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { SandboxFile, SandboxJob } from '../../model/recipe-parts/sandbox.ts'
import { layInputs } from './work-folder.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-work-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const job = (inputs: readonly SandboxFile[]): SandboxJob => ({
  args: [],
  environment: [],
  folder: '/work',
  inputs,
  mtime: 1_700_000_000,
  outputs: [],
  timeout: 1,
})
const none = new Uint8Array()

it('inputs lie there as they are named, all of one time, without setuid', async () => {
  const work = join(folder, 'a')
  await mkdir(work)
  await layInputs(
    work,
    job([
      { path: 'src/deep/x', type: 'file', mode: 0o4777, content: Buffer.from('x') },
      { path: 'src/link', type: 'symlink', mode: 0o777, content: none, target: 'deep/x' },
      { path: 'empty', type: 'directory', mode: 0o755, content: none },
    ]),
  )
  expect(await readFile(join(work, 'src/link'), 'utf8')).toBe('x')
  expect(await readlink(join(work, 'src/link'))).toBe('deep/x')
  for (const path of ['', 'src', 'src/deep', 'src/deep/x', 'empty'])
    expect((await stat(join(work, path))).mtimeMs, path).toBe(1_700_000_000_000)
  expect((await stat(join(work, 'src/deep/x'))).mode & 0o7777).toBe(0o755)
})

it('a link among them leads nothing out of the folder', async () => {
  const [work, outside] = [join(folder, 'b'), join(folder, 'outside')]
  await mkdir(work)
  await mkdir(outside)
  await symlink(outside, join(folder, 'unused'))
  const inputs = [
    { path: 'a', type: 'symlink', mode: 0o777, content: none, target: outside },
    { path: 'a/x', type: 'file', mode: 0o644, content: Buffer.from('x') },
  ] as const
  await layInputs(work, job(inputs))
  await expect(stat(join(outside, 'x'))).rejects.toMatchObject({ code: 'ENOENT' })
  expect((await stat(join(work, 'a'))).isDirectory()).toBe(true)
})
